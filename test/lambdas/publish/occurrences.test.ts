/** Events that a backfill has brought back: each occurrence is published once, whichever of its two events is first. */
import '../../support/quiet';

import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { AwsError } from '@meetbus/local-cloud/service';
import {
  instantOfOccurrence,
  isSameTime,
  type Note,
  notedSinceKeyOf,
  noteKeyOf,
  notesIn,
  twinOf,
} from '../../../lambdas/publish/occurrences';
import { runtime as realtimekit } from '../../../providers/realtimekit/runtime';
import { runtime as recall } from '../../../providers/recall/runtime';
import type { ProviderRuntime } from '../../../providers/runtime';
import { failing, startAws, TABLE_NAME } from '../../support/aws-in-process';
import { base64Of, type Consumer, handOver, newMessage } from '../../support/messages';
import { newConsumer } from '../../support/runtimes';
import { until } from '../../support/until';

const at = (seconds: number) => Date.parse('2026-03-02T09:30:00Z') + seconds * 1_000;

const webhook = (eventId: string, seconds?: number): Note => ({
  ...{ eventId, at: seconds === undefined ? undefined : at(seconds), isReconciled: false },
});
const reconciled = (eventId: string, seconds?: number): Note => ({ ...webhook(eventId, seconds), isReconciled: true });

describe('the first note of an occurrence wins', () => {
  it.each<[string, Note, Note[], string | undefined]>([
    ['nothing is known', webhook('w', 0), [], undefined],
    ['a webhook after its twin', webhook('w', 0), [reconciled('r', 0)], 'r'],
    ['a twin after its webhook', reconciled('r', 0), [webhook('w', 0)], 'w'],
    ['two webhooks', webhook('w2', 0), [webhook('w1', 0)], undefined],
    ['two webhooks after a twin', webhook('w2', 0), [reconciled('r', 0), webhook('w1', 0)], 'r'],
    ['two backfills', reconciled('r2', 1), [reconciled('r1', 0)], 'r1'],
    ['two seconds apart', webhook('w', 2), [reconciled('r', 0)], 'r'],
    ['more than two seconds apart', webhook('w', 2.001), [reconciled('r', 0)], undefined],
    ['earlier by more', webhook('w', -2.001), [reconciled('r', 0)], undefined],
    ['a time that is not known', webhook('w'), [reconciled('r', 0)], 'r'],
    // What was a duplicate itself was not published, so it makes no other event one.
    [
      'a webhook near a twin that was a duplicate',
      webhook('w2', 3),
      [webhook('w1', 0), reconciled('r', 1.5)],
      undefined,
    ],
    [
      'a second webhook after a twin that was a duplicate',
      webhook('w2', 0),
      [webhook('w1', 0), reconciled('r', 0)],
      undefined,
    ],
    [
      'a twin near a webhook that was a duplicate',
      reconciled('r2', 3),
      [reconciled('r1', 0), webhook('w', 1.5)],
      undefined,
    ],
    ['its own note', reconciled('r', 0), [reconciled('r', 0)], undefined],
    ['its own note, and a later one', webhook('w', 0), [webhook('w', 0), reconciled('r', 0)], undefined],
    ['its own note, and an earlier one', webhook('w', 0), [reconciled('r', 0), webhook('w', 0)], 'r'],
  ])('%s', (_, own, notes, winner) => {
    expect(twinOf(own, notes)?.eventId).toBe(winner);
  });

  it('times are the same up to two seconds apart', () => {
    expect(isSameTime(at(0), at(2))).toBe(true);
    expect(isSameTime(at(0), at(2.001))).toBe(false);
    expect(isSameTime(undefined, at(5))).toBe(true);
  });
});

