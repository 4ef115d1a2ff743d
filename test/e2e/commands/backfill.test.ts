/**
 * `npx meetbus backfill`: a third of the deliveries never reaches the gateway. What the APIs know of it comes back, each
 * event once, also when its webhook comes late. `npm run test:backfill` has 200 bots and 50 sessions play.
 */
import { randomUUID } from 'node:crypto';
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteItemCommand, PutItemCommand, type PutItemCommandInput, ScanCommand } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { localClientConfig } from '../../../bin/local/client-config';
import { apiSecretNameOf } from '../../../lambdas/platform/environment';
import { METRIC, METRIC_NAMESPACE } from '../../../lambdas/platform/metric-names';
import { dueKeysOf, slotAt } from '../../../lambdas/publish/due';
import { notedSinceKeyOf } from '../../../lambdas/publish/occurrences';
import { WEBHOOK_EVENTS } from '../../../providers/realtimekit/backfill/webhook';
import { SECRETS, SessionsApi } from '../../../providers/realtimekit/test/support/sessions-api';
import { LINK, newBot, RecallApi } from '../../../providers/recall/test/support/recall-api';
import { isOver } from '../../support/alarms';
import { runCli, startCli } from '../../support/cli';
import { playBot, playSession, type Webhook } from '../../support/lost-deliveries';
import { inParallel } from '../../support/parallel';
import { startWorld, type World, warmUp } from '../../support/providers';
import type { Subscription } from '../../support/subscription';
import { until } from '../../support/until';

const BOTS = Number(process.env.BACKFILL_BOTS ?? 12);
const SESSIONS = Number(process.env.BACKFILL_SESSIONS ?? 4);
/** Requests of a run, with a hundred rows in a page of Recall.ai, and fifty in one of RealtimeKit. */
const REQUESTS = {
  recall: 3 * Math.ceil(BOTS / 100) + 4,
  realtimekit: 2 * Math.ceil(SESSIONS / 50) + 4 * SESSIONS,
} as const;

/** For what hangs: many times what it takes. */
const PLAY_MS = 90_000 + 2_000 * (BOTS + SESSIONS);
const HOUR_MS = 3_600_000;
const AT_A_TIME = 8;

/** Its function has no key until its own test, so it asks no API before. */
const WITH_REPAIR = ['-c', 'meetbus={"repair":{"enabled":true}}'];

let world: World;
let recall: RecallApi;
let sessions: SessionsApi;
let shared: Subscription;
const start = Date.now() - HOUR_MS;

beforeAll(async () => {
  [world, recall, sessions] = await Promise.all([startWorld(WITH_REPAIR), RecallApi.start(), SessionsApi.start()]);
  world.meetbus.secrets.addAll([recall.key, sessions.token, LINK, ...SECRETS]);
  await warmUp(world);
  shared = await world.meetbus.subscribeToAll('shared');
});
afterAll(async () => {
  await Promise.all([recall.api.close(), sessions.api.close()]);
  await world.close();
});

type Provider = Webhook['provider'];
const environmentOf = (provider: Provider) => (provider === 'recall' ? recall : sessions).environment;

/** What was noted before the test's own time is not compared, because nothing is: the events are an hour old. */
const flags = (provider: Provider, args: readonly string[]) => [
  ...['backfill', provider, '--since', '3h', '--rate', '1000', '--include-unnoted'],
  ...['--local', '--state', world.meetbus.state, ...args],
];
const backfill = (provider: Provider, ...args: readonly string[]) =>
  runCli(flags(provider, args), { env: environmentOf(provider) });

