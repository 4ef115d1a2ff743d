/** Posts to the handler. */
import * as http from 'node:http';
import * as https from 'node:https';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { version } from '../../../package.json';
import { hostOf } from './address';
import type { Content } from './formats';

/** What the handler answered. */
export interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** Its beginning, at most {@link MAX_BODY_BYTES}. */
  readonly body: string;
}

/** Posts a request. Rejects if no answer came, or not in time. */
export type Post = (content: Content, signal: AbortSignal) => Promise<Answer>;

/** Of a longer answer only the beginning is kept. */
const MAX_BODY_BYTES = 2 ** 20;

/**
 * The function that posts to an address.
 *
 * It uses Node.js's own client without the global agent: that one, and `fetch`, may go through a proxy that the environment
 * names, and then events would leave this machine. Each request has its own connection: one that stays open may be closed by
 * an idle handler just when the next event comes. Redirects are not followed.
 */
export function postTo(url: URL): Post {
  const { request } = url.protocol === 'https:' ? https : http;
  return async ({ headers, body }, signal) => {
    const bytes = Buffer.from(body);
    const own = { 'content-length': bytes.length, 'user-agent': `meetbus/${version}` };
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    request(url, { method: 'POST', headers: { ...headers, ...own }, agent: false, signal })
      .on('response', resolve)
      .on('error', reject)
      // An answer such as 101 closes the connection without an error.
      .on('close', () => reject(new Error('the connection was closed')))
      .end(bytes);
    const response = await promise;
    return { status: response.statusCode ?? 0, headers: response.headers, body: await beginningOf(response) };
  };
}

/** Reads a body to its end, and keeps its beginning. */
async function beginningOf(response: http.IncomingMessage): Promise<string> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    if (bytes < MAX_BODY_BYTES) kept.push(chunk);
    bytes += chunk.length;
  }
  return Buffer.concat(kept).subarray(0, MAX_BODY_BYTES).toString();
}

/** System calls before anything is sent. */
const BEFORE_SENDING = ['connect', 'getaddrinfo'];

/** Whether an error of {@link Post} means that no connection came about, so the handler has seen nothing. */
export function isUnreachable(error: unknown): boolean {
  // A name may have several addresses, and each of them failed.
  const [first = error] = (error as Partial<AggregateError>).errors ?? [];
  return BEFORE_SENDING.includes((first as NodeJS.ErrnoException).syscall ?? '');
}

const LOOK_EVERY_MS = 500;

/**
 * Waits until something listens at an address, or for the signal.
 *
 * @param onDown called once if nothing does at first
 */
export async function waitForListener(url: URL, signal: AbortSignal, onDown: () => void): Promise<void> {
  let isTold = false;
  while (!signal.aborted && !(await accepts(url, signal))) {
    if (!isTold) onDown();
    isTold = true;
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
  }
}

/** Whether a connection to an address comes about. Nothing is sent. */
async function accepts(url: URL, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const socket = connect({ host: hostOf(url), port, signal });
  socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
  try {
    return await promise;
  } finally {
    socket.destroy();
  }
}
