import * as eb from '@aws-sdk/client-eventbridge';
import * as sqs from '@aws-sdk/client-sqs';
import { EventBridge } from '../../src/eventbridge/event-bridge';
import { createEventBridgeService } from '../../src/eventbridge/eventbridge-service';
import type { Deliverer } from '../../src/eventbridge/types';
import type { FrontDoor } from '../../src/front-door';
import { Queues } from '../../src/sqs/queues';
import { createSqsService } from '../../src/sqs/sqs-service';
import { clientConfig, frontDoorWith } from '../local-aws';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:team';
const PATTERN = '{"source":["shop.orders"]}';
const BUS_ARN = 'arn:aws:events:us-east-1:000000000000:event-bus/shared';

let eventBridge: EventBridge;
let door: FrontDoor;
let client: eb.EventBridge;
let sqsClient: sqs.SQS;

beforeEach(async () => {
  const queues = new Queues();
  queues.create('team');
  queues.create('team-dlq');
  eventBridge = new EventBridge({ deliverers: { sqs: sendToQueue } });
  door = await frontDoorWith((url) => [createEventBridgeService(eventBridge), createSqsService(queues, url)]);
  sqsClient = new sqs.SQS(clientConfig(door));
  client = new eb.EventBridge(clientConfig(door));
});

afterEach(async () => {
  client.destroy();
  sqsClient.destroy();
  await eventBridge.close();
  await door.close();
});

const queueUrl = (name: string) => `${door.url}/000000000000/${name}`;

const sendToQueue: Deliverer = async ({ targetArn, payload, messageGroupId, messageAttributes = {} }) => {
  const attributes = Object.entries(messageAttributes).map(([name, StringValue]) => [
    name,
    { DataType: 'String', StringValue },
  ]);
  await sqsClient.sendMessage({
    QueueUrl: queueUrl(targetArn.split(':').at(-1)!),
    MessageBody: payload,
    MessageGroupId: messageGroupId,
    MessageAttributes: Object.fromEntries(attributes),
  });
};

const receive = async (name: string) => {
  await eventBridge.idle();
  const { Messages = [] } = await sqsClient.receiveMessage({
    QueueUrl: queueUrl(name),
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return Messages;
};

const errorName = async (call: Promise<unknown>) => {
  try {
    await call;
  } catch (error) {
    return (error as Error).name;
  }
  return 'no error';
};

it('carries an event from PutEvents over two buses to a queue', async () => {
  await client.createEventBus({ Name: 'shared', Description: 'for all teams' });
  await client.putRule({ Name: 'republish', EventPattern: PATTERN });
  await client.putTargets({
    Rule: 'republish',
    Targets: [{ Id: 'shared', Arn: BUS_ARN, RoleArn: 'arn:aws:iam::0:role/r' }],
  });
  await client.putRule({ Name: 'team', EventBusName: BUS_ARN, EventPattern: '{"detail":{"id":[9007199254740993]}}' });
  const team = { Id: 'queue', Arn: QUEUE, SqsParameters: { MessageGroupId: 'g' } };
  const added = await client.putTargets({ Rule: 'team', EventBusName: 'shared', Targets: [team] });
  expect(added).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });

  const Detail = '{"id":9007199254740993}';
  const Time = new Date('2026-11-21T08:00:00Z');
  const entry = { Source: 'shop.orders', DetailType: 'order.changed', Detail, Time };
  const { FailedEntryCount, Entries } = await client.putEvents({ Entries: [entry, { ...entry, Source: 'aws.x' }] });

  expect(FailedEntryCount).toBe(1);
  expect(Entries![1]).toMatchObject({ ErrorCode: 'NotAuthorizedForSourceException' });
  const messages = await receive('team');
  expect(messages).toHaveLength(1);
  expect(messages[0]!.Body).toContain(`"detail":${Detail}`);
  expect(messages[0]!.Attributes).toMatchObject({ MessageGroupId: 'g' });
  expect(JSON.parse(messages[0]!.Body!)).toMatchObject({ id: Entries![0]!.EventId, time: '2026-11-21T08:00:00Z' });
});