interface Said {
  readonly events: readonly { readonly eventId: string; readonly state: string; readonly subject: string }[];
  readonly gaps: readonly { readonly gap: string; readonly count: number }[];
  readonly requests: number;
  readonly isWhole: boolean;
}
async function json(provider: Provider, ...args: readonly string[]): Promise<Said> {
  const { code, stdout, stderr } = await backfill(provider, '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}
const count = ({ events }: Said, state: string) => events.filter((event) => event.state === state).length;

const post = (webhooks: readonly Webhook[]) =>
  inParallel(AT_A_TIME, webhooks, async ({ provider, body }) => {
    const { status } = await world.meetbus.post(world[provider].signed(body));
    expect(status).toBe(200);
  });

/** Everything that subscribers have got. EventBridge may deliver an event twice, under its id. */
async function arrived() {
  await world.meetbus.settled();
  return [...new Map((await shared.drain()).map(({ detail }) => [detail.id, detail])).values()];
}

/** A metric of a provider, over all the time of the test. */
async function metric(provider: Provider, MetricName: string, Stat: string): Promise<number> {
  const client = new CloudWatchClient(localClientConfig(world.meetbus.awsUrl));
  const Dimensions = [
    { Name: 'service', Value: 'Meetbus' },
    { Name: 'provider', Value: provider },
  ];
  const Metric = { Namespace: METRIC_NAMESPACE, MetricName, Dimensions };
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      ...{ StartTime: new Date(Date.now() - HOUR_MS), EndTime: new Date(Date.now() + 60_000) },
      MetricDataQueries: [{ Id: 'one', MetricStat: { Metric, Period: 7_200, Stat } }],
    }),
  );
  client.destroy();
  return (MetricDataResults[0]?.Values ?? []).reduce((sum, value) => sum + value, 0);
}

it(
  'brings back what the APIs know, each event once, and a late webhook is no second event',
  async () => {
    const before = (await arrived()).length;
    const webhooks = [
      ...Array.from({ length: BOTS }, (_, index) => playBot(recall, start + index)),
      ...Array.from({ length: SESSIONS }, (_, index) => playSession(sessions, start + index)),
    ].flat();
    const swallowed = webhooks.filter((_, index) => index % 3 === 0);
    await post(webhooks.filter((_, index) => index % 3 !== 0));
    const inTime = webhooks.length - swallowed.length;
    expect((await arrived()).length - before).toBe(inTime);

    const missing = (provider: Provider) => swallowed.filter((one) => one.provider === provider && one.isInApi).length;
    for (const provider of ['recall', 'realtimekit'] as const) {
      const known = webhooks.filter((one) => one.provider === provider && one.isInApi).length - missing(provider);
      const first = await json(provider);
      expect(first.requests).toBe(REQUESTS[provider]);
      expect([count(first, 'sent'), count(first, 'known'), count(first, 'missing')]).toEqual([
        missing(provider),
        known,
        0,
      ]);
      await world.meetbus.settled();
      const second = await json(provider);
      expect([count(second, 'sent'), count(second, 'known')]).toEqual([0, known + missing(provider)]);
    }
    const recovered = (await arrived()).filter(({ proof }) => proof === 'reconciled');
    // What came back is stale where a newer status came in time.
    const newest = new Map<string, number>();
    const inOrder = (await arrived()).filter(
      ({ type, proof }) => type === 'bot.status_changed' && proof === 'signature',
    );
    for (const { subject, time } of inOrder) {
      newest.set(String(subject), Math.max(newest.get(String(subject)) ?? 0, Date.parse(String(time))));
    }
    const late = recovered.filter(({ subject, time }) => Date.parse(String(time)) < (newest.get(String(subject)) ?? 0));
    expect(late.length).toBeGreaterThan(BOTS / 3);
    expect(late.filter(({ stale }) => stale !== true)).toEqual([]);
    expect(recovered).toHaveLength(missing('recall') + missing('realtimekit'));
    expect(await arrived()).toHaveLength(before + inTime + recovered.length);

    await post(swallowed);
    // Of these webhooks alone the APIs knew nothing.
    const unknowable = swallowed.filter(({ isInApi }) => !isInApi).length;
    expect(unknowable).toBeGreaterThan(0);
    expect(await arrived()).toHaveLength(before + inTime + recovered.length + unknowable);
    // Otherwise an alarm would say that deliveries are accepted and not published.
    for (const provider of ['recall', 'realtimekit'] as const) {
      expect(await metric(provider, METRIC.publishDelay, 'SampleCount')).toBe(
        await metric(provider, METRIC.accepted, 'Sum'),
      );
    }
  },
  PLAY_MS,
);

