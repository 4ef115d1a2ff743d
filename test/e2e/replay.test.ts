/** `npx meetbus replay`, run as an operator does, against a Meetbus that was stopped and started again in between. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CancelReplayCommand,
  DescribeReplayCommand,
  ListReplaysCommand,
  ListRulesCommand,
  PutEventsCommand,
} from '@aws-sdk/client-eventbridge';
import { GetQueueUrlCommand, SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { recallSamples } from '../../providers/recall/sandbox';
import { type Ran, runCli, startCli } from '../support/cli';
import { withDenyingAws } from '../support/denying-aws';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import { operatorClients } from '../support/operator';
import { putRecallSecret, Recall } from '../support/providers';
import { type BusEvent, SUBSCRIBER_PREFIX, type Subscription } from '../support/subscription';

const DATA = mkdtempSync(join(tmpdir(), 'meetbus-replay-'));
const LIVE = { source: [{ prefix: 'meetbus.' }] };

let meetbus: Meetbus;
let shared: string;
/** Subscribers of the same events; only the first one's rule is chosen for replays. */
let chosen: Subscription;
let rule: string;
let other: Subscription;
/** Since when the events of the tests are; one is older. */
let from: string;

beforeAll(async () => {
  meetbus = await startMeetbus(['--data', DATA]);
  shared = meetbus.outputs.SharedBusName;
  const recall = new Recall();
  await putRecallSecret(meetbus, recall.secretValue);
  const post = (event: string) => meetbus.post(recall.signed(recallSamples[event]!));

  chosen = await meetbus.subscribe(shared, LIVE);
  rule = await ruleThatIsNew([]);
  await allowOnly(rule, [`${arnOf(rule)}`, `${arnOf(rule)}-replay-*`]);
  other = await meetbus.subscribe(shared, LIVE);
  await post('bot.joining_call');
  const [early] = await chosen.collect(1);
  from = new Date(Date.parse(envelopeOf(early!).time as string) + 1000).toISOString();
  while (Date.now() < Date.parse(from)) await delay(20);
  await Promise.all([post('bot.in_call_recording'), post('recording.done')]);
  await Promise.all([chosen.collect(3), other.collect(3)]);

  await meetbus.stop();
  meetbus = await startMeetbus(['--data', DATA]);
  await Promise.all([chosen.resume(meetbus.clients), other.resume(meetbus.clients)]);
});

afterAll(async () => {
  await meetbus.stop();
  rmSync(DATA, { recursive: true });
});

/** The archive's events of the window, as they first came. */
const originals = () => chosen.events.slice(1, 3);

/** Starts the command. */
const startReplay = (...args: readonly string[]) => startCli(['replay', '--local', '--state', meetbus.state, ...args]);

const replay = (...args: readonly string[]): Promise<Ran> => startReplay(...args).ended;

const rules = async () =>
  (await meetbus.clients.eventBridge.send(new ListRulesCommand({ EventBusName: shared }))).Rules ?? [];

const arnOf = (name: string) => `arn:aws:events:us-east-1:000000000000:rule/${shared}/${name}`;

const ruleThatIsNew = async (known: readonly string[]) =>
  (await rules())
    .map(({ Name = '' }) => Name)
    .find((name) => name.startsWith(SUBSCRIBER_PREFIX) && !known.includes(name))!;

const temporaryRules = async () => (await rules()).map(({ Name = '' }) => Name).filter((name) => /-replay-/.test(name));

const envelopeOf = ({ text }: BusEvent) => JSON.parse(text) as Readonly<Record<string, unknown>>;

/** Lets only these rules send to a subscriber's queue, which is called like its rule. */
async function allowOnly(queue: string, ruleArns: readonly string[]): Promise<void> {
  const { sqs } = meetbus.clients;
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: queue }));
  const Policy = JSON.stringify({
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: `arn:aws:sqs:us-east-1:000000000000:${queue}`,
      Condition: { ArnLike: { 'aws:SourceArn': ruleArns } },
    },
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
}

