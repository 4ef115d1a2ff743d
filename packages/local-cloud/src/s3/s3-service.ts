/** S3, as much of it as a program needs that puts objects and reads them back. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsError, type AwsService, LOCAL_REGION } from '../service';
import { checkChecksums } from './checksums';
import { isUnchanged, rangeOf, requireMatch } from './conditions';
import type { S3Request, S3Response } from './s3-rest';
import { xml } from './xml';

/** The body of an object, on disk: many of some megabytes would fill the memory. */
export interface StoredBody {
  /** In bytes. */
  readonly size: number;
  read(): Buffer;
}

/** An object as a bucket keeps it. */
export interface StoredObject {
  readonly body: StoredBody;
  readonly etag: string;
  readonly lastModified: Date;
  /** What was sent with the object and is given back with it. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Objects by key. */
class Bucket extends Map<string, StoredObject> {
  readonly createdAt = new Date();
}

const KEPT_HEADERS =
  /^(content-type|cache-control|content-disposition|content-encoding|content-language|expires|x-amz-meta-.*|x-amz-checksum-(?!algorithm).*)$/;
const CHECKSUM_HEADERS = /^x-amz-checksum-/;
const MAX_KEYS = 1_000;

/** The buckets of the local cloud. */
export class Buckets {
  readonly #byName = new Map<string, Bucket>();
  #folder: string | undefined;
  #bodies = 0;

  /** Creates a bucket; one that is there keeps its objects. */
  create(name: string): void {
    if (!this.#byName.has(name)) this.#byName.set(name, new Bucket());
  }

  names(): string[] {
    return [...this.#byName.keys()].sort();
  }

  /** Puts a body into the temporary folder, where it stays until {@link Buckets.close}. */
  keep(body: Buffer): StoredBody {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'local-cloud-s3-'));
    const file = join(this.#folder, String(this.#bodies++));
    writeFileSync(file, body);
    return { size: body.length, read: () => readFileSync(file) };
  }

  /** Removes all bodies. */
  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  /** @throws AwsError `NoSuchBucket` */
  get(name: string): Bucket {
    const bucket = this.#byName.get(name);
    if (bucket) return bucket;
    throw new AwsError('NoSuchBucket', `The bucket ${name} does not exist. Create it first, or check its name.`, 404);
  }
}

/** The operations take an {@link S3Request} and answer an {@link S3Response}. */
export function createS3Service(buckets: Buckets): AwsService {
  return {
    targetPrefix: 'AmazonS3',
    operations: {
      ListBuckets: () => listBuckets(buckets),
      CreateBucket: ({ bucket }: S3Request) => {
        checkBucketName(bucket);
        buckets.create(bucket);
        return { headers: { location: `/${bucket}` } };
      },
      HeadBucket: ({ bucket }: S3Request) => {
        buckets.get(bucket);
        return { headers: { 'x-amz-bucket-region': LOCAL_REGION } };
      },
      ListObjectsV2: (request: S3Request) => listObjects(buckets.get(request.bucket), request),
      PutObject: (request: S3Request) => putObject(buckets, request),
      GetObject: (request: S3Request) => readObject(buckets, request, true),
      HeadObject: (request: S3Request) => readObject(buckets, request, false),
      DeleteObject: ({ bucket: name, key, headers }: S3Request) => {
        const bucket = buckets.get(name);
        if (headers['if-match'] !== undefined) requireMatch(headers, find(bucket, key));
        bucket.delete(key);
        return { status: 204 };
      },
    },
  };
}

const MAX_KEY_BYTES = 1_024;

/** @throws AwsError `InvalidBucketName` */
function checkBucketName(name: string): void {
  const isName = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !/\.\.|^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (isName) return;
  throw new AwsError(
    'InvalidBucketName',
    `The bucket name ${name} is not valid: 3 to 63 lower-case letters, digits, dots and hyphens, and no address.`,
  );
}

function putObject(buckets: Buckets, { bucket: name, key, headers, body }: S3Request): S3Response {
  const bucket = buckets.get(name);
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) {
    throw new AwsError('KeyTooLongError', `Your key is too long: it may have ${MAX_KEY_BYTES} bytes.`);
  }
  checkChecksums(headers, body);
  const absent = headers['if-none-match'];
  if (absent !== undefined && absent !== '*') {
    throw new AwsError('NotImplemented', 'PutObject takes If-None-Match only with *.', 501);
  }
  if (absent !== undefined && bucket.has(key)) {
    throw new AwsError('PreconditionFailed', `There is an object ${key} already.`, 412);
  }
  if (headers['if-match'] !== undefined) requireMatch(headers, find(bucket, key));
  const kept = Object.entries(headers).filter(([name]) => KEPT_HEADERS.test(name));
  const object: StoredObject = {
    body: buckets.keep(body),
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    lastModified: new Date(),
    headers: withoutChunkedEncoding(Object.fromEntries(kept)),
  };
  bucket.set(key, object);
  const checksums = Object.entries(object.headers).filter(([name]) => CHECKSUM_HEADERS.test(name));
  return { headers: { ...Object.fromEntries(checksums), etag: object.etag } };
}

function readObject(buckets: Buckets, { bucket, key, headers }: S3Request, hasBody: boolean): S3Response {
  const object = find(buckets.get(bucket), key);
  const all = headersOf(object);
  if (isUnchanged(headers, object)) {
    return { status: 304, headers: { etag: object.etag, 'last-modified': all['last-modified']! } };
  }
  const { size } = object.body;
  const range = rangeOf(headers, size);
  if (!range) {
    return hasBody ? { headers: all, body: object.body.read() } : { headers: { ...all, 'content-length': `${size}` } };
  }
  const { first, last } = range;
  // A checksum is that of the whole object: a client would hold it against the part.
  const ofWhole = Object.entries(all).filter(([name]) => !CHECKSUM_HEADERS.test(name));
  return {
    status: 206,
    headers: {
      ...Object.fromEntries(ofWhole),
      'content-range': `bytes ${first}-${last}/${size}`,
      'content-length': `${last - first + 1}`,
    },
    ...(hasBody && { body: object.body.read().subarray(first, last + 1) }),
  };
}

/** `aws-chunked` belongs to the way here, not to the object. */
function withoutChunkedEncoding(headers: Record<string, string>): Record<string, string> {
  const { 'content-encoding': encoding = '', ...others } = headers;
  const own = encoding
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '' && part !== 'aws-chunked');
  return own.length === 0 ? others : { ...others, 'content-encoding': own.join(',') };
}

