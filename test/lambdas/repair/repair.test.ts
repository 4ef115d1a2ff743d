/**
 * What has begun and not ended: a consumer remembers it, the API is asked at its time, and what is missing comes back once.
 * Consumer, table, queues and secrets are real; the APIs are fakes over HTTP.
 */
import '../../support/quiet';

import { DeleteItemCommand, DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { createSendToQueue } from '../../../lambdas/ingest/queues';
import { createBringBackSqsClient } from '../../../lambdas/platform/clients';
import { REPAIR_VARIABLE } from '../../../lambdas/platform/environment';
import { notedSinceKeyOf } from '../../../lambdas/publish/occurrences';
import type * as Repair from '../../../lambdas/repair/repair';
import { backfill as ofRealtimekit } from '../../../providers/realtimekit/backfill';
import { newSession, SessionsApi } from '../../../providers/realtimekit/test/support/sessions-api';
import { backfill as ofRecall } from '../../../providers/recall/backfill';
import { newBot, newFile, RecallApi } from '../../../providers/recall/test/support/recall-api';
import { failing, startAws, TABLE_NAME } from '../../support/aws-in-process';
import { base64Of, type Consumer, handOver, newMessage } from '../../support/messages';
import { newConsumer, RUNTIMES } from '../../support/runtimes';

const MINUTE_MS = 60_000;
const HOURS_MS = 60 * MINUTE_MS;
const API_URL = 'https://api.example.com/v1/';

/** Messages that a queue hands to a consumer at a time. */
const LARGEST_BATCH = 10;

// Some tests play days of runs, one after the other.
jest.setTimeout(60_000);

let aws: Awaited<ReturnType<typeof startAws>>;
let recall: RecallApi;
let sessions: SessionsApi;
let consumer: Consumer;
let client: DynamoDBClient;
let createRepair: typeof Repair.createRepair;
let mostTries: number;
beforeAll(async () => {
  [aws, recall, sessions] = await Promise.all([startAws(), RecallApi.start(), SessionsApi.start()]);
  process.env[REPAIR_VARIABLE] = 'enabled';
  // Metrics are looked at here.
  delete process.env.POWERTOOLS_METRICS_DISABLED;
  ({ createRepair, MOST_TRIES: mostTries } = await import('../../../lambdas/repair/repair'));
  client = new DynamoDBClient();
  for (const provider of ['recall', 'realtimekit']) {
    const Item = { id: { S: notedSinceKeyOf(provider) }, since: { S: '2026-01-01T00:00:00Z' } };
    await client.send(new PutItemCommand({ TableName: TABLE_NAME, Item }));
  }
  consumer = await newConsumer();
});
afterAll(async () => {
  client.destroy();
  await Promise.all([aws.close(), recall.api.close(), sessions.api.close()]);
});

/** When what a test is about begins. Minutes and hours count from it. */
const begun = Date.now();
beforeEach(async () => {
  for (const id of await keysWith('due#', 'repair#')) {
    await client.send(new DeleteItemCommand({ TableName: TABLE_NAME, Key: { id: { S: id } } }));
  }
  jest.useFakeTimers({
    now: begun,
    doNotFake: ['setTimeout', 'setInterval', 'setImmediate', 'nextTick', 'performance'],
  });
  recall.reset();
  sessions.reset();
  aws.mend();
  aws.events.length = 0;
});
afterEach(() => jest.useRealTimers());

const at = (minutes: number) => new Date(begun + minutes * MINUTE_MS).toISOString();
const later = (hours: number) => begun + hours * HOURS_MS;

type Name = 'recall' | 'realtimekit';

/** What one run did. */
interface Ran {
  readonly metrics: Readonly<Record<string, number>>;
  readonly requests: readonly string[];
  /** Provider events that were sent to the queues and published. */
  readonly published: readonly string[];
}

async function run(
  provider: Name,
  now: number,
  options: object = {},
  lastCall = new AbortController().signal,
): Promise<Ran> {
  const fake = provider === 'recall' ? recall : sessions;
  const repair = createRepair({
    ...{ client, tableName: TABLE_NAME, apiUrl: API_URL, requestsPerRun: 60, firstWaitMs: 1, perSecond: 100_000 },
    sendToQueue: createSendToQueue(createBringBackSqsClient(), 2_000),
    readKey: async () => fake.environment,
    ...options,
  });
  const backfill = provider === 'recall' ? ofRecall : ofRealtimekit;
  const before = fake.api.requests.length;
  jest.setSystemTime(now);
  const metrics = await metricsOf(() =>
    repair({ name: provider, runtime: RUNTIMES[provider], backfill }, now, {
      signal: new AbortController().signal,
      lastCall,
    }),
  );
  const sent = (
    await Promise.all(['bot', 'recording', 'meeting', 'participant', 'workspace'].map(aws.messagesOf))
  ).flat();
  aws.events.length = 0;
  while (sent.length > 0) {
    const batch = sent.splice(0, LARGEST_BATCH);
    await metricsOf(async () => expect(await handOver(consumer, batch)).toEqual([]));
  }
  expect(aws.events.filter(({ detail }) => JSON.parse(detail).proof !== 'reconciled')).toEqual([]);
  return {
    metrics,
    requests: fake.api.requests.slice(before),
    published: aws.events
      .map(({ detail }) => `${JSON.parse(detail).subject} ${JSON.parse(detail).providerevent}`)
      .sort(),
  };
}

/** The sums of the metrics that work prints, in the embedded format. */
async function metricsOf(work: () => Promise<unknown>): Promise<Readonly<Record<string, number>>> {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  await work().finally(() => spy.mockRestore());
  const sums: Record<string, number> = {};
  for (const line of written.filter((one) => one.includes('"_aws"'))) {
    for (const [name, value] of Object.entries(JSON.parse(line))) {
      if (typeof value === 'number') sums[name] = (sums[name] ?? 0) + value;
    }
  }
  return sums;
}

async function arrives(message: object, by = consumer): Promise<void> {
  await metricsOf(async () => expect(await handOver(by, [newMessage(message)])).toEqual([]));
}

/** A bot's webhook arrives. */
async function botSays(bot: string, code: string, minutes: number): Promise<void> {
  const event = `bot.${code}`;
  const data = { data: { code, sub_code: null, updated_at: at(minutes) }, bot: { id: bot, metadata: {} } };
  const body = base64Of(JSON.stringify({ event, data }));
  await arrives({ providerEvent: event, body, receivedTime: at(minutes) });
}

const statuses = (...codes: readonly [string, number][]) => codes.map(([code, minutes]) => ({ code, at: at(minutes) }));
const WHOLE = statuses(['joining_call', 0], ['in_call_recording', 1], ['call_ended', 30], ['done', 31]);

async function keysWith(...prefixes: readonly string[]): Promise<string[]> {
  const { Items = [] } = await client.send(new ScanCommand({ TableName: TABLE_NAME }));
  const keys = Items.flatMap(({ id }) => id?.S ?? []);
  return keys.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
}
const dueKeys = () => keysWith('due#');

/** Without the one request an hour that looks at the sender. */
const aboutSubjects = ({ requests }: Ran) => requests.filter((one) => !/status_code=failed|\/webhooks/.test(one));

it('asks nothing while all is well: before something is due, and when its end has come', async () => {
  await botSays('well', 'joining_call', 0);
  expect(aboutSubjects(await run('recall', later(3)))).toEqual([]);
  await botSays('well', 'done', 31);
  const ran = await run('recall', later(5));
  expect(aboutSubjects(ran)).toEqual([]);
  expect(ran.metrics).toMatchObject({ RepairFailed: 0, SenderTrouble: 0 });
  expect(ran.metrics.Recovered).toBeUndefined();
  expect(await dueKeys()).toEqual([]);
  // The sender is looked at once an hour.
  expect((await run('recall', later(5.5))).requests).toEqual([]);
});

it('brings back what never came of a bot that is overdue, once', async () => {
  await botSays('lost', 'joining_call', 0);
  recall.bots = [newBot('lost', WHOLE), newBot('other', WHOLE)];
  const first = await run('recall', later(5));
  expect(first.published).toEqual(['bot/lost bot.call_ended', 'bot/lost bot.done', 'bot/lost bot.in_call_recording']);
  expect(first.metrics).toMatchObject({ Recovered: 3, RepairFailed: 0 });
  // One bot is asked for by its id.
  expect(aboutSubjects(first)[0]).toBe('/api/v1/bot/lost/');
  expect(await dueKeys()).toEqual([]);
  const second = await run('recall', later(7));
  expect([aboutSubjects(second), second.published]).toEqual([[], []]);
});

it('asks for lists where many are overdue, never for one bot after the other', async () => {
  const bots = Array.from({ length: 40 }, (_, index) => `many-${index}`);
  for (const bot of bots) await botSays(bot, 'joining_call', 0);
  recall.bots = bots.map((bot) => newBot(bot, WHOLE));
  const ran = await run('recall', later(5));
  expect(aboutSubjects(ran).length).toBeLessThan(10);
  expect(ran.requests.filter((one) => one.startsWith('/api/v1/bot/many'))).toEqual([]);
  expect(ran.metrics.Recovered).toBe(3 * bots.length);
});

it('leaves alone what goes on, asks again at growing distances, and gives up in the end', async () => {
  await botSays('long', 'joining_call', 0);
  recall.bots = [newBot('long', WHOLE.slice(0, 2))];
  const asked: number[] = [];
  let givenUp = 0;
  for (let hours = 4; hours < 60; hours += 0.5) {
    const ran = await run('recall', later(hours));
    expect(ran.published).toEqual([]);
    if (aboutSubjects(ran).length > 0) asked.push(hours);
    givenUp += ran.metrics.RepairGivenUp ?? 0;
  }
  expect(asked).toHaveLength(mostTries);
  const distances = asked.slice(1).map((hours, index) => hours - (asked[index] as number));
  expect(distances).toEqual(distances.toSorted((a, b) => a - b));
  expect(distances.at(-1)).toBeGreaterThan(15);
  expect(givenUp).toBe(1);
  expect(await dueKeys()).toEqual([]);
});

it.each([429, 500])('asks again later where the API answers %s, and brings it back then', async (status) => {
  const bot = `down-${status}`;
  await botSays(bot, 'joining_call', 0);
  recall.bots = [newBot(bot, WHOLE)];
  recall.fail(/./, { status });
  const failed = await run('recall', later(5));
  expect(failed.metrics).toMatchObject({ RepairFailed: 1 });
  // After its retries nothing else is asked for.
  expect(new Set(failed.requests)).toEqual(new Set([`/api/v1/bot/${bot}/`]));
  recall.reset();
  recall.bots = [newBot(bot, WHOLE)];
  expect(aboutSubjects(await run('recall', later(5.5)))).toEqual([]);
  expect((await run('recall', later(6.5))).metrics.Recovered).toBe(3);
});

it('waits as long as the API asks', async () => {
  await botSays('wait', 'joining_call', 0);
  recall.bots = [newBot('wait', WHOLE)];
  recall.fail(/./, { status: 429, headers: { 'retry-after': String(3 * 3_600) } });
  expect((await run('recall', later(5))).requests).toHaveLength(1);
  recall.api.rules.length = 0;
  const paused = await run('recall', later(7));
  expect(paused.requests).toEqual([]);
  expect(paused.metrics.RepairFailed).toBe(1);
  expect((await run('recall', later(9))).metrics.Recovered).toBe(3);
});

it('keeps to its budget of a run, and of a day, and asks for the rest later', async () => {
  await botSays('budget', 'joining_call', 0);
  recall.bots = Array.from({ length: 5 }, (_, index) => newBot(`filler-${index}`, WHOLE));
  recall.bots.push(newBot('budget', WHOLE));
  await botSays('budget-2', 'joining_call', 0);
  recall.pageSize = 1;
  const ran = await run('recall', later(5), { requestsPerRun: 3 });
  expect(ran.requests).toHaveLength(3);
  expect(ran.metrics).toMatchObject({ RepairFailed: 1 });
  expect(ran.metrics.RepairGivenUp).toBeUndefined();
  recall.pageSize = 100;
  expect((await run('recall', later(5.75))).metrics.Recovered).toBe(3);
});

it('ends in time, and asks for the rest later', async () => {
  await botSays('slow', 'joining_call', 0);
  recall.bots = [newBot('slow', WHOLE)];
  const late = await run('recall', later(5), {}, AbortSignal.abort());
  expect([late.requests, late.metrics.RepairFailed]).toEqual([[], 1]);
  expect((await run('recall', later(5.75))).metrics.Recovered).toBe(3);
});

it('gives up what no budget suffices for, after eight days', async () => {
  await botSays('huge', 'joining_call', 0);
  recall.bots = [newBot('huge', WHOLE.slice(0, 2))];
  let givenUp = 0;
  for (let hours = 5; hours < 9 * 24; hours += 12) {
    givenUp += (await run('recall', later(hours), { requestsPerRun: 1 })).metrics.RepairGivenUp ?? 0;
  }
  expect([givenUp, await dueKeys()]).toEqual([1, []]);
});

it('waits for a day at most, whatever the API asks', async () => {
  await botSays('years', 'joining_call', 0);
  recall.bots = [newBot('years', WHOLE)];
  recall.fail(/./, { status: 429, headers: { 'retry-after': '9'.repeat(200) } });
  expect((await run('recall', later(5))).requests).toHaveLength(1);
  recall.api.rules.length = 0;
  expect((await run('recall', later(28))).requests).toEqual([]);
  expect((await run('recall', later(30))).metrics.Recovered).toBe(3);
});

it('says so where there is no key, or a refused one, and forgets nothing', async () => {
  await botSays('keyless', 'joining_call', 0);
  recall.bots = [newBot('keyless', WHOLE)];
  const missing = await run('recall', later(5), { readKey: async () => ({}) });
  expect([missing.requests, missing.metrics.RepairFailed]).toEqual([[], 1]);
  const number = { ...recall.environment, RECALL_API_KEY: 7 };
  const unreadable = await run('recall', later(5.1), { readKey: async () => number });
  expect([unreadable.requests, unreadable.metrics.RepairFailed]).toEqual([[], 1]);
  const wrong = { ...recall.environment, RECALL_API_KEY: 'another' };
  const refused = await run('recall', later(5.25), { readKey: async () => wrong });
  expect([refused.requests.length, refused.metrics.RepairFailed]).toEqual([1, 1]);
  expect((await run('recall', later(5.5))).metrics).toMatchObject({ Recovered: 3, RepairFailed: 0 });
});

it('does a run again that a queue has stopped, and publishes nothing twice', async () => {
  await botSays('queue', 'joining_call', 0);
  recall.bots = [newBot('queue', WHOLE)];
  aws.break('SendMessage', failing);
  await expect(run('recall', later(5))).rejects.toThrow();
  aws.mend();
  expect((await run('recall', later(5.25))).published).toHaveLength(3);
});

it('brings back the end of a session, and reads no other session', async () => {
  const meeting = { id: 'm-1', sessionId: 's-1', title: 'Planning', startedAt: at(0) };
  const body = base64Of(JSON.stringify({ event: 'meeting.started', meeting }));
  const message = { provider: 'realtimekit', family: 'meeting', providerEvent: 'meeting.started', body };
  await arrives({ ...message, receivedTime: at(0) });
  const times = { start: at(0), end: at(40) };
  sessions.sessions = ['1', '2'].map((id) => ({
    ...{ row: newSession(`s-${id}`, `m-${id}`, times), participants: [], files: [] },
  }));
  const ran = await run('realtimekit', later(5));
  expect(ran.published).toEqual(['meeting/m-1 meeting.ended']);
  expect(ran.metrics.Recovered).toBe(1);
  expect(ran.requests.filter((one) => one.includes('s-2'))).toEqual([]);
});

it('finds a webhook that is disabled, gone, or lacks events, and says so until it is mended', async () => {
  const webhook = {
    id: 'w',
    url: `${API_URL}realtimekit/webhooks/a-token`,
    events: ['meeting.started'],
    enabled: false,
  };
  const whole = {
    ...webhook,
    enabled: true,
    events: (await import('../../../providers/realtimekit/backfill/webhook')).WEBHOOK_EVENTS,
  };
  for (const [hours, webhooks, troubles] of [
    [1, [], 1],
    [2, [webhook], 2],
    [3, [{ ...whole, enabled: false }], 1],
    // Between two looks, what was found last holds.
    [3.5, [whole], 1],
    [4.5, [{ ...webhook, url: 'https://other.example.com/' }, whole], 0],
  ] as const) {
    sessions.webhooks = webhooks;
    expect((await run('realtimekit', later(hours))).metrics).toMatchObject({
      SenderTrouble: troubles,
      RepairFailed: 0,
    });
  }
});

it('publishes that a real-time endpoint is dead, which its alarm counts, and no recovery', async () => {
  const named = { bot: { id: 'dead', metadata: {} }, recording: { id: 'r', metadata: {} } };
  recall.lists.realtime_endpoint = [
    newFile('endpoint', { code: 'failed', at: at(-30) }, named),
    newFile('running', { code: 'running', at: at(-30) }, named),
  ];
  const ran = await run('recall', later(1));
  expect(ran.published).toEqual(['endpoint/endpoint realtime_endpoint.failed']);
  expect(ran.metrics.Recovered).toBeUndefined();
  expect((await run('recall', later(2.5))).published).toEqual([]);
});

it('publishes beginnings whatever the table does, and remembers none where repair is off', async () => {
  aws.break('UpdateItem', failing);
  await botSays('no-table', 'joining_call', 0);
  aws.mend();
  process.env[REPAIR_VARIABLE] = '';
  const without = await newConsumer();
  process.env[REPAIR_VARIABLE] = 'enabled';
  const body = base64Of(
    JSON.stringify({
      event: 'bot.joining_call',
      data: { data: { code: 'joining_call', updated_at: at(0) }, bot: { id: 'off' } },
    }),
  );
  await arrives({ providerEvent: 'bot.joining_call', body, receivedTime: at(0) }, without);
  expect(aws.events.map(({ detail }) => JSON.parse(detail).subject)).toEqual(['bot/no-table', 'bot/off']);
  expect(await dueKeys()).toEqual([]);
});
