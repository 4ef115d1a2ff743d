/** Which events are marked as stale: how times are compared, and what a consumer does in process, also when AWS fails. */
import '../../support/quiet';

import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CATALOGUE, MEETING_EVENT_TYPES, STATUS_TYPES } from '@meetbus/events';
import type { Operation } from '@meetbus/local-cloud/service';
import * as fc from 'fast-check';
import { instantOf, statusTimeOf } from '../../../lambdas/publish/stale';
import type { Normalized } from '../../../providers/kit/normalize';
import { utcTimeOf } from '../../../providers/kit/time';
import { failing, startAws, TABLE_NAME } from '../../support/aws-in-process';
import { base64Of, type Consumer, handOver, newMessage } from '../../support/messages';
import { newConsumer, RUNTIMES } from '../../support/runtimes';

/** A time as a provider may write it. */
const written = fc
  .record({
    seconds: fc.integer({ min: 1_700_000_000, max: 1_700_000_002 }),
    fraction: fc.constantFrom('', '0', '000000', '1', '1000', '100000001', '099999999', '0001', '00010'),
    zoneMinutes: fc.integer({ min: -14 * 60, max: 14 * 60 }),
  })
  .map(({ seconds, fraction, zoneMinutes }) => {
    const local = new Date((seconds + zoneMinutes * 60) * 1_000).toISOString().slice(0, 19);
    const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
    const size = Math.abs(zoneMinutes);
    const zone = `${zoneMinutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
    return {
      text: `${local}${fraction && '.'}${fraction}${zone}`,
      nanoseconds: BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0')),
    };
  });

describe('times', () => {
  it('compare as the instants do, whatever their digits and zones', () => {
    fc.assert(
      fc.property(written, written, (one, other) => {
        const [a, b] = [one, other].map(({ text }) => instantOf(utcTimeOf(text)!)) as [string, string];
        expect(a < b).toBe(one.nanoseconds < other.nanoseconds);
        expect(a === b).toBe(one.nanoseconds === other.nanoseconds);
      }),
      { numRuns: 500 },
    );
  });

  const status = (code: string) => ({ bot: { id: '1' }, status: { code } });
  const botEvent = { type: 'bot.status_changed', subject: 'bot/1', time: '2026-03-02T09:30:00.5Z' } as Normalized;

  const sent = { provider: 'recall', proof: 'signature', receivedTime: '2026-03-02T09:30:00.000Z' } as const;

  it.each<[string, Partial<Normalized>, object | undefined]>([
    ['a status', {}, { key: 'newest#recall#bot/1', instant: '2026-03-02T09:30:00.500000000' }],
    ['a status without a time', { time: undefined }, undefined],
    ['what is no status', { type: 'participant.joined' }, undefined],
    ['a room that opens', { data: status('breakout_room_opened') }, undefined],
    ['a room that closes', { data: status('breakout_room_closed') }, undefined],
    ['a participant who waits', { data: status('participant_in_waiting_room') }, undefined],
    [
      'a room that the bot enters',
      { data: status('breakout_room_entered') },
      { key: 'newest#recall#bot/1', instant: '2026-03-02T09:30:00.500000000' },
    ],
    ["Slack's status, which is of many things", { type: 'slack.status_changed' }, undefined],
  ])('%s', (_name, changes, expected) => {
    expect(statusTimeOf(RUNTIMES.recall, sent, { ...botEvent, ...changes } as Normalized)).toEqual(expected);
  });

  it.each([
    ['5 minutes after the receipt', '2026-03-02T09:35:00.000Z', true],
    ['a nanosecond more', '2026-03-02T09:35:00.000000001Z', false],
    ['in the year 9999', '9999-12-30T00:00:00.000Z', false],
    ['long ago', '0001-01-01T00:00:00.000Z', true],
  ])('of %s: whether they take part', (_name, time, takesPart) => {
    expect(statusTimeOf(RUNTIMES.recall, sent, { ...botEvent, time } as Normalized) !== undefined).toBe(takesPart);
  });

  it.each([
    ['signature', true],
    ['jwt', true],
    ['reconciled', true],
    [undefined, true],
    ['token', false],
  ])('of what is proved by %s: whether they take part', (proof, takesPart) => {
    expect(statusTimeOf(RUNTIMES.recall, { ...sent, proof }, botEvent) !== undefined).toBe(takesPart);
  });

  it('has a key that DynamoDB takes, however long the subject', () => {
    const { key } = statusTimeOf(
      RUNTIMES.recall,
      { ...sent, provider: 'realtimekit' },
      { ...botEvent, subject: '€'.repeat(5_000) },
    )!;
    expect(Buffer.byteLength(key)).toBeLessThanOrEqual(2_048);
  });

  it('are kept of every type that has a status, but for Slack', () => {
    const withStatus = MEETING_EVENT_TYPES.filter((type) => 'status' in CATALOGUE[type].example.data);
    expect([...STATUS_TYPES].sort()).toEqual(withStatus.filter((type) => type !== 'slack.status_changed').sort());
  });
});

describe('a consumer', () => {
  let aws: Awaited<ReturnType<typeof startAws>>;
  let consumer: Consumer;
  beforeAll(async () => {
    aws = await startAws();
    consumer = await newConsumer();
  });
  afterEach(() => {
    aws.mend();
    aws.events.length = 0;
  });
  afterAll(() => aws.close());

  it('does not take the opening of a room for a newer status of the bot', async () => {
    const opened =
      '{"data":{"data":{"code":"breakout_room_opened","updated_at":"2026-02-03T10:00:02Z"},"bot":{"id":"room"}}}';
    await consume(newMessage({ providerEvent: 'bot.breakout_room_opened', body: base64Of(opened) }));
    await consume(message('room', 1));
    expect(published()).toEqual(['2', '1']);
  });

  /** A message about a bot that came to be in a status at some second, or at a time that is not told. */
  function message(bot: string, second: number | undefined) {
    const updated_at = second === undefined ? undefined : `2026-02-03T10:00:${String(second).padStart(2, '0')}Z`;
    const body = `{"data":{"data":{"updated_at":${JSON.stringify(updated_at) ?? null}},"bot":{"id":"${bot}"},"n":1.10}}`;
    return newMessage({ body: base64Of(body) });
  }

  /** Hands messages to the consumer as one batch; gives the places of those that it reports as failed. */
  const consume = (...messages: readonly object[]) => handOver(consumer, messages);

  /** What was published, in order: the second of each event, with a mark where it has one. */
  const published = () =>
    aws.events.map(({ detail }) => {
      const { time, stale } = JSON.parse(detail);
      return `${Number(time.slice(17, 19))}${stale === true ? ' stale' : ''}`;
    });

  it('marks what is older than an event before it, and not what is as old', async () => {
    for (const second of [3, 5, 5, 3, 4, 5, 6, 1]) expect(await consume(message('late', second))).toEqual([]);
    expect(published()).toEqual(['3', '5', '5', '3 stale', '4 stale', '5', '6', '1 stale']);
  });

  it('keeps the digits of the body of what it marks', async () => {
    await consume(message('digits', 2));
    await consume(message('digits', 1));
    expect(aws.events[1]!.detail).toMatch(/"n":1\.10\b.*"stale":true\}$/);
  });

  it('takes no notice of when it received what has no time', async () => {
    for (const second of [5, undefined, 6, undefined]) await consume(message('timeless', second));
    expect(published()).toEqual(['5', '0', '6', '0']);
  });

  it('publishes a batch in order of time, and marks what is older than an earlier batch', async () => {
    await consume(message('batch', 3));
    expect(await consume(message('batch', 5), message('batch', 2), message('other', 1), message('batch', 4))).toEqual(
      [],
    );
    expect(published()).toEqual(['3', '1', '2 stale', '4', '5']);
  });

  /** A message about a bot with another time, and what else is changed. */
  const messageAt = (bot: string, updated_at: string, changes: object = {}) =>
    newMessage({ body: base64Of(JSON.stringify({ data: { data: { updated_at }, bot: { id: bot } } })), ...changes });

  it('does not take a time to come for the newest, and marks nothing by it', async () => {
    await consume(message('ahead', 1));
    await consume(messageAt('ahead', '9999-12-30T00:00:00Z'));
    await consume(message('ahead', 2));
    await consume(message('ahead', 1));
    expect(published()).toEqual(['1', '0', '2', '1 stale']);
  });

  it('forgets a time to come that an earlier version has noted', async () => {
    const dynamoDb = new DynamoDBClient();
    const item = { id: { S: 'newest#recall#bot/blinded' }, newest: { S: '9999-12-30T00:00:00.000000000' } };
    await dynamoDb.send(new PutItemCommand({ TableName: TABLE_NAME, Item: item }));
    dynamoDb.destroy();
    for (const second of [2, 3, 1]) await consume(message('blinded', second));
    expect(published()).toEqual(['2', '3', '1 stale']);
  });

  it('lets nothing that a token alone proved touch what a signature has noted', async () => {
    let run = 0;
    const status = fc.record({ isSigned: fc.boolean(), second: fc.integer({ min: 0, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(status, { minLength: 1, maxLength: 8 }), async (statuses) => {
        const bot = `forged-${run++}`;
        aws.events.length = 0;
        let newest = -1;
        const expected: string[] = [];
        for (const { isSigned, second } of statuses) {
          const forged = messageAt(bot, `9999-12-30T00:00:0${second}Z`, { proof: 'token' });
          await consume(isSigned ? message(bot, second) : forged);
          // A status by token alone is none: it goes to nobody, and leaves no trace.
          expected.push(isSigned ? `bot.status_changed${second < newest ? ' stale' : ''}` : 'event.unrecognized');
          if (isSigned) newest = Math.max(newest, second);
        }
        const seen = aws.events.map(({ type, detail }) => `${type}${JSON.parse(detail).stale ? ' stale' : ''}`);
        expect(seen).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });

  it('does not mark an event for its own first try', async () => {
    const retried = message('retried', 5);
    aws.break('PutEvents', failing);
    expect(await consume(retried)).toEqual([0]);
    aws.mend();
    expect(await consume(retried)).toEqual([]);
    expect(published()).toEqual(['5']);
  });

  /** The first call of PutEvents takes no entry of these seconds. */
  function refusesFirst(...seconds: readonly number[]): (original: Operation) => Operation {
    let calls = 0;
    return (original) => async (input: { Entries: { Detail: string }[] }, call) => {
      if (calls++ > 0) return original(input, call);
      const isTaken = ({ Detail }: { Detail: string }) =>
        !seconds.includes(Number(JSON.parse(Detail).time.slice(17, 19)));
      const taken = input.Entries.filter(isTaken);
      if (taken.length > 0) await original({ Entries: taken }, call);
      const Entries = input.Entries.map((entry) =>
        isTaken(entry) ? { EventId: 'taken' } : { ErrorCode: 'InternalFailure' },
      );
      return { FailedEntryCount: Entries.length - taken.length, Entries };
    };
  }

  it.each([
    ['an older entry that PutEvents takes only after a newer one', [1], ['2', '1 stale']],
    ['no older entry that PutEvents takes before a newer one', [2], ['1', '2']],
    ['neither when it takes none at first', [1, 2], ['1', '2']],
  ])('marks %s', async (name, refused, expected) => {
    aws.break('PutEvents', refusesFirst(...refused));
    expect(await consume(message(name, 2), message(name, 1))).toEqual([]);
    expect(published()).toEqual(expected);
  });

  // The table knows the newer time, and not whether an earlier try brought that event to the bus.
  it('marks an older event that comes again with a newer one, though neither was published before', async () => {
    const batch = [message('outage', 1), message('outage', 2)];
    aws.break('PutEvents', failing);
    expect(await consume(...batch)).toEqual([0, 1]);
    aws.mend();
    expect(await consume(...batch)).toEqual([]);
    expect(published()).toEqual(['1 stale', '2']);
  });

  it('publishes without a mark when the table does not answer, and marks again when it does', async () => {
    await consume(message('table', 5));
    aws.break('UpdateItem', failing);
    expect(await consume(message('table', 4), message('table', 6))).toEqual([]);
    aws.mend();
    expect(await consume(message('table', 3))).toEqual([]);
    expect(published()).toEqual(['5', '4', '6', '3 stale']);
  });
});