it('prints a table that fits, and neither a key nor a link', async () => {
  playBot(recall, start);
  playSession(sessions, start);
  for (const [provider, secrets] of [
    ['recall', [recall.key, 'recall-link-secret']],
    ['realtimekit', [sessions.token, ...SECRETS]],
  ] as const) {
    const { code, stdout, stderr } = await runCli(flags(provider, ['--dry-run']), {
      env: { ...environmentOf(provider), COLUMNS: '80' },
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/subject +reported +known +would be sent/);
    expect(stdout).toMatch(/dry run: \d+ of \d+ events that .* reports \(\d+ requests\) would be sent/);
    expect(stdout).toContain('Cannot be recovered: ');
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
    for (const secret of secrets) expect(stdout + stderr).not.toContain(secret);
  }
});

it('is limited to one subject', async () => {
  const [webhook] = playBot(recall, start);
  const bot = String(webhook?.reports.split(' ')[0]);
  const said = await json('recall', '--subject', `bot/${bot}`);
  expect(said.events).toHaveLength(7);
  expect(recall.api.of(`/api/v1/bot/${bot}/`)).toHaveLength(1);
  await world.meetbus.settled();
  expect(count(await json('recall', '--subject', `bot/${bot}`), 'known')).toBe(7);
});

it('says that a list was cut, sends what it has, and ends with 1', async () => {
  const [webhook] = playBot(recall, start);
  const bot = String(webhook?.reports.split(' ')[0]);
  recall.fail(/v1\/transcript\//, { status: 503, headers: { 'retry-after': '0' } });
  const { code, stdout } = await backfill('recall', '--json', '--subject', `bot/${bot}`);
  recall.api.reset();
  const said: Said = JSON.parse(stdout);
  expect([code, count(said, 'sent')]).toEqual([1, 6]);
  expect(said.gaps).toContainEqual(
    expect.objectContaining({ gap: expect.stringContaining('transcript'), isIncomplete: true }),
  );
});

it('ends when it is stopped, and sends nothing that it has not compared', async () => {
  recall.fail(/v1\/recording\//, { status: 429, headers: { 'retry-after': '4' } });
  const running = startCli(flags('recall', []), { env: environmentOf('recall') });
  const isWaiting = () => recall.api.of('/api/v1/recording/').length > 0;
  await until(isWaiting, 'the command to wait for the API');
  running.child.kill('SIGINT');
  const { code, stderr } = await running.ended;
  recall.api.reset();
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('Stopped before the end.') });
});

describe('the first note', () => {
  const args = ['backfill', 'recall', '--since', '3h', '--dry-run', '--json', '--rate', '1000', '--local'];
  const run = () => runCli([...args, '--state', world.meetbus.state], { env: recall.environment });
  const Key = { id: { S: notedSinceKeyOf('recall') } };
  const tableName = () => (world.meetbus.outputs as unknown as { TableName: string }).TableName;

  it('is where comparing begins: without one, or with a later one, everything would be sent again', async () => {
    const { dynamoDb } = world.meetbus.clients;
    // Noting began with this deployment, minutes ago, and all that happened is an hour old.
    expect(await run()).toMatchObject({ code: 2, stderr: expect.stringContaining('--include-unnoted') });
    await dynamoDb.send(new DeleteItemCommand({ TableName: tableName(), Key }));
    expect(await run()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has noted nothing of Recall\.ai yet/),
    });
    const since = new Date(Date.now() - 2 * HOUR_MS);
    await dynamoDb.send(
      new PutItemCommand({ TableName: tableName(), Item: { ...Key, since: { S: since.toISOString() } } }),
    );
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('What happened before is left out') });
    // The consumers of all families note ten minutes later.
    expect(Date.parse(JSON.parse(stdout).from)).toBe(since.getTime() + 600_000);
  });
});

