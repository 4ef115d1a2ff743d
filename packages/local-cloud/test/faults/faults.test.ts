import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { FaultRule } from '../../src/faults/fault-rules';
import type { FaultStatus } from '../../src/faults/faults';
import { clientConfig } from '../local-aws';
import { CALLER, FaultCloud, type TestCall } from './fault-cloud';

type Service = FaultRule['service'];

let cloud: FaultCloud;
beforeAll(async () => {
  cloud = await FaultCloud.start();
});
afterEach(() => cloud.control('DELETE'));
afterAll(() => cloud.close());

let made = 0;
/** A new name for each call, so that each test sees its own effect. */
const newId = () => `id-${++made}`;

const putItem = (id: string): TestCall => ({
  service: 'dynamodb',
  operation: 'PutItem',
  input: { TableName: 'items', Item: { id: { S: id } } },
});

/** A call of each service, and whether it took effect. */
const CALLS: Readonly<
  Record<Service, (id: string) => { call: TestCall; tookEffect: () => boolean | Promise<boolean> }>
> = {
  sqs: (id) => ({
    call: {
      service: 'sqs',
      operation: 'SendMessage',
      input: { QueueUrl: `${cloud.url}/000000000000/calls`, MessageBody: id },
    },
    tookEffect: () => cloud.queue.messages().some(({ body }) => body === id),
  }),
  dynamodb: (id) => ({ call: putItem(id), tookEffect: () => cloud.hasItem(id) }),
  events: (id) => ({
    call: {
      service: 'events',
      operation: 'PutEvents',
      input: { Entries: [{ Source: 'test', DetailType: 'Test', Detail: JSON.stringify({ id }) }] },
    },
    tookEffect: () => cloud.events.includes(JSON.stringify({ id })),
  }),
  secretsmanager: (id) => ({
    call: { service: 'secretsmanager', operation: 'PutSecretValue', input: { SecretId: 'secret', SecretString: id } },
    tookEffect: () =>
      [...cloud.secrets.find('secret').versions.values()].some(({ SecretString }) => SecretString === id),
  }),
  s3: (id) => ({
    call: { service: 's3', operation: 'PutObject', input: { Bucket: 'objects', Key: id, Body: 'x' } },
    tookEffect: () => cloud.buckets.get('objects').has(id),
  }),
};
const SERVICES = Object.keys(CALLS) as Service[];

describe.each(SERVICES)('%s', (service) => {
  const errors: Readonly<
    Record<Service, readonly [throttle: string, throttleStatus: number, error: string, denied: string]>
  > = {
    sqs: ['RequestThrottled', 400, 'InternalFailure', 'AccessDenied'],
    dynamodb: ['ProvisionedThroughputExceededException', 400, 'InternalServerError', 'AccessDeniedException'],
    events: ['ThrottlingException', 400, 'InternalException', 'AccessDeniedException'],
    secretsmanager: ['ThrottlingException', 400, 'InternalServiceError', 'AccessDeniedException'],
    s3: ['SlowDown', 503, 'InternalError', 'AccessDenied'],
  };
  const [throttle, throttleStatus, error, denied] = errors[service];

  it.each([
    ['throttle', { error: throttle, status: throttleStatus }, false],
    ['error', { error, status: 500 }, false],
    ['denied', { error: denied }, false],
    ['down', { code: 'ECONNRESET' }, false],
    ['timeout', { error: 'TimeoutError' }, false],
    ['lost_answer', { code: 'ECONNRESET' }, true],
  ] as const)('with %s: what the caller sees, and whether the call took effect', async (fault, seen, effect) => {
    const { call, tookEffect } = CALLS[service](newId());
    await cloud.plan({ service, fault });

    expect(await cloud.call({ ...call, ...(fault === 'timeout' && { timeoutMs: 200 }) })).toMatchObject(seen);
    expect(await tookEffect()).toBe(effect);
    expect(await cloud.injected()).toEqual({ [`${service}.${call.operation}.${fault}`]: 1 });
  });
});

