import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridge } from '../../src/eventbridge/event-bridge';
import { Buckets, createS3Service } from '../../src/s3/s3-service';
import { SecretStore } from '../../src/secrets-manager/secret-store';
import type { State } from '../../src/snapshot/section';
import {
  readSnapshot,
  restoreSecrets,
  restoreSnapshot,
  SNAPSHOT_FILE,
  writeSnapshot,
} from '../../src/snapshot/snapshot';
import { createStores } from '../../src/stores';
import { writeAssembly } from '../template/fixture';

const folder = mkdtempSync(join(tmpdir(), 'snapshot-'));
const closers: (() => unknown)[] = [];
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  rmSync(join(folder, SNAPSHOT_FILE), { force: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const key = [{ AttributeName: 'id', KeyType: 'HASH' }];
const RESOURCES = {
  Calls: { Type: 'AWS::SQS::Queue' },
  Objects: { Type: 'AWS::S3::Bucket' },
  Table: {
    Type: 'AWS::DynamoDB::Table',
    Properties: { KeySchema: key, AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }] },
  },
  Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'bus' } },
  Rule: {
    Type: 'AWS::Events::Rule',
    Properties: { Name: 'declared', EventBusName: 'bus', EventPattern: { source: ['a'] }, State: 'ENABLED' },
  },
};

/** The state of a cloud that has just started from the template. */
async function started(Resources: object = RESOURCES): Promise<State> {
  const assembly = writeAssembly({ Resources });
  const stack = assembly.resolve();
  assembly.remove();
  const buckets = new Buckets();
  const stores = await createStores(stack, 'http://127.0.0.1:4566', buckets);
  const eventBridge = new EventBridge({ deliverers: {} });
  for (const { name } of stack.ofType('AWS::Events::EventBus')) eventBridge.createBus(name);
  for (const { name, properties } of stack.ofType('AWS::Events::Rule')) {
    eventBridge.putRule({ ...properties, Name: name } as never);
  }
  closers.push(stores.close, () => buckets.close());
  return { ...stores, stack, buckets, eventBridge, secrets: new SecretStore() };
}

/** Another cloud, started from the snapshot of this one. */
async function restarted(state: State, resources?: object): Promise<{ state: State; leftOut: string[] }> {
  await writeSnapshot(folder, state);
  const next = await started(resources);
  const snapshot = await readSnapshot(folder);
  await restoreSecrets(next, snapshot);
  return { state: next, leftOut: await restoreSnapshot(next, snapshot) };
}

const call = { accessKeyId: 'outsider', signal: new AbortController().signal };

describe('messages', () => {
  it('are there again with all that they had', async () => {
    const before = await started();
    const queue = before.queues.byName('Calls-Calls')!;
    const attributes = { kind: { DataType: 'Binary', BinaryValue: 'AAE=' } };
    queue.send({ body: 'ä\n', groupId: 'tenant', traceHeader: 'Root=1', senderId: 'me', attributes });
    const [sent] = queue.messages();
    const { state: after, leftOut } = await restarted(before);
    const [received] = await after.queues.byName('Calls-Calls')!.receive({ maxMessages: 10, waitSeconds: 0 });

    expect(leftOut).toEqual([]);
    expect(received).toMatchObject({
      messageId: sent!.id,
      body: 'ä\n',
      messageAttributes: attributes,
      attributes: { MessageGroupId: 'tenant', AWSTraceHeader: 'Root=1', SenderId: 'me', ApproximateReceiveCount: '1' },
    });
    expect(received!.attributes.SentTimestamp).toBe(String(sent!.sentAt));
  });

  it('in flight are visible, delayed ones are not, and deleted ones are gone', async () => {
    const before = await started();
    const queue = before.queues.byName('Calls-Calls')!;
    queue.send({ body: 'in flight' });
    queue.send({ body: 'deleted' });
    const received = await queue.receive({ maxMessages: 10, waitSeconds: 0 });
    queue.delete(received[1]!.receiptHandle);
    queue.send({ body: 'delayed', delaySeconds: 900 });
    const { state: after } = await restarted(before);
    const restored = after.queues.byName('Calls-Calls')!;

    expect(restored.counts()).toEqual({ visible: 1, inFlight: 0, delayed: 1 });
    expect(await restored.receive({ maxMessages: 10, waitSeconds: 0 })).toMatchObject([
      { body: 'in flight', attributes: { ApproximateReceiveCount: '2' } },
    ]);
  });
});