describe('the function that repairs', () => {
  const client = () => new CloudWatchClient(localClientConfig(world.meetbus.awsUrl));
  const TableName = () => (world.meetbus.outputs as unknown as { TableName: string }).TableName;
  const put = (Item: PutItemCommandInput['Item']) =>
    world.meetbus.clients.dynamoDb.send(new PutItemCommand({ TableName: TableName(), Item }));

  /** What is due in hours becomes due now: its items move to a slot that has just passed. */
  async function hoursPass(): Promise<void> {
    const { dynamoDb } = world.meetbus.clients;
    const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: TableName() }));
    const dues = Items.filter(({ id }) => id?.S?.startsWith('due#recall#'));
    expect(dues.length).toBeGreaterThan(0);
    // All slots that a first run reads.
    const slots = Array.from({ length: 12 }, (_, index) => slotAt(Date.now()) - 1 - index);
    const keys = slots.flatMap((slot) => dueKeysOf('recall', slot));
    for (const [index, due] of dues.entries()) {
      await put({ ...due, id: { S: keys[index] as string } });
      await dynamoDb.send(new DeleteItemCommand({ TableName: TableName(), Key: { id: due.id! } }));
    }
  }

  it('brings back the end that never came, once, counts it, and finds a webhook that is disabled', async () => {
    const cloudWatch = client();
    // The bots of other tests are overdue as well, and nothing of them is missing.
    const bot = `overdue-${randomUUID()}`;
    const at = (minutes: number) => new Date(start + minutes * 60_000).toISOString();
    const statuses = ['joining_call', 'in_call_recording', 'done'].map((code, index) => ({ code, at: at(index) }));
    recall.bots.push(newBot(bot, statuses));
    const [joining] = statuses;
    const data = { data: { code: joining!.code, sub_code: null, updated_at: joining!.at }, bot: { id: bot } };
    const body = { event: 'bot.joining_call', data };
    await post([{ provider: 'recall', body, reports: 'its beginning', isInApi: true }]);
    await put({ id: { S: notedSinceKeyOf('recall') }, since: { S: at(-600) } });
    await world.meetbus.settled();
    await hoursPass();

    for (const provider of ['recall', 'realtimekit'] as const) {
      const SecretString = JSON.stringify(environmentOf(provider));
      await world.meetbus.clients.secrets.send(
        new CreateSecretCommand({ Name: apiSecretNameOf(provider), SecretString }),
      );
    }
    const url = new URL('realtimekit/webhooks', world.meetbus.outputs.ApiUrl).href;
    sessions.webhooks = [{ id: 'w', url, enabled: false, events: WEBHOOK_EVENTS }];
    recall.api.reset();
    // A list that cannot be read is a gap, and stops nothing.
    recall.fail(/v1\/recording\//, { status: 404 });
    await world.meetbus.runSchedules();
    const recovered = (await arrived()).filter(({ subject }) => subject === `bot/${bot}`);
    expect(recovered.map(({ proof, providerevent }) => `${proof} ${providerevent}`).sort()).toEqual([
      'reconciled bot.done',
      'reconciled bot.in_call_recording',
      'signature bot.joining_call',
    ]);
    expect(await isOver(cloudWatch, 'events-recovered')).toBe(true);
    expect(await isOver(cloudWatch, 'sender-realtimekit')).toBe(true);
    expect(await isOver(cloudWatch, 'repair-errors')).toBe(false);

    const asked = recall.api.requests.length;
    await world.meetbus.runSchedules();
    expect(recall.api.requests).toHaveLength(asked);
    cloudWatch.destroy();
  }, 60_000);
});