describe('slow', () => {
  it('carries the call out after a while', async () => {
    const id = newId();
    await cloud.plan({ service: 'dynamodb', fault: 'slow', milliseconds: 1_500 });
    const seen = cloud.call(putItem(id));
    while (Object.keys(await cloud.injected()).length === 0) await delay(20);
    expect(await cloud.hasItem(id)).toBe(false);

    expect((await seen).milliseconds).toBeGreaterThanOrEqual(1_495);
    expect(await cloud.hasItem(id)).toBe(true);
  });

  it('carries it out also when the client has given up', async () => {
    const id = newId();
    await cloud.plan({ service: 'dynamodb', fault: 'slow', milliseconds: 1_500 });

    expect(await cloud.call({ ...putItem(id), timeoutMs: 100 })).toMatchObject({ error: 'TimeoutError' });
    expect(await cloud.hasItem(id)).toBe(false);
    while (!(await cloud.hasItem(id))) await delay(20);
  });
});

describe('the end of the execution environment', () => {
  it.each([
    ['kill_before', false],
    ['kill_during', true],
    ['kill_after', true],
  ] as const)('with %s: the event fails as a crash, and the next one has a new environment', async (fault, effect) => {
    const id = newId();
    const { payload } = (await cloud.caller.invoke({})) as { payload: { token: string } };
    await cloud.plan({ service: 'dynamodb', fault, count: 1 });

    expect(await cloud.caller.invoke(putItem(id))).toMatchObject({
      ok: false,
      kind: 'crash',
      errorMessage: expect.stringMatching(/signal: SIGKILL$/),
    });
    expect(await cloud.hasItem(id)).toBe(effect);
    expect(await cloud.caller.invoke({})).toEqual({
      ok: true,
      payload: { token: expect.not.stringMatching(payload.token) },
    });
  });

  // The environment's own credentials, used from here: a killed one could not tell whether it got an answer.
  it.each([
    ['kill_before', /socket hang up/],
    ['kill_during', /socket hang up/],
    ['kill_after', /^200$/],
  ] as const)('with %s: whether there is an answer', async (fault, answer) => {
    const { payload } = (await cloud.caller.invoke({})) as { payload: { token: string } };
    const { credentials, ...config } = clientConfig(cloud, CALLER);
    const client = new DynamoDBClient({ ...config, credentials: { ...credentials, sessionToken: payload.token } });
    await cloud.plan({ service: 'dynamodb', fault, count: 1 });
    const { input } = putItem(newId());
    const seen = await client.send(new PutItemCommand(input as never)).then(
      ({ $metadata }) => String($metadata.httpStatusCode),
      (error) => String(error),
    );
    client.destroy();

    expect(seen).toMatch(answer);
    const { payload: next } = (await cloud.caller.invoke({})) as { payload: { token: string } };
    expect(next.token).not.toBe(payload.token);
  });

  it('with kill_after: what the environment still sends after the answer takes no effect', async () => {
    const { payload } = (await cloud.caller.invoke({})) as { payload: { token: string } };
    const { credentials, ...config } = clientConfig(cloud, CALLER);
    const client = new DynamoDBClient({ ...config, credentials: { ...credentials, sessionToken: payload.token } });
    await cloud.plan({ service: 'dynamodb', fault: 'kill_after', count: 1 });
    await client.send(new PutItemCommand(putItem(newId()).input as never));

    const late = newId();
    await expect(client.send(new PutItemCommand(putItem(late).input as never))).rejects.toThrow('socket hang up');
    client.destroy();
    expect(await cloud.hasItem(late)).toBe(false);
  });

  it('comes to the one that made the call alone', async () => {
    await cloud.plan({ service: 'dynamodb', fault: 'kill_during', count: 1 });
    const results = await Promise.all([1, 2, 3].map(() => cloud.caller.invoke(putItem(newId()))));

    expect(results.map(({ ok }) => ok).toSorted()).toEqual([false, true, true]);
  });
});

it('duplicate puts a message on the queue twice, and the caller sees one', async () => {
  const id = newId();
  await cloud.plan({ service: 'sqs', fault: 'duplicate' });
  const { output } = await cloud.call(CALLS.sqs(id).call);
  const sent = cloud.queue.messages().filter(({ body }) => body === id);

  expect(sent).toHaveLength(2);
  expect(sent.map((message) => message.id)).toContain(output.MessageId);
});

