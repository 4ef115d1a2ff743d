/** AWS's JSON protocols 1.0 and 1.1: the operation is in `X-Amz-Target`, input and output are the bodies. */

import type { IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import type { HttpAnswer } from './http-answer';
import type { Protocol } from './protocol';
import { AwsError, type AwsService } from './service';
import { SQS_QUERY_CODES } from './sqs/query-codes';

/** @param services found by their target prefix */
export function awsJson(services: readonly AwsService[]): Protocol {
  return {
    read(request, body) {
      const [prefix = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
      const service = services.find(({ targetPrefix }) => targetPrefix === prefix);
      if (!service) {
        const known = services.map(({ targetPrefix }) => targetPrefix).join(', ');
        throw new AwsError('UnknownOperationException', `The local cloud has no service ${prefix}. It has: ${known}.`);
      }
      return { service, operation, input: parse(unzipped(request, body)) };
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
function unzipped({ headers }: IncomingMessage, body: Buffer): Buffer {
  return headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function parse(body: Buffer): object {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new AwsError('SerializationException', 'The body of the call is not JSON.');
  }
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
