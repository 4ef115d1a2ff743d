/**
 * The one AWS endpoint of the local cloud. AWS SDKs reach it with `AWS_ENDPOINT_URL`, the AWS CLI best with
 * `--endpoint-url` (its version 1 ignores the variable for SQS). Calls with an `X-Amz-Target` header go to the service
 * of that name, forms to STS and CloudFormation; all others go where they are signed for, and to S3 when they are not signed.
 */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { awsJson } from './aws-json';
import { awsQuery, isQuery } from './aws-query';
import { answerClockRequest, CLOCK_PATH } from './cloudwatch/clock';
import { SCHEDULES_PATH } from './eventbridge/control';
import { FAKES_PATH, type Fakes } from './fakes/control';
import { answerFaultsRequest, FAULTS_PATH } from './faults/control';
import type { Faults, InterceptedCall } from './faults/faults';
import { NoAnswer } from './faults/injections';
import type { HttpAnswer } from './http-answer';
import { isLambdaPath, lambdaRest } from './lambda/lambda-rest';
import { foreignCaller } from './loopback';
import type { Invocation, Protocol } from './protocol';
import { s3Rest } from './s3/s3-rest';
import { AwsError, type AwsService, type CallContext } from './service';
import { signedFor, unknownService } from './unknown-service';

export interface FrontDoorOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /**
   * The services that speak AWS's JSON protocols. Read at every call, so a service that needs the URL of the front
   * door (SQS) can be pushed once it is known.
   */
  readonly services: readonly AwsService[];
  readonly s3?: AwsService;
  /** Asked before each call; throws an {@link AwsError} when the caller may not make it. */
  readonly authorize?: (invocation: Invocation, call: CallContext) => void;
  /** The fakes, once they run; broken at {@link FAKES_PATH}. */
  readonly fakes?: () => Fakes | undefined;
  /** Lets calls of functions go wrong; set at {@link FAULTS_PATH}. */
  readonly faults?: Faults;
  /** Answers requests to {@link SCHEDULES_PATH}. */
  readonly onSchedules?: (method: string) => Promise<HttpAnswer | undefined>;
  /** Sets CloudWatch's clock forward by milliseconds; asked for at {@link CLOCK_PATH}. */
  readonly onClock?: (milliseconds: number) => void;
  /** Called after each call. */
  readonly onCall?: (report: CallReport) => void;
}

/** A call that has ended. */
export interface CallReport {
  readonly invocation: Invocation;
  readonly milliseconds: number;
  /** Why it failed; absent when it did not. */
  readonly error?: unknown;
}

export interface FrontDoor {
  readonly url: string;
  readonly port: number;
  /** Stops listening and ends the calls under way. */
  close(): Promise<void>;
}

/** Room for an S3 object of 10 MB, and more; without a limit a wrong client could fill the memory. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Longer than SDKs keep an idle connection, so that none is closed just as it is used again. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Starts the endpoint on 127.0.0.1.
 *
 * @throws Error when the port is taken
 */
export async function startFrontDoor(options: FrontDoorOptions): Promise<FrontDoor> {
  const server = createServer((request, response) => void serve(options, request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(options.port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(`The AWS endpoint cannot listen on port ${options.port}. Free the port, or choose another.`, {
      cause: error,
    });
  }
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(options: FrontDoorOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = callOf(request, response);
  const protocol = protocolOf(options, request);
  let answer: HttpAnswer;
  try {
    const body = await readBody(request);
    const foreign = foreignCaller(request, { buckets: true });
    if (foreign !== undefined) throw new AwsError('AccessDenied', foreign, 403);
    answer =
      (await control(options, request, body)) ??
      protocol.answer(await dispatch(options, await protocol.read(request, body), call), request);
  } catch (error) {
    const clientLeftMidway = !request.complete;
    if (clientLeftMidway) return;
    if (error instanceof NoAnswer) {
      request.socket.destroy();
      return;
    }
    answer = protocol.fail(asAwsError(error), request);
  }
  response.setHeader('x-amzn-requestid', crypto.randomUUID());
  response.statusCode = answer.status;
  response.setHeaders(new Map(Object.entries(answer.headers)));
  response.end(answer.body);
}

/** The answer to a request that is for the local cloud itself; undefined for all others. */
async function control(
  { faults, fakes, onSchedules, onClock }: FrontDoorOptions,
  { url, method = '' }: IncomingMessage,
  body: Buffer,
): Promise<HttpAnswer | undefined> {
  if (faults && url === FAULTS_PATH) return answerFaultsRequest(faults, method, body);
  if (url === FAKES_PATH) return fakes?.()?.answer(method, body);
  if (onClock && url === CLOCK_PATH) return answerClockRequest(method, body, onClock);
  return url === SCHEDULES_PATH ? onSchedules?.(method) : undefined;
}

function callOf(request: IncomingMessage, response: ServerResponse): InterceptedCall {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return {
    accessKeyId: accessKeyIdOf(request),
    sessionToken: String(request.headers['x-amz-security-token'] ?? ''),
    signal: gone.signal,
    onceAnswered: (run) => response.once('close', run),
  };
}

/** Every call of every service passes here. */
async function dispatch(options: FrontDoorOptions, invocation: Invocation, call: InterceptedCall): Promise<object> {
  const carryOut = (input: unknown) => runOperation(options, { ...invocation, input }, call);
  const started = performance.now();
  const tell = (outcome: { readonly error?: unknown }) =>
    options.onCall?.({ invocation, milliseconds: performance.now() - started, ...outcome });
  try {
    const output = await (options.faults ? options.faults.run(invocation, call, carryOut) : carryOut(invocation.input));
    tell({});
    return output;
  } catch (error) {
    tell({ error });
    throw error;
  }
}

async function runOperation(
  { authorize }: FrontDoorOptions,
  invocation: Invocation,
  call: CallContext,
): Promise<object> {
  const { service, operation, input } = invocation;
  const run = Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
  if (!run) {
    const known = Object.keys(service.operations).sort().join(', ');
    throw new AwsError(
      'UnknownOperationException',
      `The local cloud's ${service.targetPrefix} has no ${operation}. It has: ${known}.`,
    );
  }
  authorize?.(invocation, call);
  return run(input, call);
}

function protocolOf({ services, s3 }: FrontDoorOptions, request: IncomingMessage): Protocol {
  if (request.headers['x-amz-target'] !== undefined) return awsJson(services);
  const all = s3 ? [...services, s3] : services;
  if (isQuery(request)) return awsQuery(all);
  const name = signedFor(request) ?? (isLambdaPath(request) ? 'lambda' : 's3');
  if (name === 'lambda') return lambdaRest(services);
  return name === 's3' ? s3Rest(s3) : unknownService(all, name);
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Reads on past the limit, without keeping it: a client sees the answer only once it has sent everything.
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_BODY_BYTES) {
    throw new AwsError('RequestEntityTooLarge', `The local cloud takes at most ${MAX_BODY_BYTES} bytes a call.`, 413);
  }
  return Buffer.concat(chunks);
}

/** The local cloud checks no signature. The key id in it identifies the caller. */
function accessKeyIdOf(request: IncomingMessage): string {
  return /Credential=([^/,\s]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
}

/** Whatever is not an AwsError is a fault of the local cloud: shown whole on stderr, and to the caller as AWS would. */
function asAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  console.error('The local cloud failed on a call:', error);
  return new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
}