it('queues that were made from outside are there again, with their dead-letter queue', async () => {
  const before = await started();
  const { arn } = before.queues.create('z-dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 3 });
  before.queues.create('a-watch', { RedrivePolicy, VisibilityTimeout: '7' }).send({ body: 'one' });
  const { state: after } = await restarted(before);

  const queue = after.queues.byName('a-watch')!;
  expect(queue.attributes).toMatchObject({ RedrivePolicy, VisibilityTimeout: '7' });
  expect(queue.counts().visible).toBe(1);
  expect(after.queues.sourcesOf(after.queues.byName('z-dead')!)).toEqual([queue]);
});

it('items are there again', async () => {
  const before = await started();
  const items = Array.from({ length: 30 }, (_, index) => ({
    id: { S: String(index) },
    number: { N: '12345678901234567890.123' },
    bytes: { B: Buffer.alloc(50_000).toString('base64') },
  }));
  for (const Item of items) await before.dynamoDb.operations.PutItem!({ TableName: 'Calls-Table', Item }, call);
  const { state: after } = await restarted(before);

  // Over 1 MB in all, so that one page of a scan does not hold them.
  for (const { id, ...item } of items) {
    const found = await after.dynamoDb.operations.GetItem!({ TableName: 'Calls-Table', Key: { id } }, call);
    expect(found).toEqual({ Item: { id, ...item } });
  }
});

it('objects are there again, with their headers', async () => {
  const before = await started();
  const bucket = before.buckets.names()[0]!;
  const body = Buffer.from([0, 255, 10]);
  const request = { bucket, key: 'a/b', query: new URLSearchParams(), headers: { 'x-amz-meta-kind': 'x' }, body };
  await createS3Service(before.buckets).operations.PutObject!(request, call);
  const { body: _, ...stored } = before.buckets.get(bucket).get('a/b')!;
  const { state: after } = await restarted(before);

  const found = after.buckets.get(bucket).get('a/b')!;
  expect(found).toMatchObject(stored);
  expect(found.body.size).toBe(3);
  expect(found.body.read()).toEqual(body);
});

it('secrets are there again, with ARN and versions', async () => {
  const before = await started();
  const secret = before.secrets.create('secret', { value: { SecretString: 'old' }, description: 'Mine' });
  before.secrets.put(secret, { SecretString: 'new' });
  const { state: after } = await restarted(before);

  expect(after.secrets.find(secret.arn)).toEqual(secret);
});

it('buses and rules that were made from outside are there again, with their targets', async () => {
  const before = await started();
  before.eventBridge.createBus('other', 'Theirs');
  const Target = { Id: 'queue', Arn: before.queues.byName('Calls-Calls')!.arn, InputPath: '$.detail' };
  for (const EventBusName of ['bus', 'other', 'default']) {
    const rule = { Name: 'watch', EventBusName, EventPattern: '{"source":["b"]}', State: 'DISABLED' };
    before.eventBridge.putRule(rule);
    before.eventBridge.putTargets(rule, [Target]);
  }
  before.eventBridge.putRule({ Name: 'hourly', ScheduleExpression: 'rate(1 hour)' });
  const { state: after } = await restarted(before);

  expect(after.eventBridge.bus('other').description).toBe('Theirs');
  expect(after.eventBridge.rules('bus').map(({ name }) => name)).toEqual(['declared', 'watch']);
  expect(after.eventBridge.rule({ Name: 'hourly' }).schedule?.expression).toBe('rate(1 hour)');
  for (const EventBusName of ['bus', 'other', 'default']) {
    const { pattern, state, targets } = after.eventBridge.rule({ Name: 'watch', EventBusName });
    expect({ pattern, state, targets: [...targets.values()] }).toEqual({
      ...{ pattern: '{"source":["b"]}', state: 'DISABLED' },
      targets: [Target],
    });
  }
});

describe('what the template declares', () => {
  it('is not brought back when the template no longer has it', async () => {
    const before = await started();
    before.queues.byName('Calls-Calls')!.send({ body: 'one' });
    before.eventBridge.putRule({ Name: 'watch', EventBusName: 'bus', EventPattern: '{"source":["b"]}' });
    const item = { TableName: 'Calls-Table', Item: { id: { S: '1' } } };
    await before.dynamoDb.operations.PutItem!(item, call);
    const { state: after, leftOut } = await restarted(before, {});

    expect(after.queues.list()).toEqual([]);
    expect(after.eventBridge.buses().map(({ name }) => name)).toEqual(['default']);
    expect(leftOut).toEqual([
      'messages of the queue Calls-Calls',
      'items of the table Calls-Table',
      'rules of the bus bus',
    ]);
  });
});

describe('the file', () => {
  const file = join(folder, SNAPSHOT_FILE);

  it('is for its owner alone, because secrets are in it', async () => {
    await writeSnapshot(folder, await started());

    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is the same after a restart in which nothing happened', async () => {
    const before = await started();
    before.secrets.create('secret', { value: { SecretString: 'x' } });
    before.queues.create('watch').send({ body: 'one', delaySeconds: 60 });
    await writeSnapshot(folder, before);
    const first = readFileSync(file, 'utf8');
    const { state: after } = await restarted(before);
    await writeSnapshot(folder, after);

    expect(first.split('\n').length).toBeGreaterThan(4);
    expect(readFileSync(file, 'utf8')).toBe(first);
  });

  it.each([
    ['is cut off', '["version",1]\n["queues",{"na', /cannot be read\. Remove it to start empty/],
    ['is of another version', '["version",0]\n', /another version of the local cloud\. Remove it/],
    ['is empty', '', /another version/],
  ])('is refused when it %s', async (_, text, message) => {
    writeFileSync(file, text);

    await expect(readSnapshot(folder)).rejects.toThrow(message);
  });

  it('need not be there, nor its folder', async () => {
    expect(await readSnapshot(join(folder, 'new', 'one'))).toEqual(new Map());
  });
});
