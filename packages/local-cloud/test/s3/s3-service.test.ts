import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import * as s3 from '@aws-sdk/client-s3';
import { type FrontDoor, startFrontDoor } from '../../src/front-door';
import { Buckets, createS3Service } from '../../src/s3/s3-service';
import { clientConfig } from '../local-aws';

const Bucket = 'payloads';

let buckets: Buckets;
let door: FrontDoor;
let client: s3.S3Client;

beforeEach(async () => {
  buckets = new Buckets();
  buckets.create(Bucket);
  door = await startFrontDoor({ port: 0, services: [], s3: createS3Service(buckets) });
  client = new s3.S3Client(clientConfig(door));
});

afterEach(async () => {
  client.destroy();
  await door.close();
  buckets.close();
});

const put = (
  Key: string,
  Body: NonNullable<s3.PutObjectCommandInput['Body']>,
  more: Partial<s3.PutObjectCommandInput> = {},
) => client.send(new s3.PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string) => client.send(new s3.GetObjectCommand({ Bucket, Key }));
const bytesOf = async (Key: string) => Buffer.from(await (await get(Key)).Body!.transformToByteArray());

const FIVE_MB = randomBytes(5_000_000);

describe('objects', () => {
  it.each([
    ['an empty string', () => '', Buffer.alloc(0), { ContentLength: 0 }],
    ['a string', () => 'grüße', Buffer.from('grüße'), {}],
    ['a buffer', () => FIVE_MB, FIVE_MB, {}],
    ['10 MB', () => Buffer.concat([FIVE_MB, FIVE_MB]), Buffer.concat([FIVE_MB, FIVE_MB]), {}],
    // Streams travel in aws-chunked encoding, with their checksum in a trailer.
    [
      'a stream',
      () => Readable.from([FIVE_MB.subarray(0, 70_000), FIVE_MB.subarray(70_000)]),
      FIVE_MB,
      { ContentLength: FIVE_MB.length },
    ],
    [
      'a stream with SHA-256',
      () => Readable.from([FIVE_MB]),
      FIVE_MB,
      { ContentLength: FIVE_MB.length, ChecksumAlgorithm: 'SHA256' as const },
    ],
  ])('come back as they were: %s', async (_case, body, expected, more) => {
    await put('a key/ü+%&.json', body(), more);
    // The SDK itself holds the checksum of the answer against the bytes.
    expect((await bytesOf('a key/ü+%&.json')).equals(expected)).toBe(true);
  });

  it('keep type, encoding, metadata and checksum', async () => {
    const stream = Readable.from([Buffer.from('{}')]);
    const sent = await put('meta', stream, {
      ContentLength: 2,
      ContentType: 'application/json',
      ContentEncoding: 'identity',
      Metadata: { provider: 'payments' },
    });
    const head = await client.send(new s3.HeadObjectCommand({ Bucket, Key: 'meta', ChecksumMode: 'ENABLED' }));
    expect(head).toMatchObject({
      ContentLength: 2,
      ContentType: 'application/json',
      ContentEncoding: 'identity',
      Metadata: { provider: 'payments' },
      ETag: '"99914b932bd37a50b983c5e7c90ae93b"',
      ChecksumCRC32: sent.ChecksumCRC32,
    });
    expect(Buffer.from(sent.ChecksumCRC32!, 'base64').readUInt32BE()).toBe(crc32('{}'));
    expect(head.LastModified!.getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it('are replaced, or not if so asked, and deleted', async () => {
    await put('a', '1');
    await put('a', '2');
    await expect(put('a', '3', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    expect((await bytesOf('a')).toString()).toBe('2');
    await client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'a' }));
    await expect(get('a')).rejects.toBeInstanceOf(s3.NoSuchKey);
  });
});

describe('lists', () => {
  const list = (input: Partial<s3.ListObjectsV2CommandInput>) =>
    client.send(new s3.ListObjectsV2Command({ Bucket, ...input }));
  const keysOf = ({ Contents = [] }: s3.ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);

  beforeEach(async () => {
    for (const key of ['b/2', 'a', 'b/1', 'c&<d>']) await put(key, 'body');
  });

  it('give keys in order', async () => {
    const all = await list({});
    expect(keysOf(all)).toEqual(['a', 'b/1', 'b/2', 'c&<d>']);
    expect(all).toMatchObject({ KeyCount: 4, IsTruncated: false });
    expect(all.Contents![0]).toMatchObject({ Size: 4, ETag: '"841a2d689ad86bd1611447453c22c6fc"' });
  });

  it('give the keys of a prefix, and common prefixes', async () => {
    expect(keysOf(await list({ Prefix: 'b/' }))).toEqual(['b/1', 'b/2']);
    const folders = await list({ Delimiter: '/' });
    expect(keysOf(folders)).toEqual(['a', 'c&<d>']);
    expect(folders.CommonPrefixes).toEqual([{ Prefix: 'b/' }]);
  });

  it('give page after page', async () => {
    const first = await list({ MaxKeys: 3 });
    const second = await list({ MaxKeys: 3, ContinuationToken: first.NextContinuationToken! });
    expect([first.IsTruncated, second.IsTruncated]).toEqual([true, false]);
    expect([...keysOf(first), ...keysOf(second)]).toEqual(['a', 'b/1', 'b/2', 'c&<d>']);
  });
});

describe('buckets', () => {
  it('are created and listed', async () => {
    await client.send(new s3.CreateBucketCommand({ Bucket: 'more' }));
    await client.send(new s3.HeadBucketCommand({ Bucket: 'more' }));
    const { Buckets: all } = await client.send(new s3.ListBucketsCommand());
    expect(all!.map(({ Name }) => Name)).toEqual(['more', Bucket]);
    for (const { CreationDate } of all!) expect(Math.abs(CreationDate!.getTime() - Date.now())).toBeLessThan(60_000);
  });

  it.each([
    () => `${Bucket}.localhost`,
    () => `${Bucket}.localhost:${door.port}`,
    () => `${Bucket}.s3.localhost:${door.port}`,
  ])('are found by host name too: case %#', async (host) => {
    await put('key', 'body');
    const asked = request({ port: door.port, host: '127.0.0.1', path: '/key', headers: { host: host() } });
    const [response] = await once(asked.end(), 'response');
    expect(await text(response)).toBe('body');
  });

  it.each<readonly [string, () => Promise<unknown>, string]>([
    ['GetObject', () => client.send(new s3.GetObjectCommand({ Bucket: 'none', Key: 'a' })), 'NoSuchBucket'],
    ['HeadBucket', () => client.send(new s3.HeadBucketCommand({ Bucket: 'none' })), 'NotFound'],
    ['HeadObject', () => client.send(new s3.HeadObjectCommand({ Bucket, Key: 'none' })), 'NotFound'],
    ...['AB', 'a', 'a_b', '-ab', 'a..b', '192.168.1.1', 'x'.repeat(64)].map(
      (name) =>
        [
          `CreateBucket of ${name}`,
          () => client.send(new s3.CreateBucketCommand({ Bucket: name })),
          'InvalidBucketName',
        ] as const,
    ),
    [
      'PutObject under a long key',
      () => client.send(new s3.PutObjectCommand({ Bucket, Key: 'ö'.repeat(513), Body: 'x' })),
      'KeyTooLongError',
    ],
    ['GetBucketAcl', () => client.send(new s3.GetBucketAclCommand({ Bucket })), 'NotImplemented'],
    [
      'CopyObject',
      () => client.send(new s3.CopyObjectCommand({ Bucket, Key: 'a', CopySource: 'x/y' })),
      'NotImplemented',
    ],
    ['UploadPart', () => client.send(new s3.CreateMultipartUploadCommand({ Bucket, Key: 'a' })), 'NotImplemented'],
  ])('or an operation that is not there: %s', async (_operation, call, name) => {
    await expect(call()).rejects.toMatchObject({ name });
  });
});