/** What a subscriber has received beyond so many events. */
async function since(subscription: Subscription, count: number): Promise<BusEvent[]> {
  return (await subscription.drain()).slice(count);
}

it('lists the rules where none is named', async () => {
  const [text, json] = await Promise.all([replay(), replay('--json')]);
  expect([text.code, text.stderr, json.code, json.stderr]).toEqual([0, '', 0, '']);
  expect(text.stdout).toContain(rule);
  expect(JSON.parse(json.stdout)).toContainEqual({ rule, state: 'ENABLED', pattern: JSON.stringify(LIVE) });
});

it('brings the events of the window, and no others, to the chosen rule alone', async () => {
  const { code, stdout } = await replay('--rule', rule, '--from', from, '--name', 'first');
  expect(code).toBe(0);
  expect(stdout).toContain('of the 3 that the archive');
  expect(stdout).toMatch(/The replay is complete; the last event is of /);

  const replayed = await since(chosen, 3);
  const ids = (events: readonly BusEvent[]) => events.map(({ detail }) => detail.id).toSorted();
  expect(ids(replayed)).toEqual(ids(originals()));
  for (const event of replayed) {
    const original = originals().find(({ detail }) => detail.id === event.detail.id)!;
    expect(envelopeOf(event)).toEqual({ ...envelopeOf(original), 'replay-name': 'first' });
  }
  expect(await since(other, 3)).toEqual([]);
});

it('a second replay of the same name is refused', async () => {
  const { code, stderr } = await replay('--rule', rule, '--from', from, '--name', 'first');
  expect(code).toBe(2);
  expect(stderr.trim()).toBe('There was a replay first before. Choose another --name, or leave it out.');
  expect(await since(chosen, 5)).toEqual([]);
});

it('with --pattern brings only what matches, through a rule that is gone afterwards', async () => {
  const pattern = '{"source":["meetbus.recall"],"detail-type":["recording.ready"]}';
  const args = ['--rule', rule, '--from', from, '--pattern', pattern, '--json'];
  const dryRun = JSON.parse((await replay(...args, '--dry-run')).stdout);
  expect(dryRun.temporaryRule.pattern).toEqual({ ...JSON.parse(pattern), 'replay-name': [dryRun.replayName] });

  const { code, stdout } = await replay(...args);
  expect(code).toBe(0);
  const { replayName, state, temporaryRule } = JSON.parse(stdout);
  expect(state).toBe('COMPLETED');
  expect(temporaryRule.name).toMatch(new RegExp(`^${rule}-replay-`));
  const replayed = await since(chosen, 5);
  expect(replayed.map(({ type }) => type)).toEqual(['recording.ready']);
  expect(envelopeOf(replayed[0]!)).toMatchObject({ 'replay-name': replayName });
  expect(await since(other, 3)).toEqual([]);
  expect(await temporaryRules()).toEqual([]);
  const { Replays } = await meetbus.clients.eventBridge.send(new ListReplaysCommand({}));
  expect(Replays).toHaveLength(2);
});

it.each([
  ['an unknown rule', () => ['--rule', 'nobody', '--from', '-1h'], 2, 'There is no rule nobody on '],
  ['events for no rule', () => ['--from', '-1h'], 2, 'Choose the rule that is to get the events: --rule <name>.'],
  ['a dry run for no rule', () => ['--dry-run'], 2, 'Choose the rule that is to get the events: --rule <name>.'],
  ['no beginning', () => ['--rule', rule], 2, 'Say from when: --from'],
  ['a window that ends first', () => ['--rule', rule, '--from', '-1h', '--to', '-2h'], 2, '--to must be later'],
  ['a time without a zone', () => ['--rule', rule, '--from', '2026-01-31T09:30'], 2, 'Give a time such as'],
  ['a day that is none', () => ['--rule', rule, '--from', '2026-02-30T00:00:00Z'], 2, 'Give a time such as'],
  ['a time that is too long ago', () => ['--rule', rule, '--from', '-999999999d'], 2, 'Give 3650d at most.'],
  ['a pattern that is none', () => ['--rule', rule, '--from', '-1h', '--pattern', '{"a":1}'], 2, 'The pattern is not'],
  [
    'a pattern with nothing in common with that of the rule',
    () => ['--rule', rule, '--from', '-1h', '--pattern', '{"source":["aws.s3"]}'],
    2,
    'Nothing would match: the rule tests source by [{"prefix":"meetbus."}], the pattern by ["aws.s3"].',
  ],
  ['no local cloud', () => ['--rule', rule, '--from', '-1h', '--state', tmpdir()], 1, 'No local cloud is running in '],
])('says what is wrong at %s', async (_, args, code, message) => {
  const ended = await replay(...args());
  expect(ended.stderr).toContain(message);
  expect(ended.code).toBe(code);
});