it('puts what cannot be delivered into the dead-letter queue', async () => {
  const Arn = 'arn:aws:sqs:us-east-1:000000000000:gone';
  await client.putRule({ Name: 'all', EventPattern: PATTERN });
  await client.putTargets({ Rule: 'all', Targets: [{ Id: '1', Arn, DeadLetterConfig: { Arn: `${QUEUE}-dlq` } }] });
  await client.putEvents({ Entries: [{ Source: 'shop.orders', DetailType: 't', Detail: '{}' }] });
  const [message] = await receive('team-dlq');
  expect(JSON.parse(message!.Body!)).toMatchObject({ source: 'shop.orders', detail: {} });
  expect(message!.MessageAttributes).toMatchObject({
    TARGET_ARN: { DataType: 'String', StringValue: Arn },
    ERROR_CODE: { StringValue: 'NO_RESOURCE' },
  });
});

describe('buses', () => {
  it('are created, described, listed and deleted', async () => {
    const created = await client.createEventBus({ Name: 'shared', Description: 'for all teams' });
    expect(created.EventBusArn).toBe(BUS_ARN);
    const described = await client.describeEventBus({ Name: BUS_ARN });
    expect(described).toMatchObject({ Name: 'shared', Arn: BUS_ARN, Description: 'for all teams' });
    expect(described.CreationTime!.getTime()).toBeGreaterThan(Date.now() - 10_000);
    expect((await client.describeEventBus({})).Name).toBe('default');
    expect((await client.listEventBuses({ NamePrefix: 's' })).EventBuses).toMatchObject([{ Name: 'shared' }]);
    await client.deleteEventBus({ Name: 'shared' });
    expect((await client.listEventBuses({})).EventBuses!.map(({ Name }) => Name)).toEqual(['default']);
    expect(await errorName(client.deleteEventBus({ Name: 'shared' }))).toBe('no error');
  });

  it('with rules stay', async () => {
    await client.createEventBus({ Name: 'shared' });
    await client.putRule({ Name: 'r', EventBusName: 'shared', EventPattern: PATTERN });
    await expect(client.deleteEventBus({ Name: 'shared' })).rejects.toThrow(/has rules/);
  });
});

describe('rules', () => {
  it('are put, described, listed by pages, switched and deleted', async () => {
    const put = await client.putRule({ Name: 'b1', EventPattern: PATTERN, Description: 'd', State: 'DISABLED' });
    expect(put.RuleArn).toBe('arn:aws:events:us-east-1:000000000000:rule/b1');
    await client.putRule({ Name: 'b2', EventPattern: PATTERN });
    await client.putRule({ Name: 'a', EventPattern: PATTERN });
    expect(await client.describeRule({ Name: 'b1', EventBusName: 'default' })).toMatchObject({
      Name: 'b1',
      Arn: put.RuleArn,
      EventPattern: PATTERN,
      State: 'DISABLED',
      Description: 'd',
      EventBusName: 'default',
      CreatedBy: '000000000000',
    });
    await client.enableRule({ Name: 'b1' });
    await client.disableRule({ Name: 'b2' });
    const page = await client.listRules({ NamePrefix: 'b', Limit: 1 });
    expect(page.Rules).toMatchObject([{ Name: 'b1', State: 'ENABLED' }]);
    const { NextToken } = page;
    const rest = await client.listRules({ NamePrefix: 'b', Limit: 1, NextToken });
    expect(rest.Rules).toMatchObject([{ Name: 'b2', State: 'DISABLED' }]);
    expect(rest.NextToken).toBeUndefined();
    await client.deleteRule({ Name: 'b2' });
    expect((await client.listRules({})).Rules!.map(({ Name }) => Name)).toEqual(['a', 'b1']);
    expect(await errorName(client.deleteRule({ Name: 'b2' }))).toBe('no error');
  });

  it('of another bus have its name in the ARN', async () => {
    await client.createEventBus({ Name: 'shared' });
    const { RuleArn } = await client.putRule({ Name: 'r', EventBusName: 'shared', EventPattern: PATTERN });
    expect(RuleArn).toBe('arn:aws:events:us-east-1:000000000000:rule/shared/r');
  });

  it('with targets stay, also with Force', async () => {
    await client.putRule({ Name: 'r', EventPattern: PATTERN });
    await client.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: QUEUE }] });
    await expect(client.deleteRule({ Name: 'r', Force: true })).rejects.toThrow(/has targets/);
    await client.removeTargets({ Rule: 'r', Ids: ['1'] });
    await client.deleteRule({ Name: 'r' });
  });
});

