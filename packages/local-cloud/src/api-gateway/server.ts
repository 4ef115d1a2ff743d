import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { HttpAnswer } from '../http-answer';
import type { InvokeResult } from '../lambda/result';
import { newTraceId } from '../lambda/trace';
import { foreignCaller } from '../loopback';
import { type GatewayResponseType, gatewayAnswer } from './gateway-responses';
import { commonLogTime, matchesMediaType, proxyEvent, type RequestIdentity } from './proxy-event';
import { proxyAnswer } from './proxy-response';
import { matchRoute, type RestApi, type Route } from './rest-api';

/** API Gateway's limits of a request: body, and request line with all headers. Both in bytes. */
export const MAX_BODY_BYTES = 10 * 1024 * 1024;
export const MAX_HEADER_BYTES = 10_240;

/** Clients reuse a connection for this long after an answer. */
const KEEP_ALIVE_MS = 60_000;

/** While the server closes, it looks this often for connections with nothing left to do. */
const SWEEP_MS = 20;

/** Requests under way when the server closes have so long to be answered. */
const CLOSE_TIMEOUT_MS = 5_000;

/** A segment of a path so long that it may be a token. */
const MAY_BE_TOKEN = /[^/]{16,}/g;

/** A line of the access log. It never holds the query string, where senders put their tokens. */
export interface AccessLogEntry {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly milliseconds: number;
}

/**
 * A request by the names of API Gateway's `$context` variables, as access logs and metrics have it; without those that
 * have no value. There is no query string in it either. Latencies are in milliseconds.
 */
export type AccessContext = Readonly<Record<string, string | number | undefined>>;

/** Settings of {@link startApiGateway}. */
export interface ApiGatewayOptions {
  /** Port on 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  readonly restApi: RestApi;
  /** Invokes a function by name. A rejection answers as an integration failure. */
  readonly invoke: (
    functionName: string,
    event: unknown,
    options: { readonly traceId: string },
  ) => Promise<InvokeResult>;
  readonly onRequest?: (entry: AccessLogEntry) => void;
  readonly onAccess?: (access: AccessContext) => void;
}

/** A running API. */
export interface ApiGateway {
  /** Where the API answers, with a slash at its end. */
  readonly url: string;
  readonly port: number;
  /** Takes no more requests, and resolves when the ones under way are answered. */
  close(): Promise<void>;
}

/**
 * Serves a REST API with Lambda proxy integrations on 127.0.0.1.
 *
 * The one stage is served at the root, without its name in the path: that is how a URL with a custom domain looks, and
 * how the local API URL among the stack's outputs ends.
 *
 * @throws Error when the port is taken
 */
export async function startApiGateway(options: ApiGatewayOptions): Promise<ApiGateway> {
  // Node counts a request with a head of just this size as too long already.
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES + 1, keepAliveTimeout: KEEP_ALIVE_MS }, (req, res) => {
    const started = performance.now();
    const identity = newIdentity();
    const access = accessOf(options.restApi, req, identity);
    res.on('close', () => {
      const milliseconds = Math.round(performance.now() - started);
      const [method, status] = [req.method ?? '', res.statusCode];
      // The path itself may hold a token.
      const path = String(access.resourcePath ?? pathOf(req).replace(MAY_BE_TOKEN, '…'));
      options.onRequest?.({ method, path, status, milliseconds });
      options.onAccess?.({ ...access, status, responseLatency: milliseconds });
    });
    handleRequest(options, req, res, identity, access).catch(() => res.destroy());
  });
  server.on('clientError', refuseBrokenRequest);
  server.listen(options.port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(`The HTTP API cannot listen on port ${options.port}. Free the port, or choose another.`, {
      cause: error,
    });
  }
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve, reject) => {
        // A connection that becomes idle during the close would be kept alive, and block it.
        const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
        // A connection without a request counts as busy, and would block the close forever.
        const last = setTimeout(() => server.closeAllConnections(), CLOSE_TIMEOUT_MS);
        server.close((error) => {
          clearInterval(sweep);
          clearTimeout(last);
          if (error) reject(error);
          else resolve();
        });
      }),
  };
}

const newIdentity = (): RequestIdentity => ({
  requestId: randomUUID(),
  extendedRequestId: randomBytes(11).toString('base64'),
  traceId: newTraceId(),
  time: new Date(),
});

/** What is known of a request from its start; the rest is filled in on its way. */
type OpenAccess = Record<string, string | number | undefined>;

function accessOf({ id, stage }: RestApi, req: IncomingMessage, identity: RequestIdentity): OpenAccess {
  const { requestId, extendedRequestId, time } = identity;
  return {
    apiId: id,
    stage,
    requestId,
    extendedRequestId,
    requestTime: commonLogTime(time),
    requestTimeEpoch: time.getTime(),
    httpMethod: req.method,
    path: `/${stage}${pathOf(req)}`,
    protocol: `HTTP/${req.httpVersion}`,
    domainName: req.headers.host,
    'identity.sourceIp': req.socket.remoteAddress,
    'identity.userAgent': req.headers['user-agent'],
  };
}

