/**
 * S3's REST protocol: the operation follows from method, path and query, and errors are XML. Path style
 * (`/bucket/key`) and virtual-host style (`bucket.localhost`, `bucket.s3.localhost`).
 */

import type { IncomingMessage } from 'node:http';
import type { HttpAnswer } from '../http-answer';
import type { Protocol } from '../protocol';
import { AwsError, type AwsService } from '../service';
import { decodeAwsChunked } from './aws-chunked';
import { xml } from './xml';

/** What every S3 operation takes. */
export interface S3Request {
  /** Empty for ListBuckets. */
  readonly bucket: string;
  /** Empty for the operations on a bucket. */
  readonly key: string;
  readonly query: URLSearchParams;
  /** Names in lower case; trailers of the body among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** What every S3 operation answers. */
export interface S3Response {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Query parameters that do not make another operation of a request, such as `?acl` would. */
const HARMLESS_PARAMETERS =
  /^(x-id|X-Amz-.*|list-type|prefix|delimiter|max-keys|start-after|continuation-token|encoding-type|fetch-owner)$/;

const OPERATIONS: Readonly<Record<string, string>> = {
  'GET service': 'ListBuckets',
  'PUT bucket': 'CreateBucket',
  'HEAD bucket': 'HeadBucket',
  'GET bucket': 'ListObjectsV2',
  'PUT object': 'PutObject',
  'GET object': 'GetObject',
  'HEAD object': 'HeadObject',
  'DELETE object': 'DeleteObject',
};

/** @param s3 undefined when the front door stands without S3 */
export function s3Rest(s3: AwsService | undefined): Protocol {
  return {
    read(request, body) {
      if (!s3)
        throw new AwsError('NotImplemented', 'This call names no service in X-Amz-Target, and there is no S3.', 501);
      const input = readRequest(request, body);
      return { service: s3, operation: operationOf(request, input), input };
    },

    answer: ({ status = 200, headers = {}, body = '' }: S3Response) => ({ status, headers, body }),

    fail: ({ code, message, status }): HttpAnswer => ({
      status,
      headers: { 'content-type': 'application/xml' },
      body: xml('Error', { Code: code, Message: message }),
    }),
  };
}

function readRequest(request: IncomingMessage, body: Buffer): S3Request {
  const { pathname, searchParams } = urlOf(request);
  const hostBucket = /^(.+?)(\.s3)?\.localhost(:\d+)?$/.exec(request.headers.host ?? '')?.[1];
  const path = hostBucket ? `/${hostBucket}${pathname}` : pathname;
  const [, bucket = '', ...key] = path.split('/');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const isChunked = headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  const content = isChunked ? decodeAwsChunked(body) : { body, trailers: {} };
  return {
    bucket,
    key: decoded(key.join('/')),
    query: searchParams,
    headers: { ...headers, ...content.trailers },
    body: content.body,
  };
}

function urlOf({ url }: IncomingMessage): URL {
  try {
    return new URL(`http://localhost${url}`);
  } catch {
    throw invalidUri();
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalidUri();
  }
}

const invalidUri = (): AwsError => new AwsError('InvalidURI', "Couldn't parse the specified URI.");

function operationOf({ method }: IncomingMessage, { bucket, key, query, headers }: S3Request): string {
  const extra = [...query.keys()].find((name) => !HARMLESS_PARAMETERS.test(name));
  const scope = key ? 'object' : bucket ? 'bucket' : 'service';
  const operation = OPERATIONS[`${method} ${scope}`];
  if (operation && extra === undefined && !headers['x-amz-copy-source']) return operation;
  const asked = `${method} on an ${scope}${extra ? ` with ?${extra}` : ''}`;
  throw new AwsError(
    'NotImplemented',
    `The local cloud's S3 has no such operation (${asked}). It has: ${Object.values(OPERATIONS).join(', ')}.`,
    501,
  );
}