describe('fail_entries', () => {
  const putEvents = (ids: readonly string[]): TestCall => ({
    service: 'events',
    operation: 'PutEvents',
    input: { Entries: ids.map((id) => ({ Source: 'test', DetailType: 'Test', Detail: JSON.stringify({ id }) })) },
  });

  it('refuses some of the entries, and the bus takes the others', async () => {
    const ids = Array.from({ length: 10 }, newId);
    await cloud.plan({ service: 'events', fault: 'fail_entries' });
    const { output } = await cloud.call(putEvents(ids));
    const failed = (output.Entries as { ErrorCode?: string }[]).map(({ ErrorCode }) => ErrorCode === 'InternalFailure');

    expect(output.FailedEntryCount).toBe(failed.filter(Boolean).length);
    expect(output.FailedEntryCount).toBeGreaterThan(0);
    expect(output.FailedEntryCount).toBeLessThan(10);
    expect(ids.map((id) => !cloud.events.includes(JSON.stringify({ id })))).toEqual(failed);
    expect(output.Entries.every((entry: object) => 'EventId' in entry !== 'ErrorCode' in entry)).toBe(true);
  });

  it('refuses one entry at least', async () => {
    const id = newId();
    await cloud.plan({ service: 'events', fault: 'fail_entries' });
    const { output } = await cloud.call(putEvents([id]));

    expect(output).toMatchObject({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] });
    expect(cloud.events).not.toContain(JSON.stringify({ id }));
  });

  it('leaves entries that fail by themselves as they are', async () => {
    await cloud.plan({ service: 'events', fault: 'fail_entries' });
    const entries = Array.from({ length: 10 }, () => ({ Source: 'aws.test', DetailType: 'Test', Detail: '{}' }));
    const { output } = await cloud.call({ service: 'events', operation: 'PutEvents', input: { Entries: entries } });
    const codes = new Set((output.Entries as { ErrorCode?: string }[]).map(({ ErrorCode }) => ErrorCode));

    expect(output.FailedEntryCount).toBe(10);
    expect(codes).toEqual(new Set(['InternalFailure', 'NotAuthorizedForSourceException']));
  });
});

it('an outsider never suffers', async () => {
  await cloud.plan(...SERVICES.map((service): FaultRule => ({ service, fault: 'down' })));

  expect(await cloud.hasItem('any')).toBe(false);
  expect(await cloud.injected()).toEqual({});
});

describe('the control', () => {
  const json = async (method: string, body?: string): Promise<[number, Partial<FaultStatus>]> => {
    const response = await cloud.control(method, body);
    return [response.status, (await response.json()) as FaultStatus];
  };
  const none = { seed: 0, faults: [], injected: {} };
  const faults = [{ service: 'dynamodb', fault: 'throttle', count: 1 }];

  it('sets, shows and clears the plan', async () => {
    expect(await json('GET')).toEqual([200, none]);
    expect(await json('PUT', JSON.stringify({ seed: 42, faults }))).toEqual([200, { seed: 42, faults, injected: {} }]);
    await cloud.call(putItem(newId()));
    const status = { seed: 42, faults, injected: { 'dynamodb.PutItem.throttle': 1 } };
    expect(await json('GET')).toEqual([200, status]);
    expect(await json('DELETE')).toEqual([200, status]);
    expect(await json('GET')).toEqual([200, none]);
  });

  it('makes up a seed, and tells it', async () => {
    const [, { seed }] = await json('PUT', JSON.stringify({ faults }));
    const [, again] = await json('PUT', JSON.stringify({ faults }));

    expect(again.seed).not.toBe(seed);
  });

  it.each([
    ['{', /not JSON/],
    ['{"faults":[{"service":"sqs","fault":"duplicate","operation":"SendMesage"}]}', /duplicate is for SendMessage and/],
    ['{"faults":[{"service":"s3","fault":"down","operation":"PutThing"}]}', /s3 has no PutThing\. It has: .*PutObject/],
  ])('refuses %s, and keeps the plan that it has', async (body, error) => {
    await cloud.control('PUT', JSON.stringify({ seed: 42, faults }));

    expect(await json('PUT', body)).toEqual([400, { error: expect.stringMatching(error) }]);
    expect(await json('GET')).toMatchObject([200, { seed: 42, faults }]);
  });

  it('knows no other method', async () => {
    expect(await json('POST', '{}')).toEqual([405, { error: expect.stringContaining('GET, PUT and DELETE') }]);
  });
});

it('a stop ends all waiting', async () => {
  const stopping = await FaultCloud.start();
  await stopping.plan({ service: 'dynamodb', fault: 'timeout' });
  const seen = stopping.call({ ...putItem('x'), timeoutMs: 20_000 });
  while (Object.keys(await stopping.injected()).length === 0) await delay(20);
  stopping.faults.stop();

  expect(await seen).toMatchObject({ code: 'ECONNRESET' });
  await stopping.close();
});