async function handleRequest(
  options: ApiGatewayOptions,
  req: IncomingMessage,
  res: ServerResponse,
  identity: RequestIdentity,
  access: OpenAccess,
): Promise<void> {
  const body = await readBody(req);
  const foreign = foreignCaller(req);
  const answer =
    foreign !== undefined
      ? forbidden(foreign)
      : body === undefined
        ? TOO_LONG
        : await answerRequest(options, req, body, identity, access);
  res.writeHead(answer.status, {
    ...answer.headers,
    'x-amzn-RequestId': identity.requestId,
    'x-amz-apigw-id': identity.extendedRequestId,
    'X-Amzn-Trace-Id': identity.traceId,
  });
  res.end(answer.body);
}

async function answerRequest(
  { restApi, invoke }: ApiGatewayOptions,
  req: IncomingMessage,
  body: Buffer,
  identity: RequestIdentity,
  access: OpenAccess,
): Promise<HttpAnswer> {
  const answerError = (type: GatewayResponseType) => {
    access['error.responseType'] = type;
    return gatewayAnswer(type, restApi.gatewayResponses, {
      requestId: identity.requestId,
      extendedRequestId: identity.extendedRequestId,
    });
  };
  const matched = matchRoute(restApi.routes, req.method ?? '', pathOf(req));
  if (!matched) return answerError('MISSING_AUTHENTICATION_TOKEN');

  const { route } = matched;
  const event = proxyEvent(restApi, matched, req, body, identity);
  access.resourcePath = route.resourcePath;
  const traceId = event.headers['X-Amzn-Trace-Id'] ?? identity.traceId;
  const started = performance.now();
  const result = await withinTimeout(
    route,
    invoke(route.functionName, event, { traceId }).catch(() => undefined),
  );
  access.integrationLatency = Math.round(performance.now() - started);
  if (result === 'timeout') return answerError('INTEGRATION_TIMEOUT');
  if (result === undefined) return answerError('INTEGRATION_FAILURE');
  // The status of Lambda itself: it answers 200 also where the function fails.
  access.integrationStatus = result.ok ? 200 : (INVOKE_STATUS[result.kind] ?? 200);
  if (!result.ok) return answerError(ERROR_OF_FAILURE[result.kind]);
  const decodesBase64 = matchesMediaType(restApi.binaryMediaTypes, req.headers.accept ?? '*/*');
  return proxyAnswer(result.payload, decodesBase64) ?? answerError('DEFAULT_5XX');
}

/** For whom the API is not meant, however it is declared. */
const forbidden = (message: string): HttpAnswer => ({
  status: 403,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** What the client sees of a failed invocation. Only a refused one is a failure of the integration. */
const ERROR_OF_FAILURE: Readonly<Record<Extract<InvokeResult, { ok: false }>['kind'], GatewayResponseType>> = {
  handled: 'DEFAULT_5XX',
  timeout: 'DEFAULT_5XX',
  crash: 'DEFAULT_5XX',
  init: 'DEFAULT_5XX',
  throttled: 'INTEGRATION_FAILURE',
  too_large: 'REQUEST_TOO_LARGE',
};

/** What Lambda answers where it does not even run the function. */
const INVOKE_STATUS: Readonly<Partial<Record<keyof typeof ERROR_OF_FAILURE, number>>> = {
  throttled: 429,
  too_large: 413,
};

/** The function runs on after a timeout of the integration, as on AWS. */
async function withinTimeout<T>({ timeoutMs }: Route, work: Promise<T>): Promise<T | 'timeout'> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, 'timeout');
  });
  return Promise.race([work, timeout]).finally(() => clearTimeout(timer));
}

/**
 * AWS answers a body over its limit before the API's own settings come in: in plain text, whatever the template says of
 * `REQUEST_TOO_LARGE`. That type is for bodies within 10 MB whose event is over Lambda's 6 MB.
 */
const TOO_LONG: HttpAnswer = {
  status: 413,
  headers: { 'Content-Type': 'text/plain; charset=utf-8' },
  body: `HTTP content length exceeded ${MAX_BODY_BYTES} bytes.`,
};

/**
 * Reads a body up to the limit.
 *
 * @returns undefined as soon as the body is known to be longer; the rest is let through unread, so that a client that
 * is still sending gets its answer
 */
async function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  if (Number(req.headers['content-length'] ?? 0) > MAX_BODY_BYTES) return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) {
        chunks.push(chunk);
        return;
      }
      chunks.length = 0;
      resolve(undefined);
    });
    req.on('end', () => resolve(Buffer.concat(chunks)));
    req.on('error', reject);
  });
}

/** Answers a request that is not even HTTP, or whose head is too long. The connection ends with it. */
function refuseBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable) return;
  const [status, body] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', `HTTP header is larger than ${MAX_HEADER_BYTES} bytes.`]
      : ['400 Bad Request', 'Bad Request'];
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function pathOf(req: IncomingMessage): string {
  return (req.url ?? '/').split('?', 1)[0] ?? '/';
}
