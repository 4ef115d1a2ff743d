import { EventBridge, type EventBridgeOptions } from '../../src/eventbridge/event-bridge';
import type { PutEventsEntry } from '../../src/eventbridge/put-events';
import type { BusEvent, Deliverer, Delivery, DeliveryReport, Target } from '../../src/eventbridge/types';
import { AwsError } from '../../src/service';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:team';
const DLQ = 'arn:aws:sqs:us-east-1:000000000000:team-dlq';
const ENTRY: PutEventsEntry = { Source: 'shop.orders', DetailType: 'order.changed', Detail: '{"n":1}' };
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** A bus whose queues note what they get; `team` fails as long as `failing` returns an error. */
function setUp(failing: () => Error | undefined = () => undefined, options: Partial<EventBridgeOptions> = {}) {
  const queues: Record<string, Delivery[]> = { [QUEUE]: [], [DLQ]: [] };
  const events: [busName: string, event: BusEvent][] = [];
  const reports: DeliveryReport[] = [];
  const sqs: Deliverer = async (delivery) => {
    const error = delivery.targetArn === QUEUE ? failing() : undefined;
    if (error) throw error;
    queues[delivery.targetArn]!.push(delivery);
  };
  const eventBridge = new EventBridge({
    deliverers: { sqs },
    onEvent: (...event) => void events.push(event),
    onDelivery: (report) => void reports.push(report),
    ...options,
  });
  const rule = (
    name: string,
    target: Partial<Target>,
    pattern: object = { source: ['shop.orders'] },
    bus = 'default',
  ) => {
    eventBridge.putRule({ Name: name, EventBusName: bus, EventPattern: pattern });
    eventBridge.putTargets({ Name: name, EventBusName: bus }, [{ Id: 't', Arn: QUEUE, ...target }]);
  };
  const statuses = () => reports.map(({ status }) => status);
  return { eventBridge, queue: queues[QUEUE]!, dlq: queues[DLQ]!, events, reports, statuses, rule };
}

describe('the envelope', () => {
  it('has the fields of AWS around the detail as it was put', async () => {
    const { eventBridge, queue, rule, events } = setUp();
    rule('all', {});
    const Detail = '{ "id": 12345678901234567890,\n "x": 1.0, "é": "\\u00e9" }';

    const { Entries } = eventBridge.putEvents([{ ...ENTRY, Detail, Time: 1_800_000_000.9, Resources: ['a', 'b'] }]);
    expect(queue).toHaveLength(0);
    await eventBridge.idle();

    expect(queue[0]!.payload.endsWith(`,"detail":${Detail}}`)).toBe(true);
    expect(JSON.parse(queue[0]!.payload)).toEqual({
      version: '0',
      id: (Entries[0] as { EventId: string }).EventId,
      'detail-type': 'order.changed',
      source: 'shop.orders',
      account: '000000000000',
      time: '2027-01-15T08:00:00Z',
      region: 'us-east-1',
      resources: ['a', 'b'],
      detail: JSON.parse(Detail),
    });
    expect(JSON.parse(queue[0]!.payload).id).toMatch(UUID);
    expect(events).toEqual([['default', queue[0]!.event]]);
  });

  it('takes the time of the call where the entry has none', async () => {
    const { eventBridge, events } = setUp(undefined, { now: () => new Date('2026-11-21T08:09:10.999Z') });
    eventBridge.putEvents([ENTRY]);
    expect(events[0]![1].time).toBe('2026-11-21T08:09:10Z');
  });
});

