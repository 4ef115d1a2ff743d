/** The HTTP server of the console, on 127.0.0.1: the files of its page, and the routes of its API. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as z from 'zod';
import type { Deployment, DeploymentFlags } from '../deployment';
import { messageOf } from '../errors';
import { maskedText } from '../masked';
import { UsageError } from '../usage';
import { type Assets, readAssets } from './assets';
import { newKey, refusalOf, SECURITY_HEADERS } from './guard';
import { CONSOLE_PORT } from './port';
import { RequestError, readJson } from './request';
import { type ConsoleContext, findRoute, type Route } from './route';
import { sendEvents } from './server-sent-events';

/** Settings of {@link startConsole}. */
export interface ConsoleOptions {
  readonly deployment: Deployment;
  readonly flags: DeploymentFlags;
  /** 0 takes any free port. @default {@link CONSOLE_PORT}, or a free one if that is taken */
  readonly port?: number | undefined;
  /** Opens the routes that change something on AWS. The local cloud's are always open. */
  readonly allowChanges?: boolean;
}

/** A running console. */
export interface Console {
  /** The address to open, with its key. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Starts the console.
 *
 * @throws Error that says what to do, if the port is taken
 */
export async function startConsole({
  deployment,
  flags,
  port,
  allowChanges = false,
}: ConsoleOptions): Promise<Console> {
  const [key, ended] = [newKey(), new AbortController()];
  let loading: Promise<Loaded> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  const allowsChanges = allowChanges || deployment.local !== undefined;
  const context = { deployment, flags, allowsChanges, ended: ended.signal };
  const server = createServer((request, response) => void serve({ loaded, key, context }, request, response));
  const taken = await listenOn(server, port);
  return {
    url: `http://127.0.0.1:${taken}/${key}/`,
    close: async () => {
      ended.abort();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** What the first request loads: nobody should wait for it when the local cloud starts. */
interface Loaded {
  readonly assets: Assets;
  readonly routes: readonly Route[];
}

async function load(): Promise<Loaded> {
  const [assets, { ROUTES }] = await Promise.all([readAssets(), import('./routes')]);
  return { assets, routes: ROUTES };
}

/** Listens, and gives the port. */
async function listenOn(server: Server, port?: number): Promise<number> {
  const wanted = port ?? CONSOLE_PORT;
  server.listen(wanted, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    if (port === undefined && (error as NodeJS.ErrnoException).code === 'EADDRINUSE') return listenOn(server, 0);
    throw new Error(`The console cannot listen on port ${wanted}. Free the port, or choose another with --port.`, {
      cause: error,
    });
  }
  return (server.address() as AddressInfo).port;
}

interface Parts {
  readonly loaded: () => Promise<Loaded>;
  readonly key: string;
  readonly context: ConsoleContext;
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  response.setHeaders(new Map(Object.entries(SECURITY_HEADERS)));
  try {
    await answer(parts, request, response);
  } catch (error) {
    const { status, message } = failureOf(error, parts.context.flags);
    if (response.headersSent) response.destroy();
    else sendJson(response, status, { error: message });
  }
}

async function answer(
  { loaded, key, context }: Parts,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '', headers, socket } = request;
  const [pathname = '', search] = (request.url ?? '').split('?', 2);
  const refusal = refusalOf({ method, path: pathname, headers }, key, socket.localPort ?? 0);
  if (refusal) throw new RequestError(refusal.status, refusal.message);
  const { assets, routes } = await loaded();
  const path = pathname.slice(key.length + 1);
  const asset = method === 'GET' ? assets.get(path) : undefined;
  if (asset) {
    response.setHeader('content-type', asset.type);
    response.end(asset.content);
    return;
  }
  const found = findRoute(routes, method, path);
  if (!found) throw new RequestError(404, `The console has no ${method} ${path}.`);
  checkAllowed(found.route, context);
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const result = found.route.answer(context, {
    params: found.params,
    query: Object.fromEntries(new URLSearchParams(search)),
    body: method === 'POST' ? await readJson(request) : undefined,
    signal: AbortSignal.any([gone.signal, context.ended]),
  });
  const tell = (error: unknown) => failureOf(error, context.flags).message;
  if (Symbol.asyncIterator in result) await sendEvents(response, result as AsyncIterable<unknown>, tell);
  else sendJson(response, 200, await result);
}

/** @throws RequestError if the route is closed */
function checkAllowed({ needs }: Route, { allowsChanges, deployment }: ConsoleContext): void {
  if (needs === 'local' && !deployment.local)
    throw new RequestError(403, 'Only a console of the local cloud can do that.');
  if (needs === 'changes' && !allowsChanges) {
    throw new RequestError(403, 'This console only reads. Start it with --allow-changes to change something on AWS.');
  }
}

/** The status and the message of an error, without credentials. */
function failureOf(error: unknown, flags: DeploymentFlags): { readonly status: number; readonly message: string } {
  if (error instanceof RequestError) return { status: error.status, message: error.message };
  if (error instanceof z.ZodError) return { status: 400, message: z.prettifyError(error) };
  const status = error instanceof UsageError ? 400 : 502;
  return { status, message: maskedText(messageOf(error, flags)) };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  if (response.destroyed) return;
  response.statusCode = status;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value ?? null));
}
