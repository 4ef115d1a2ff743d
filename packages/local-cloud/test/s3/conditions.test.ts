import { createHash } from 'node:crypto';
import * as s3 from '@aws-sdk/client-s3';
import { type FrontDoor, startFrontDoor } from '../../src/front-door';
import { Buckets, createS3Service } from '../../src/s3/s3-service';
import { send } from '../api-gateway/http';
import { clientConfig } from '../local-aws';

const Bucket = 'payloads';
const Key = 'digits';
const BODY = '0123456789';
const ETAG = `"${createHash('md5').update(BODY).digest('hex')}"`;

let buckets: Buckets;
let door: FrontDoor;
let client: s3.S3Client;

beforeAll(async () => {
  buckets = new Buckets();
  buckets.create(Bucket);
  door = await startFrontDoor({ port: 0, services: [], s3: createS3Service(buckets) });
  client = new s3.S3Client(clientConfig(door));
  await client.send(new s3.PutObjectCommand({ Bucket, Key, Body: BODY }));
});

afterAll(async () => {
  client.destroy();
  await door.close();
  buckets.close();
});

/** A request as it stands on the wire; header names and values in turn. */
const ask = (method: string, headers: string[] = [], path = `/${Bucket}/${Key}`, body?: Buffer | string) =>
  send(door.url + path, method, { headers, ...(body !== undefined && { body }) });

describe('a range', () => {
  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
    ['bytes=-99', BODY, 'bytes 0-9/10'],
  ])('%s is a part of the object', async (range, part, contentRange) => {
    const answer = await ask('GET', ['Range', range]);
    expect([answer.status, answer.body.toString()]).toEqual([206, part]);
    expect(answer.headers).toMatchObject({
      'content-range': contentRange,
      'content-length': `${part.length}`,
      etag: ETAG,
    });
    const head = await ask('HEAD', ['Range', range]);
    expect([head.status, head.headers['content-range'], head.body.length]).toEqual([206, contentRange, 0]);
  });

  it('comes to a client that checks what it gets', async () => {
    const part = await client.send(
      new s3.GetObjectCommand({ Bucket, Key, Range: 'bytes=1-3', ChecksumMode: 'ENABLED' }),
    );
    expect(await part.Body!.transformToString()).toBe('123');
    expect(part).toMatchObject({ ContentRange: 'bytes 1-3/10', ContentLength: 3, AcceptRanges: 'bytes' });
  });

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('%s has no bytes', async (range) => {
    const answer = await ask('GET', ['Range', range]);
    expect([answer.status, answer.body.toString()]).toEqual([
      416,
      expect.stringContaining('<Code>InvalidRange</Code>'),
    ]);
    expect((await ask('HEAD', ['Range', range])).status).toBe(416);
  });

  it.each(['bytes=0-1,3-4', 'bytes=4-2', 'bytes=-', 'lines=1-2'])('%s is the whole object', async (range) => {
    const answer = await ask('GET', ['Range', range]);
    expect([answer.status, answer.body.toString()]).toEqual([200, BODY]);
  });
});