describe('PutEvents', () => {
  const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;

  it.each<[what: string, entry: PutEventsEntry, code: string, message: RegExp]>([
    ['no source', { ...ENTRY, Source: '' }, 'InvalidArgument', /Source is a required argument/],
    ['no detail type', { Source: 'a', Detail: '{}' }, 'InvalidArgument', /DetailType is a required argument/],
    ['no detail', { Source: 'a', DetailType: 'b' }, 'InvalidArgument', /Detail is a required argument/],
    ['a source of AWS', { ...ENTRY, Source: 'aws.ec2' }, 'NotAuthorizedForSourceException', /Not authorized/],
    ['a long detail type', { ...ENTRY, DetailType: 'x'.repeat(129) }, 'InvalidArgument', /at most 128/],
    ['no real time', { ...ENTRY, Time: Number.NaN }, 'InvalidArgument', /Time is not valid/],
    ['no JSON', { ...ENTRY, Detail: '{' }, 'MalformedDetail', /malformed/],
    ['an array', { ...ENTRY, Detail: '[]' }, 'MalformedDetail', /malformed/],
    ['null', { ...ENTRY, Detail: 'null' }, 'MalformedDetail', /malformed/],
    ['1001 levels', { ...ENTRY, Detail: nested(1001) }, 'MalformedDetail', /malformed/],
  ])('refuses an entry with %s and takes the others', async (_what, entry, ErrorCode, message) => {
    const { eventBridge, queue, rule } = setUp();
    rule('all', {});
    const result = eventBridge.putEvents([ENTRY, entry, ENTRY]);
    await eventBridge.idle();
    expect(result.FailedEntryCount).toBe(1);
    expect(result.Entries[1]).toEqual({ ErrorCode, ErrorMessage: expect.stringMatching(message) });
    expect(result.Entries.map((made) => 'EventId' in made)).toEqual([true, false, true]);
    expect(queue).toHaveLength(2);
  });

  it('takes what just fits', () => {
    const { eventBridge } = setUp();
    const fits = { ...ENTRY, DetailType: 'x'.repeat(128), Detail: nested(1000) };
    expect(eventBridge.putEvents(Array(10).fill(fits)).FailedEntryCount).toBe(0);
  });

  it.each([[undefined], [[]], [Array(11).fill(ENTRY)]])('refuses a wrong number of entries', (entries) => {
    expect(() => setUp().eventBridge.putEvents(entries)).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });

  it('refuses a call of 1 MB, counted as AWS counts', () => {
    const { eventBridge } = setUp();
    // 14 for the time, 1 + 1 for source and type, 2 for the resource, 8 around the padding of 2 bytes a letter.
    const entry = (letters: number, rest = '') =>
      ({
        Source: 's',
        DetailType: 't',
        Time: 0,
        Resources: ['é'],
        Detail: `{"p":"${'é'.repeat(letters)}${rest}"}`,
      }) as const;
    const overhead = 14 + 1 + 1 + 2 + 8;
    const letters = (1_048_576 - overhead) / 2 - 1;
    expect(eventBridge.putEvents([entry(letters, 'a')]).FailedEntryCount).toBe(0);
    expect(() => eventBridge.putEvents([entry(letters, 'ab')])).toThrow(/Total size .* 1048576 bytes/);
  });

  it('answers success for a bus that does not exist, and reports the loss', async () => {
    const { eventBridge, reports, events } = setUp();
    const { FailedEntryCount } = eventBridge.putEvents([{ ...ENTRY, EventBusName: 'nowhere' }]);
    await eventBridge.idle();
    expect(FailedEntryCount).toBe(0);
    expect(events).toEqual([]);
    expect(reports).toEqual([expect.objectContaining({ status: 'no_such_bus', busName: 'nowhere' })]);
  });
});