describe('targets', () => {
  beforeEach(() => client.putRule({ Name: 'r', EventPattern: PATTERN }));

  it('are put, replaced, listed and removed', async () => {
    const Targets = [
      { Id: '1', Arn: QUEUE, InputPath: '$.detail' },
      { Id: '2', Arn: BUS_ARN },
    ];
    await client.putTargets({ Rule: 'r', Targets });
    await client.putTargets({ Rule: 'r', Targets: [{ Id: '1', Arn: QUEUE }] });
    expect((await client.listTargetsByRule({ Rule: 'r' })).Targets).toEqual([{ Id: '1', Arn: QUEUE }, Targets[1]]);
    expect((await client.listRuleNamesByTarget({ TargetArn: BUS_ARN })).RuleNames).toEqual(['r']);
    expect((await client.listRuleNamesByTarget({ TargetArn: 'arn:x' })).RuleNames).toEqual([]);
    const removed = await client.removeTargets({ Rule: 'r', Ids: ['1', 'never'] });
    expect(removed.FailedEntries).toMatchObject([{ TargetId: 'never', ErrorCode: 'ResourceNotFoundException' }]);
    expect((await client.listTargetsByRule({ Rule: 'r' })).Targets).toEqual([Targets[1]]);
  });

  it('are 5 at most', async () => {
    const Targets = Array.from({ length: 5 }, (_, i) => ({ Id: `${i}`, Arn: QUEUE }));
    await client.putTargets({ Rule: 'r', Targets });
    expect(await errorName(client.putTargets({ Rule: 'r', Targets: [{ Id: 'x', Arn: QUEUE }] }))).toBe(
      'LimitExceededException',
    );
    expect((await client.listTargetsByRule({ Rule: 'r' })).Targets).toHaveLength(5);
  });

  it.each<[target: eb.Target, message: RegExp]>([
    [{ Id: 'a b', Arn: QUEUE }, /Id must have/],
    [{ Id: 't', Arn: 'team' }, /Arn team is not in correct format/],
    [{ Id: 't', Arn: 'arn:aws:kinesis:us-east-1:0:stream/s' }, /delivers to sqs, lambda, events, logs, not to/],
    [{ Id: 't', Arn: `${QUEUE}.fifo` }, /MessageGroupId must be specified/],
    [{ Id: 't', Arn: QUEUE, DeadLetterConfig: { Arn: `${QUEUE}.fifo` } }, /standard SQS queue/],
    [{ Id: 't', Arn: QUEUE, DeadLetterConfig: { Arn: BUS_ARN } }, /standard SQS queue/],
    [{ Id: 't', Arn: QUEUE, RetryPolicy: { MaximumRetryAttempts: 186 } }, /MaximumRetryAttempts must be from 0 to 185/],
    [
      { Id: 't', Arn: QUEUE, RetryPolicy: { MaximumEventAgeInSeconds: 59 } },
      /MaximumEventAgeInSeconds must be from 60/,
    ],
    [{ Id: 't', Arn: BUS_ARN, InputPath: '$.detail' }, /not supported for an event bus/],
    [{ Id: 't', Arn: QUEUE, Input: 'plain' }, /Target t is not valid. Reason: Input is not valid JSON/],
  ])('%j is refused, and with it the call', async (target, message) => {
    const call = client.putTargets({ Rule: 'r', Targets: [{ Id: 'good', Arn: QUEUE }, target] });
    await expect(call).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(message) });
    expect((await client.listTargetsByRule({ Rule: 'r' })).Targets).toEqual([]);
  });
});

