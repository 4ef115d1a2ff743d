import { setTimeout } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type FrontDoor, startFrontDoor } from '../src/front-door';
import { SecretStore } from '../src/secrets-manager/secret-store';
import { createSecretsManagerService } from '../src/secrets-manager/secrets-manager-service';
import { AwsError, type CallContext, type Operation } from '../src/service';
import { send } from './api-gateway/http';
import { clientConfig, frontDoorWith } from './local-aws';

let door: FrontDoor | undefined;

afterEach(async () => {
  jest.restoreAllMocks();
  await door?.close();
  door = undefined;
});

/** A front door with one operation, which is whatever the test says. */
const openWith = async (run: Operation) => {
  door = await startFrontDoor({ port: 0, services: [{ targetPrefix: 'AWSEvents', operations: { PutEvents: run } }] });
  return door;
};

const putEvents = (url: string, accessKeyId?: string) =>
  new EventBridgeClient(clientConfig({ url }, accessKeyId)).send(new PutEventsCommand({ Entries: [] }));

it('hands input and caller to the operation, and its output to the client', async () => {
  let seen: [unknown, CallContext] | undefined;
  const { url } = await openWith((input, call) => {
    seen = [input, call];
    return { FailedEntryCount: 0 };
  });
  const output = await putEvents(url, 'AKIAFUNCTION');
  expect(output.FailedEntryCount).toBe(0);
  expect(output.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  expect(seen![0]).toEqual({ Entries: [] });
  expect(seen![1].accessKeyId).toBe('AKIAFUNCTION');
});

it('gives an unsigned caller an empty access key id', async () => {
  const { url } = await openWith((_input, { accessKeyId }) => ({ accessKeyId }));
  const response = await fetch(url, { method: 'POST', headers: { 'x-amz-target': 'AWSEvents.PutEvents' } });
  expect(await response.json()).toEqual({ accessKeyId: '' });
});

it('turns an AwsError into the exception of that name', async () => {
  const { url } = await openWith(() => {
    throw new AwsError('InternalException', 'try later', 503, { RetryAfter: 3 });
  });
  const error = await putEvents(url).catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'InternalException', message: 'try later', $metadata: { httpStatusCode: 503 } });
});

it('answers 500 to an unforeseen error, and shows it on stderr', async () => {
  const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
  const { url } = await openWith(() => {
    throw new TypeError('a fault of ours');
  });
  await expect(putEvents(url)).rejects.toMatchObject({ name: 'InternalFailure', message: 'a fault of ours' });
  expect(printed).toHaveBeenCalledWith(expect.any(String), expect.objectContaining({ message: 'a fault of ours' }));
});

it.each([
  ['AWSEvents.Nope', 'AWSEvents has no Nope. It has: PutEvents.'],
  ['AWSEvents.constructor', 'AWSEvents has no constructor.'],
  ['Kinesis_20131202.PutRecord', 'no service Kinesis_20131202. It has: AWSEvents.'],
])('names what there is instead of %s', async (target, message) => {
  const { url } = await openWith(() => ({}));
  const response = await fetch(url, { method: 'POST', headers: { 'x-amz-target': target } });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    __type: 'UnknownOperationException',
    message: expect.stringContaining(message),
  });
});

it('says so when a service is not there', async () => {
  const { url } = await openWith(() => ({}));
  const toSqs = new SQSClient(clientConfig({ url })).send(new GetQueueUrlCommand({ QueueName: 'x' }));
  await expect(toSqs).rejects.toThrow('no service AmazonSQS');
  const toS3 = new S3Client(clientConfig({ url })).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }));
  await expect(toS3).rejects.toMatchObject({ name: 'NotImplemented' });
});

