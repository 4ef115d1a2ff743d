/**
 * Keeps everybody but the person who started the console away from it. A random key is the first part of every path. Requests
 * must also name this machine as their `Host`, and come from the console's own page: another web page can send requests to
 * 127.0.0.1 too, under a name of its own that resolves to it (DNS rebinding).
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** A new key: 128 random bits, safe in a path. */
export const newKey = (): string => randomBytes(16).toString('base64url');

/** Why a request is refused. */
export interface Refusal {
  readonly status: 400 | 403 | 415;
  readonly message: string;
}

/** A request before anything of it is believed. */
export interface UnprovenRequest {
  readonly method: string;
  /** With the key, without the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/**
 * Why a request is refused; undefined if it may be answered.
 *
 * @param port on which the console listens
 */
export function refusalOf({ method, path, headers }: UnprovenRequest, key: string, port: number): Refusal | undefined {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(headers.host ?? '')) return no(403, `Call the console by its own address: http://${hosts[0]}/…`);
  if (!isSame(path.split('/')[1] ?? '', key)) {
    return no(
      403,
      'The key in the address is missing or wrong. Open the address that the console printed when it started.',
    );
  }
  const origin = headers.origin;
  const isOwn = origin === undefined ? method === 'GET' : hosts.some((host) => origin === `http://${host}`);
  if (!isOwn) return no(403, 'Only the page of the console may call it.');
  // Typed or pasted addresses come from nowhere ("none").
  if (!['same-origin', 'none', undefined].includes(headers['sec-fetch-site'] as string | undefined)) {
    return no(403, 'Only the page of the console may call it. Open its address in a new tab.');
  }
  if (method === 'POST' && !/^application\/json\b/.test(headers['content-type'] ?? '')) {
    return no(415, 'The console takes JSON.');
  }
  return undefined;
}

const no = (status: Refusal['status'], message: string): Refusal => ({ status, message });

function isSame(given: string, key: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(key)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Headers of every answer: nothing is loaded from elsewhere, framed, cached, or named in a `Referer`. */
export const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
} as const;