describe('a replay of hours', () => {
  const window = [
    '--from',
    '2026-01-01T00:00:00Z',
    '--to',
    '2026-01-01T10:00:00Z',
    '--pattern',
    '{"detail":{"n":[{"numeric":[">=",0]}]}}',
  ];
  let slow: string[];

  beforeAll(async () => {
    const known = (await rules()).map(({ Name = '' }) => Name);
    await meetbus.subscribe(shared, { source: ['slow'] });
    slow = ['--rule', await ruleThatIsNew(known), ...window];
    const at = (minute: number) => new Date(Date.parse('2026-01-01T00:00:00Z') + minute * 60_000);
    const entry = (n: number) => ({
      ...{ EventBusName: shared, Source: 'slow', DetailType: 'minute', Detail: JSON.stringify({ n }), Time: at(n) },
    });
    const { eventBridge } = await operatorClients(meetbus);
    for (let n = 0; n < 600; n += 10) {
      const Entries = Array.from({ length: 10 }, (_, index) => entry(n + index));
      await eventBridge.send(new PutEventsCommand({ Entries }));
    }
  });

  const describeReplay = (ReplayName: string) =>
    meetbus.clients.eventBridge.send(new DescribeReplayCommand({ ReplayName }));

  async function begun(ReplayName: string): Promise<void> {
    const isBegun = async () => (await describeReplay(ReplayName)).EventLastReplayedTime !== undefined;
    while (!(await isBegun().catch(() => false))) await delay(50);
  }

  it('is cancelled by Ctrl-C, and leaves nothing behind', async () => {
    const { child, ended } = startReplay(...slow, '--name', 'interrupted');
    await begun('interrupted');
    expect(await temporaryRules()).toHaveLength(1);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(1);
    expect(stdout).toMatch(/The replay was cancelled; the last event is of 2026-01-01T0/);
    expect((await describeReplay('interrupted')).State).toBe('CANCELLED');
    expect(await temporaryRules()).toEqual([]);
  });

  it('that outlives its command keeps its rule until it has ended; the next command removes it', async () => {
    const { child, ended } = startReplay(...slow, '--name', 'orphaned');
    await begun('orphaned');
    child.kill('SIGKILL');
    await ended;
    const [leftover] = await temporaryRules();
    const next = () => replay('--rule', rule, '--from', '-1s');

    expect((await next()).code).toBe(0);
    expect(await temporaryRules()).toEqual([leftover]);
    await meetbus.clients.eventBridge.send(new CancelReplayCommand({ ReplayName: 'orphaned' }));
    while ((await describeReplay('orphaned')).State !== 'CANCELLED') await delay(20);
    const refused = await withDenyingAws(meetbus, ['AWSEvents.DeleteRule', 'AWSEvents.RemoveTargets'], (state) =>
      runCli(['replay', '--rule', rule, '--from', '-1s', '--local', '--state', state]),
    );
    expect(refused).toMatchObject({ code: 0, stdout: expect.stringContaining('The replay is complete') });
    expect(refused.stderr).toContain(
      `An earlier replay has left the rule ${leftover} behind, and it cannot be removed: `,
    );
    expect((await next()).stderr).toContain(`Removed ${leftover}, which an earlier replay had left behind.`);
    expect(await temporaryRules()).toEqual([]);
  });
});