describe('a web page', () => {
  const secrets = new SecretStore();
  secrets.create('provider', { value: { SecretString: 'whsec_kept' } });
  const readSecret = async (headers: (port: number) => readonly string[]) => {
    door = await frontDoorWith(() => [createSecretsManagerService(secrets)]);
    return send(door.url, 'POST', {
      headers: ['X-Amz-Target', 'secretsmanager.GetSecretValue', ...headers(door.port)],
      body: '{"SecretId":"provider"}',
    });
  };

  it.each<[what: string, headers: (port: number) => readonly string[]]>([
    ['another host', (port) => ['Host', `evil.example:${port}`]],
    ['another host, without a port', () => ['Host', 'evil.example']],
    ['a host that ends like one of ours', (port) => ['Host', `evil-localhost:${port}`]],
    ['a host that begins like one of ours', (port) => ['Host', `127.0.0.1.evil.example:${port}`]],
    ['another port', (port) => ['Host', `127.0.0.1:${port + 1}`]],
    ['no port', () => ['Host', 'localhost']],
    ['another origin', (port) => ['Origin', `http://evil.example:${port}`]],
    ['no origin of its own', () => ['Origin', 'null']],
    ['an origin of another port', () => ['Origin', 'http://localhost:1']],
  ])('gets no secret: %s', async (_what, headers) => {
    const answer = await readSecret(headers);
    expect([answer.status, answer.body.toString()]).toEqual([403, expect.not.stringContaining('whsec_kept')]);
    expect(answer.body.toString()).toContain(`localhost:${door!.port}`);
  });

  it.each<[what: string, headers: (port: number) => readonly string[]]>([
    ['localhost', (port) => ['Host', `localhost:${port}`]],
    ['IPv6', (port) => ['Host', `[::1]:${port}`]],
    ['a page of its own', (port) => ['Origin', `http://127.0.0.1:${port}`]],
    ['a bucket', (port) => ['Host', `files.localhost:${port}`]],
  ])('is told from who may ask: %s', async (_what, headers) => {
    expect((await readSecret(headers)).body.toString()).toContain('whsec_kept');
  });

  it('neither sets nor reads what is for the local cloud itself', async () => {
    door = await startFrontDoor({
      port: 0,
      services: [],
      onSchedules: async () => ({ status: 200, headers: {}, body: '' }),
    });
    const ask = (headers: string[] = []) => send(`${door!.url}/_local-cloud/schedules`, 'POST', { headers });
    expect((await ask()).status).toBe(200);
    expect((await ask(['Origin', 'http://evil.example'])).status).toBe(403);
  });
});

describe('a body', () => {
  const post = (url: string, body: Buffer | string, headers: Record<string, string> = {}) =>
    fetch(url, { method: 'POST', headers: { 'x-amz-target': 'AWSEvents.PutEvents', ...headers }, body });
  const gzip = { 'content-encoding': 'gzip' };

  it.each(['{', 'null', '5', '"text"', '[]', 'true', '\ufeff{}', '['.repeat(100_000)])(
    'that is no JSON object is refused: case %#',
    async (body) => {
      const { url } = await openWith(() => ({}));
      const response = await post(url, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
    },
  );

  it.each([
    ['no gzip', Buffer.from('{}')],
    ['gzip that is cut off', gzipSync('{"Entries":[]}').subarray(0, 15)],
    ['gzip of no JSON', gzipSync('{')],
  ])('that is said to be gzip is refused: %s', async (_what, body) => {
    const { url } = await openWith(() => ({}));
    const response = await post(url, body, gzip);
    expect([response.status, await response.json()]).toMatchObject([400, { __type: 'SerializationException' }]);
  });

  it('that is gzip is read', async () => {
    const { url } = await openWith((input) => input);
    const response = await post(url, gzipSync('{"Entries":[]}'), { 'content-encoding': 'GZIP' });
    expect(await response.json()).toEqual({ Entries: [] });
  });

  it('of 600 KB that would become 600 MB is refused, while others are served', async () => {
    const { url } = await openWith(() => ({}));
    const bomb = gzipSync(Buffer.alloc(600_000_000));
    const small = '{"Entries":[]}';
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    }, 1);
    const responses = await Promise.all([post(url, bomb, gzip), post(url, small)]);
    clearInterval(counting);
    expect(responses.map(({ status }) => status)).toEqual([413, 200]);
    expect(await responses[0]!.json()).toMatchObject({ __type: 'RequestEntityTooLarge' });
    expect(turns).toBeGreaterThan(0);
    // Zipping 600 MB takes seconds of computing.
  }, 60_000);

  it.each([16 * 1024 * 1024 + 1, 64 * 1024 * 1024 + 1])('of %s bytes is refused with an answer', async (bytes) => {
    const { url } = await openWith(() => ({}));
    expect((await post(url, Buffer.alloc(bytes, ' '))).status).toBe(413);
  });
});

it('aborts the call when the client goes away, and when it closes', async () => {
  const signals: AbortSignal[] = [];
  const { url, close } = await openWith(async (_input, { signal }) => {
    signals.push(signal);
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return {};
  });
  const leaving = new AbortController();
  const call = (signal?: AbortSignal) =>
    fetch(url, { method: 'POST', headers: { 'x-amz-target': 'AWSEvents.PutEvents' }, ...(signal && { signal }) }).catch(
      () => 'gone',
    );

  const [left, cut] = [call(leaving.signal), call()];
  while (signals.length < 2) await setTimeout(5);
  leaving.abort();
  expect(await left).toBe('gone');
  const untilAborted = async (count: number) => {
    while (signals.filter(({ aborted }) => aborted).length !== count) await setTimeout(5);
  };
  await untilAborted(1);
  await close();
  door = undefined;
  expect(await cut).toBe('gone');
  await untilAborted(2);
});

it('says what to do when its port is taken', async () => {
  const { port } = await openWith(() => ({}));
  await expect(startFrontDoor({ port, services: [] })).rejects.toThrow(`cannot listen on port ${port}`);
});