describe('rules', () => {
  it('deliver to every target of every rule that matches', async () => {
    const { eventBridge, queue, rule } = setUp();
    rule('one', { Input: '"one"' });
    rule('two', { Input: '"two"' }, { detail: { n: [1] } });
    rule('other', { Input: '"other"' }, { detail: { n: [2] } });
    eventBridge.putTargets({ Name: 'one' }, [{ Id: 'second', Arn: QUEUE, InputPath: '$.detail' }]);
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(queue.map(({ payload }) => payload).sort()).toEqual(['"one"', '"two"', '{"n":1}']);
  });

  it('deliver nothing while disabled', async () => {
    const { eventBridge, queue, rule } = setUp();
    rule('all', {});
    eventBridge.putRule({ Name: 'all', EventPattern: { source: ['shop.orders'] }, State: 'DISABLED' });
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(queue).toEqual([]);
    eventBridge.rule({ Name: 'all' }).state = 'ENABLED';
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(queue).toHaveLength(1);
  });

  it('hand on the message group', async () => {
    const { eventBridge, queue, rule } = setUp();
    rule('all', { SqsParameters: { MessageGroupId: 'bot-1' } });
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(queue[0]).toMatchObject({ messageGroupId: 'bot-1' });
  });

  it('keep the order of the events of one call', async () => {
    const { eventBridge, queue, rule } = setUp();
    rule('all', { InputPath: '$.detail.n' });
    eventBridge.putEvents(Array.from({ length: 10 }, (_, n) => ({ ...ENTRY, Detail: `{"n":${n}}` })));
    await eventBridge.idle();
    expect(queue.map(({ payload }) => Number(payload))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

describe('bus to bus', () => {
  const forwarding = (failing?: () => Error | undefined) => {
    const made = setUp(failing);
    const shared = made.eventBridge.createBus('shared');
    made.rule('republish', { Arn: shared.arn, DeadLetterConfig: { Arn: DLQ } });
    return { ...made, shared };
  };

  it('hands on the event as it is', async () => {
    const { eventBridge, queue, rule, events } = forwarding();
    rule('team', {}, { 'detail-type': ['order.changed'] }, 'shared');
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(events.map(([busName]) => busName)).toEqual(['default', 'shared']);
    expect(queue[0]!.payload).toBe(events[0]![1].text);
  });

  it('does not forward an event twice: AWS does not', async () => {
    const { eventBridge, dlq, rule, events } = forwarding();
    rule(
      'back',
      { Arn: eventBridge.bus().arn, DeadLetterConfig: { Arn: DLQ } },
      { source: [{ exists: true }] },
      'shared',
    );
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(events).toHaveLength(2);
    expect(dlq[0]!.messageAttributes).toMatchObject({ ERROR_CODE: 'THIRD_ACCOUNT_HOP_DETECTED', RETRY_ATTEMPTS: '0' });
  });

  it('gives up at once on a bus that is gone', async () => {
    const { eventBridge, dlq, statuses } = forwarding();
    eventBridge.deleteBus('shared');
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(statuses()).toEqual(['dead_lettered']);
    expect(dlq[0]!.messageAttributes).toMatchObject({ ERROR_CODE: 'NO_RESOURCE' });
  });
});

describe('a target that fails', () => {
  it('gets the event again until it takes it', async () => {
    let left = 2;
    const { eventBridge, queue, statuses, rule } = setUp(() => (left-- > 0 ? new Error('busy') : undefined));
    rule('all', {});
    const start = Date.now();
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(queue).toHaveLength(1);
    expect(statuses()).toEqual(['retrying', 'retrying', 'delivered']);
    expect(Date.now() - start).toBeGreaterThanOrEqual(290);
  });

  it('loses the event to its dead-letter queue when the attempts are used up', async () => {
    const { eventBridge, dlq, reports, statuses, rule } = setUp(() => new Error('down'));
    rule('all', { Input: '"x"', DeadLetterConfig: { Arn: DLQ }, RetryPolicy: { MaximumRetryAttempts: 1 } });
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(statuses()).toEqual(['retrying', 'dead_lettered']);
    expect(reports[1]).toMatchObject({ retries: 1, error: { code: 'ERROR_FROM_TARGET', message: 'down' } });
    expect(dlq[0]!.payload).toBe(dlq[0]!.event.text);
    expect(dlq[0]!.messageAttributes).toEqual({
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/all',
      TARGET_ARN: QUEUE,
      ERROR_CODE: 'ERROR_FROM_TARGET',
      ERROR_MESSAGE: 'down',
      EXHAUSTED_RETRY_CONDITION: 'MaximumRetryAttempts',
      RETRY_ATTEMPTS: '1',
    });
  });

  it('is not asked when the input transformer gives no JSON', async () => {
    const { eventBridge, queue, dlq, statuses, rule } = setUp();
    const InputTransformer = { InputPathsMap: { list: '$.detail.list' }, InputTemplate: '{"x":"<list>"}' };
    rule('kept', { InputTransformer, DeadLetterConfig: { Arn: DLQ } });
    rule('lost', { InputTransformer });
    eventBridge.putEvents([{ ...ENTRY, Detail: '{"list":["a"]}' }]);
    await eventBridge.idle();
    expect(statuses().sort()).toEqual(['dead_lettered', 'lost']);
    expect(queue).toEqual([]);
    expect(dlq[0]!.messageAttributes).toMatchObject({ ERROR_CODE: 'INVALID_JSON', RETRY_ATTEMPTS: '0' });
  });

  it('loses the event when it has become too old', async () => {
    let now = 0;
    const failing = () => {
      now += 40_000;
      return new Error('down');
    };
    const { eventBridge, dlq, rule } = setUp(failing, { now: () => new Date(now) });
    rule('all', { DeadLetterConfig: { Arn: DLQ }, RetryPolicy: { MaximumEventAgeInSeconds: 60 } });
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(dlq[0]!.messageAttributes).toMatchObject({
      EXHAUSTED_RETRY_CONDITION: 'MaximumEventAgeInSeconds',
      RETRY_ATTEMPTS: '1',
    });
  });

  it.each([
    ['QueueDoesNotExist', 'NO_RESOURCE'],
    ['AccessDeniedException', 'NO_PERMISSIONS'],
    ['InvalidMessageContents', 'INVALID_PARAMETER'],
  ])('is not tried again after %s', async (name, ERROR_CODE) => {
    const { eventBridge, dlq, statuses, rule } = setUp(() => new AwsError(name, 'no'));
    rule('all', { DeadLetterConfig: { Arn: DLQ } });
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(statuses()).toEqual(['dead_lettered']);
    expect(dlq[0]!.messageAttributes).toMatchObject({ ERROR_CODE, ERROR_MESSAGE: 'no', RETRY_ATTEMPTS: '0' });
    expect(dlq[0]!.messageAttributes).not.toHaveProperty('EXHAUSTED_RETRY_CONDITION');
  });

  it('loses the event for good without a dead-letter queue', async () => {
    const { eventBridge, statuses, rule } = setUp(() => new Error('down'));
    rule('all', { RetryPolicy: { MaximumRetryAttempts: 0 } });
    eventBridge.putEvents([ENTRY]);
    await eventBridge.idle();
    expect(statuses()).toEqual(['lost']);
  });

  it('does not hold up the stop', async () => {
    const { eventBridge, statuses, rule } = setUp(() => new Error('down'));
    rule('all', {});
    eventBridge.putEvents([ENTRY]);
    setTimeout(() => void eventBridge.close(), 150);
    await eventBridge.idle();
    expect(statuses().at(-1)).toBe('abandoned');
  });
});