describe('in a consumer', () => {
  let aws: Awaited<ReturnType<typeof startAws>>;
  let consumer: Consumer;
  const dynamoDb = () => new DynamoDBClient();
  beforeAll(async () => {
    aws = await startAws();
    consumer = await newConsumer();
  });
  afterEach(() => {
    aws.mend();
    aws.events.length = 0;
  });
  afterAll(() => aws.close());

  const consume = (...messages: readonly object[]) => handOver(consumer, messages);
  const published = () => aws.events.map(({ detail }) => JSON.parse(detail).id as string);

  /** `bot.<code>` of a bot, at so many seconds. */
  function status(bot: string, { seconds = 0, code = 'done', proof = 'signature' } = {}) {
    const updatedAt = new Date(at(seconds)).toISOString();
    const data = { data: { code, sub_code: null, updated_at: updatedAt }, bot: { id: bot, metadata: {} } };
    return newMessage({
      providerEvent: `bot.${code}`,
      proof,
      body: base64Of(JSON.stringify({ event: `bot.${code}`, data })),
    });
  }
  const recovered = (bot: string, options = {}) => status(bot, { ...options, proof: 'reconciled' });
  const idsOf = (...messages: readonly { eventId: string }[]) => messages.map(({ eventId }) => eventId);

  async function itemOf(key: string) {
    const client = dynamoDb();
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: { id: { S: key } } }));
    client.destroy();
    return Item;
  }
  const notesOf = async (bot: string, code = 'done') =>
    notesIn(await itemOf(noteKeyOf('recall', { key: `bot/${bot}#bot.status_changed#${code}` })));

  it('a late webhook of what was brought back is no second event, nor is it when it comes again', async () => {
    const [one, late, again] = [recovered('b1'), status('b1', { seconds: 1 }), status('b1')];
    expect(await consume(one)).toEqual([]);
    expect(await consume(late)).toEqual([]);
    expect(await consume(late, again, one)).toEqual([]);
    expect(published()).toEqual(idsOf(one));
    expect(JSON.parse(aws.events[0]!.detail)).toMatchObject({ proof: 'reconciled', type: 'bot.status_changed' });
  });

  it('what a webhook reported meanwhile is not brought back', async () => {
    const [webhookEvent, late] = [status('b2'), recovered('b2')];
    expect(await consume(webhookEvent, late)).toEqual([]);
    expect(await consume(late)).toEqual([]);
    expect(published()).toHaveLength(1);
    expect(await consume(webhookEvent)).toEqual([]);
    expect(published()).toHaveLength(1);
  });

  it('of two that are published at the same moment, one is', async () => {
    const other = await newConsumer();
    const bots = Array.from({ length: 10 }, (_, index) => `race-${index}`);
    const [webhooks, back] = [bots.map((bot) => status(bot)), bots.map((bot) => recovered(bot, { seconds: 1 }))];
    expect(await Promise.all([consume(...webhooks), handOver(other, back)])).toEqual([[], []]);
    expect(aws.events.map(({ detail }) => JSON.parse(detail).subject).sort()).toEqual(bots.map((bot) => `bot/${bot}`));
  });

  it('two webhooks of one occurrence stay two events, and so does a status that comes again', async () => {
    const messages = [status('b3'), status('b3'), recovered('b3', { seconds: 60 }), status('b3', { seconds: 120 })];
    expect(await consume(...messages)).toEqual([]);
    expect(published().sort()).toEqual(idsOf(...messages).sort());
    expect((await notesOf('b3')).map(({ eventId }) => eventId).sort()).toEqual(idsOf(...messages).sort());
  });

  it('an event that could not be published is published later, though a twin came between', async () => {
    const [first, twin] = [status('b4'), recovered('b4')];
    aws.break('PutEvents', failing);
    expect(await consume(first)).toEqual([0]);
    aws.mend();
    expect(await consume(twin)).toEqual([]);
    expect(published()).toEqual([]);
    expect(await consume(first)).toEqual([]);
    expect(published()).toEqual(idsOf(first));
  });

  it('without the table, a webhook is published and not noted; what a backfill brings back waits', async () => {
    aws.break('UpdateItem', failing);
    const [event, back] = [status('b5'), recovered('b6')];
    expect(await consume(event, back)).toEqual([1]);
    expect(published()).toEqual(idsOf(event));
    aws.mend();
    expect(await notesOf('b5')).toEqual([]);
    expect(await consume(back)).toEqual([]);
    expect(published()).toEqual(idsOf(event, back));
  });

  type Update = (input: { readonly Key: { readonly id: { readonly S: string } } }, call: never) => unknown;
  /** Carries out the writes of notes in another way. */
  const breakNotes = (broken: (carryOut: () => unknown) => unknown) =>
    aws.break(
      'UpdateItem',
      (original) =>
        ((input: Parameters<Update>[0], call: never) => {
          const carryOut = () => (original as Update)(input, call);
          return input.Key.id.S.startsWith('occurrence#') ? broken(carryOut) : carryOut();
        }) as typeof original,
    );

  it('notes a batch in parallel, and publishes it while all of its notes hang', async () => {
    const { promise: mended, resolve: mend } = Promise.withResolvers<void>();
    let hanging = 0;
    breakNotes(async (carryOut) => {
      hanging += 1;
      await mended;
      return carryOut();
    });
    const messages = Array.from({ length: 10 }, (_, index) => status(`hanging-${index}`));
    const consuming = consume(...messages);
    await until(() => hanging === 10, 'all notes, while none is answered');
    expect(await consuming).toEqual([]);
    expect(published().sort()).toEqual(idsOf(...messages).sort());
    mend();
  });

  it('a note whose answer is lost is no twin of its own event', async () => {
    let lost = 0;
    breakNotes(async (carryOut) => {
      const answer = await carryOut();
      if (++lost > 2) return answer;
      throw new AwsError('InternalServerError', 'The answer is lost.', 500);
    });
    const [event, back] = [status('b10'), recovered('b11')];
    expect(await consume(event)).toEqual([]);
    lost = 0;
    expect(await consume(back)).toEqual([]);
    expect(published()).toEqual(idsOf(event, back));
    expect(await notesOf('b10')).toHaveLength(1);
    expect(await notesOf('b11')).toHaveLength(1);
  });

  it('keeps few notes of one occurrence: more are published, and not noted', async () => {
    for (let index = 0; index < 18; index++) await consume(status('b7', { seconds: 10 * index }));
    expect(await notesOf('b7')).toHaveLength(15);
    expect(published()).toHaveLength(18);
  });

  it('records since when it notes, and keeps that', async () => {
    const since = async () => (await itemOf(notedSinceKeyOf('recall')))?.since?.S;
    const first = await since();
    expect(Date.parse(String(first))).toBeLessThanOrEqual(Date.now());
    await handOver(await newConsumer(), [status('b8')]);
    expect(await since()).toBe(first);
  });

  it('notes no live event', async () => {
    const body = {
      event: 'transcript.data',
      data: { transcript: { id: 't' }, bot: { id: 'b9' }, data: { words: [] } },
    };
    expect(
      await consume(
        newMessage({ providerEvent: body.event, family: 'transcript', body: base64Of(JSON.stringify(body)) }),
      ),
    ).toEqual([]);
    expect(published()).toHaveLength(1);
  });
});

