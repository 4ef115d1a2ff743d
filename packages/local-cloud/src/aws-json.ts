/** AWS's JSON protocols 1.0 and 1.1: the operation is in `X-Amz-Target`, input and output are the bodies. */

import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { nestingDepth } from './eventbridge/json-text';
import type { HttpAnswer } from './http-answer';
import { checkInput } from './member-types';
import type { Protocol } from './protocol';
import { AwsError, type AwsService } from './service';
import { SQS_QUERY_CODES } from './sqs/query-codes';

/** The most that any service takes in a call, that is DynamoDB, and also what a compressed body may become. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;

/** DynamoDB takes 32 levels of attributes, two of JSON each; nothing else nests as deep. */
const MAX_NESTING = 100;

/** @param services found by their target prefix */
export function awsJson(services: readonly AwsService[]): Protocol {
  return {
    async read(request, body) {
      const [prefix = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
      const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
      if (!service) {
        const known = services.map(({ targetPrefix }) => targetPrefix).join(', ');
        throw new AwsError('UnknownOperationException', `The local cloud has no service ${prefix}. It has: ${known}.`);
      }
      const input = parse(await unzipped(request, body));
      return { service, operation, input: await checkInput(service, operation, input) };
    },

    answer: (output, request) => json(request, 200, output),

    fail(error, request) {
      const answer = json(request, error.status, { ...error.details, __type: error.code, message: error.message });
      return request.headers['x-amzn-query-mode']
        ? { ...answer, headers: { ...answer.headers, ...queryError(error) } }
        : answer;
    },
  };
}

/** Clients of CloudWatch compress what is long. */
async function unzipped({ headers }: IncomingMessage, body: Buffer): Promise<Buffer> {
  const isZipped = headers['content-encoding']?.toLowerCase() === 'gzip';
  const plain = isZipped ? await promisify(gunzip)(body, { maxOutputLength: MAX_BODY_BYTES }).catch(unzipFault) : body;
  if (plain.length > MAX_BODY_BYTES) throw tooLarge();
  return plain;
}

function unzipFault({ code }: NodeJS.ErrnoException): never {
  throw code === 'ERR_BUFFER_TOO_LARGE'
    ? tooLarge()
    : new AwsError('SerializationException', 'The body of the call is not gzip, though Content-Encoding says so.');
}

const tooLarge = (): AwsError =>
  new AwsError('RequestEntityTooLarge', `The body of a call may have ${MAX_BODY_BYTES} bytes, uncompressed.`, 413);

function parse(body: Buffer): object {
  if (body.length === 0) return {};
  const text = body.toString();
  if (nestingDepth(text) > MAX_NESTING) {
    throw new AwsError('SerializationException', `The body of the call nests deeper than ${MAX_NESTING} levels.`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new AwsError('SerializationException', 'The body of the call is not JSON.');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new AwsError('SerializationException', 'The body of the call must be a JSON object.');
}

function json(request: IncomingMessage, status: number, value: object): HttpAnswer {
  return {
    status,
    headers: { 'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.0' },
    body: JSON.stringify(value),
  };
}

/** Clients that once spoke the query protocol still want its error codes; they say so with `x-amzn-query-mode`. */
function queryError({ code, status }: AwsError): Record<string, string> {
  return { 'x-amzn-query-error': `${SQS_QUERY_CODES[code] ?? code};${status < 500 ? 'Sender' : 'Receiver'}` };
}