it.each<[what: string, call: () => Promise<unknown>, error: string]>([
  ['a bus that exists', () => client.createEventBus({ Name: 'default' }), 'ResourceAlreadyExistsException'],
  ['a bus with a bad name', () => client.createEventBus({ Name: 'a b' }), 'ValidationException'],
  ['deleting the default bus', () => client.deleteEventBus({ Name: 'default' }), 'ValidationException'],
  ['describing no bus', () => client.describeEventBus({ Name: 'no' }), 'ResourceNotFoundException'],
  [
    'a rule on no bus',
    () => client.putRule({ Name: 'r', EventBusName: 'no', EventPattern: PATTERN }),
    'ResourceNotFoundException',
  ],
  ['a rule with a bad name', () => client.putRule({ Name: 'a/b', EventPattern: PATTERN }), 'ValidationException'],
  ['a rule without a pattern', () => client.putRule({ Name: 'r' }), 'ValidationException'],
  [
    'a schedule by the clock',
    () => client.putRule({ Name: 'r', ScheduleExpression: 'cron(0 12 * * ? *)' }),
    'ValidationException',
  ],
  ['a malformed rate', () => client.putRule({ Name: 'r', ScheduleExpression: 'rate(1 days)' }), 'ValidationException'],
  ['an invalid pattern', () => client.putRule({ Name: 'r', EventPattern: '{"a":1}' }), 'InvalidEventPatternException'],
  [
    'a long pattern',
    () => client.putRule({ Name: 'r', EventPattern: `{"a":["${'x'.repeat(2048)}"]}` }),
    'LimitExceededException',
  ],
  ['an unknown rule', () => client.describeRule({ Name: 'no' }), 'ResourceNotFoundException'],
  ['switching an unknown rule', () => client.enableRule({ Name: 'no' }), 'ResourceNotFoundException'],
  ['targets of an unknown rule', () => client.putTargets({ Rule: 'no', Targets: [] }), 'ResourceNotFoundException'],
  ['an unknown archive', () => client.describeArchive({ ArchiveName: 'no' }), 'ResourceNotFoundException'],
  ['no entries', () => client.putEvents({ Entries: [] }), 'ValidationException'],
])('refuses %s', async (_what, call, error) => {
  expect(await errorName(call())).toBe(error);
});

describe('TestEventPattern', () => {
  const event = { id: '1', account: '0', source: 's', time: 't', region: 'r', 'detail-type': 'd' };

  it.each([
    ['{"source":["s"]}', true],
    ['{"source":["x"]}', false],
  ])('%s: %s', async (EventPattern, expected) => {
    expect(await client.testEventPattern({ EventPattern, Event: JSON.stringify(event) })).toMatchObject({
      Result: expected,
    });
  });

  it.each([
    ['{', /not JSON/],
    ['{"source":"s"}', /lacks id, account, time, region, detail-type\./],
    ['null', /lacks id/],
    ['["source"]', /lacks id/],
  ])('refuses the event %s', async (Event, message) => {
    await expect(client.testEventPattern({ EventPattern: PATTERN, Event })).rejects.toThrow(message);
  });

  it('refuses a pattern that is too long for the API, and a rule one that is beyond the quota', async () => {
    const patternOf = (length: number) => `{"source":["${'x'.repeat(length - 15)}"]}`;
    const tested = (length: number) =>
      client.testEventPattern({ EventPattern: patternOf(length), Event: JSON.stringify(event) });
    await expect(tested(4096)).resolves.toMatchObject({ Result: false });
    await expect(tested(4097)).rejects.toThrow('EventPattern may have 4096 characters at most.');
    const rule = client.putRule({ Name: 'long', EventPattern: patternOf(2049) });
    await expect(rule).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});

it('lists the archives of the template', async () => {
  eventBridge.createBus('shared');
  eventBridge.createArchive({
    ArchiveName: 'all',
    EventSourceArn: BUS_ARN,
    RetentionDays: 30,
    EventPattern: { source: ['s'] },
  });
  const archive = { ArchiveName: 'all', EventSourceArn: BUS_ARN, RetentionDays: 30, State: 'ENABLED', EventCount: 0 };
  expect((await client.listArchives({})).Archives).toMatchObject([archive]);
  expect((await client.listArchives({ EventSourceArn: 'arn:other' })).Archives).toEqual([]);
  const described = await client.describeArchive({ ArchiveName: 'all' });
  expect(described).toMatchObject({ ...archive, EventPattern: '{"source":["s"]}' });
  expect(described.ArchiveArn).toBe('arn:aws:events:us-east-1:000000000000:archive/all');
});