function find(bucket: Bucket, key: string): StoredObject {
  const object = bucket.get(key);
  if (object) return object;
  throw new AwsError('NoSuchKey', `There is no object ${key} in the bucket.`, 404);
}

function headersOf({ headers, etag, lastModified }: StoredObject): Record<string, string> {
  return {
    'content-type': 'binary/octet-stream',
    ...headers,
    etag,
    'accept-ranges': 'bytes',
    'last-modified': lastModified.toUTCString(),
  };
}

function listBuckets(buckets: Buckets): S3Response {
  const list = buckets.names().map((Name) => ({ Name, CreationDate: buckets.get(Name).createdAt.toISOString() }));
  return xmlResponse('ListAllMyBucketsResult', { Buckets: { Bucket: list } });
}

function listObjects(bucket: Bucket, { bucket: name, query }: S3Request): S3Response {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const maxKeys = Math.min(Number(query.get('max-keys') ?? MAX_KEYS), MAX_KEYS);
  if (!(maxKeys >= 0)) throw new AwsError('InvalidArgument', 'Provided max-keys is not an integer of 0 or more.');
  const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
  const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : (text: string) => text;

  const keys = [...bucket.keys()].filter((key) => key.startsWith(prefix)).sort();
  // With a delimiter, the keys that share the part up to it stand as one common prefix.
  const groups = new Set(keys.map((key) => commonPrefix(key, prefix, delimiter) ?? key));
  const entries = [...groups].filter((entry) => entry > after);
  const page = entries.slice(0, maxKeys);
  const isTruncated = page.length < entries.length;
  const isObject = (entry: string) => commonPrefix(entry, prefix, delimiter) === undefined;

  return xmlResponse('ListBucketResult', {
    Name: name,
    Prefix: encode(prefix),
    Delimiter: delimiter ? encode(delimiter) : undefined,
    MaxKeys: maxKeys,
    KeyCount: page.length,
    IsTruncated: isTruncated,
    NextContinuationToken: isTruncated ? page.at(-1) : undefined,
    EncodingType: query.get('encoding-type') ?? undefined,
    Contents: page.filter(isObject).map((key) => {
      const { etag, body, lastModified } = bucket.get(key)!;
      return {
        Key: encode(key),
        ETag: etag,
        Size: body.size,
        LastModified: lastModified.toISOString(),
        StorageClass: 'STANDARD',
      };
    }),
    CommonPrefixes: page.filter((entry) => !isObject(entry)).map((entry) => ({ Prefix: encode(entry) })),
  });
}

function commonPrefix(key: string, prefix: string, delimiter: string): string | undefined {
  const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

function xmlResponse(root: string, value: Parameters<typeof xml>[1]): S3Response {
  return { headers: { 'content-type': 'application/xml' }, body: xml(root, value) };
}