describe('what the events of a provider report', () => {
  /** The occurrence of a body. */
  function occurrenceOf(runtime: ProviderRuntime<never>, body: { readonly event: string }) {
    const event = runtime.normalize(body, body.event);
    if (event === undefined || 'problems' in event) throw new Error(`${body.event} is not understood.`);
    return runtime.occurrenceOf?.(event);
  }

  it('both generations of a status of Recall.ai are the same', () => {
    const status = { code: 'in_call_recording', sub_code: null };
    const time = '2026-03-02T09:30:00.123456Z';
    const newer = { event: 'bot.in_call_recording', data: { data: { ...status, updated_at: time }, bot: { id: 'b' } } };
    const older = { event: 'bot.status_change', data: { bot_id: 'b', status: { ...status, created_at: time } } };
    expect(occurrenceOf(recall, newer)).toEqual({ key: 'bot/b#bot.status_changed#in_call_recording', time });
    expect(occurrenceOf(recall, older)).toEqual(occurrenceOf(recall, newer));
    expect(instantOfOccurrence(occurrenceOf(recall, newer)!)).toBe(Date.parse(time));
  });

  it.each(['summary', 'transcript'])('a %s of RealtimeKit has its session in the meeting, or at the top', (file) => {
    const event = `meeting.${file}`;
    const key = `meeting/m#s#${file}.ready`;
    const [within, flat] = [{ meeting: { id: 'm', sessionId: 's' } }, { meetingId: 'm', sessionId: 's' }];
    expect(occurrenceOf(realtimekit, { event, ...within } as never)).toEqual({ key });
    expect(occurrenceOf(realtimekit, { event, ...flat } as never)).toEqual({ key });
  });

  it('the start of a session of RealtimeKit needs its session, and no time', () => {
    const meeting = { id: 'm', sessionId: 's', startedAt: '2026-03-02T09:30:00Z' };
    expect(occurrenceOf(realtimekit, { event: 'meeting.started', meeting } as never)).toEqual({
      key: 'meeting/m#s#meeting.started',
    });
    const { sessionId: _, ...without } = meeting;
    expect(occurrenceOf(realtimekit, { event: 'meeting.started', meeting: without } as never)).toBeUndefined();
  });
});