describe('a condition', () => {
  const past = new Date(Date.now() - 60_000).toUTCString();
  const future = new Date(Date.now() + 60_000).toUTCString();

  it.each<[status: number, headers: string[]]>([
    [304, ['If-None-Match', ETAG]],
    [304, ['If-None-Match', ETAG.replaceAll('"', '')]],
    [304, ['If-None-Match', `"other", W/${ETAG}`]],
    [304, ['If-None-Match', '*']],
    [200, ['If-None-Match', '"other"']],
    [304, ['If-Modified-Since', future]],
    [200, ['If-Modified-Since', past]],
    [200, ['If-Modified-Since', 'soon']],
    [200, ['If-None-Match', '"other"', 'If-Modified-Since', future]],
    [200, ['If-Match', ETAG]],
    [412, ['If-Match', '"other"']],
    [200, ['If-Unmodified-Since', future]],
    [412, ['If-Unmodified-Since', past]],
    [200, ['If-Match', ETAG, 'If-Unmodified-Since', past]],
  ])('gives %s for %j', async (status, headers) => {
    const answer = await ask('GET', headers);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.body.toString()).toBe(BODY);
    if (status === 304) expect([answer.headers.etag, answer.body.length]).toEqual([ETAG, 0]);
    if (status === 412) expect(answer.body.toString()).toContain('<Code>PreconditionFailed</Code>');
    const head = await ask('HEAD', headers);
    expect([head.status, head.body.length]).toEqual([status, 0]);
  });

  it('holds for writing too', async () => {
    const put = (more: Partial<s3.PutObjectCommandInput>) =>
      client.send(new s3.PutObjectCommand({ Bucket, Key: 'written', Body: 'x', ...more }));
    const { ETag } = await put({ IfNoneMatch: '*' });
    await expect(put({ IfMatch: '"other"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put({ IfNoneMatch: ETag! })).rejects.toMatchObject({ name: 'NotImplemented' });
    await expect(put({ Key: 'new', IfMatch: ETag! })).rejects.toMatchObject({ name: 'NoSuchKey' });
    await put({ IfMatch: ETag! });
    const remove = (IfMatch: string) => client.send(new s3.DeleteObjectCommand({ Bucket, Key: 'written', IfMatch }));
    await expect(remove('"other"')).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await remove(ETag!);
  });
});

describe('a checksum', () => {
  const hash = (algorithm: string, body = BODY, encoding: 'base64' | 'hex' = 'base64') =>
    createHash(algorithm).update(body).digest(encoding);
  /** Of the digits 1 to 9, as the catalogues of such checks have them. */
  const CHECKED = '123456789';
  const inBase64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

  it.each([
    ['Content-MD5', BODY, hash('md5')],
    ['x-amz-checksum-sha1', BODY, hash('sha1')],
    ['x-amz-checksum-sha256', BODY, hash('sha256')],
    ['x-amz-checksum-crc32', CHECKED, inBase64('cbf43926')],
    ['x-amz-checksum-crc32c', CHECKED, inBase64('e3069283')],
    ['x-amz-checksum-crc64nvme', CHECKED, inBase64('ae8b14860a799888')],
    ['x-amz-content-sha256', BODY, hash('sha256', BODY, 'hex')],
    ['x-amz-content-sha256', BODY, 'UNSIGNED-PAYLOAD'],
  ])('that is right is taken: %s', async (header, body, value) => {
    expect((await ask('PUT', [header, value], `/${Bucket}/sum`, body)).status).toBe(200);
  });

  it.each([
    ['Content-MD5', hash('md5', 'other'), 'BadDigest'],
    ['Content-MD5', 'not base64', 'InvalidDigest'],
    ['Content-MD5', 'MTIz', 'InvalidDigest'],
    ['x-amz-checksum-sha1', hash('sha1', 'other'), 'BadDigest'],
    ['x-amz-checksum-sha256', hash('sha256', 'other'), 'BadDigest'],
    ['x-amz-checksum-sha256', hash('sha1'), 'InvalidRequest'],
    ['x-amz-checksum-crc32', inBase64('cbf43926'), 'BadDigest'],
    ['x-amz-checksum-crc32c', inBase64('e3069283'), 'BadDigest'],
    ['x-amz-checksum-crc64nvme', inBase64('ae8b14860a799888'), 'BadDigest'],
    ['x-amz-checksum-crc32', '****', 'InvalidRequest'],
    ['x-amz-content-sha256', hash('sha256', 'other', 'hex'), 'XAmzContentSHA256Mismatch'],
  ])('that is wrong is refused: %s %s', async (header, value, code) => {
    const answer = await ask('PUT', [header, value], `/${Bucket}/wrong`, BODY);
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
    expect((await ask('GET', [], `/${Bucket}/wrong`)).status).toBe(404);
  });

  it('stands alone', async () => {
    const two = ['x-amz-checksum-sha1', hash('sha1'), 'x-amz-checksum-sha256', hash('sha256')];
    expect((await ask('PUT', two, `/${Bucket}/two`, BODY)).body.toString()).toContain('<Code>InvalidRequest</Code>');
  });

  it('in a trailer counts as much', async () => {
    const chunked = (sum: string) => `a\r\n${BODY}\r\n0\r\nx-amz-checksum-sha256:${sum}\r\n\r\n`;
    const headers = ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'];
    expect((await ask('PUT', headers, `/${Bucket}/trailer`, chunked(hash('sha256')))).status).toBe(200);
    const wrong = await ask('PUT', headers, `/${Bucket}/trailer`, chunked(hash('sha256', 'other')));
    expect(wrong.body.toString()).toContain('<Code>BadDigest</Code>');
  });
});

describe('a request that cannot be read', () => {
  it.each([
    ['a key that is no UTF-8', 'GET', `/${Bucket}/%E0%A4%A`, 'InvalidURI'],
    ['a number that is none', 'GET', `/${Bucket}?list-type=2&max-keys=many`, 'InvalidArgument'],
  ])('is refused: %s', async (_what, method, path, code) => {
    const answer = await ask(method, [], path);
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining(`<Code>${code}</Code>`)]);
  });

  it.each(['-5\r\nabc\r\n0\r\n\r\n', 'a\r\nabc', 'x\r\n', ''])('is refused: chunks %j', async (body) => {
    const headers = ['x-amz-content-sha256', 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'];
    const answer = await ask('PUT', headers, `/${Bucket}/chunks`, body);
    expect([answer.status, answer.body.toString()]).toEqual([400, expect.stringContaining('IncompleteBody')]);
  });
});
