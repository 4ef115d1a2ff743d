/** Events one by one: what came, what was made of it, who gets it; and one of them to one rule again. */
import { ListRulesCommand } from '@aws-sdk/client-eventbridge';
import { recallBody } from '../../../providers/recall/sandbox';
import { cliOf, runCli } from '../../support/cli';
import { startWorld, type World } from '../../support/providers';
import type { Subscription } from '../../support/subscription';
import { until } from '../../support/until';

let world: World;
/** Gets what is about recordings. */
let recordings: Subscription;
let everything: Subscription;
/** Ids of the three events. */
let ready: string;
let flew: string;
let broken: string;

/** A token that a payload carries, which no rule of the provider knows as a credential. */
const TOKEN = 'secret-0123456789abcdef';

beforeAll(async () => {
  world = await startWorld();
  const { meetbus, recall } = world;
  const { SharedBusName, IntakeBusName } = meetbus.outputs;
  recordings = await meetbus.subscribe(SharedBusName, { 'detail-type': [{ prefix: 'recording.' }] });
  everything = await meetbus.subscribe(SharedBusName, { source: [{ prefix: '' }] });
  const intake = await meetbus.subscribe(IntakeBusName, { source: [{ prefix: '' }] });
  for (const body of [
    recallBody('recording.done'),
    { event: 'unicorn.seen', data: { access_token: TOKEN } },
    { event: 'bot.done', data: {} },
  ]) {
    await meetbus.post(recall.signed(body));
  }
  const events = (await intake.collect(3)).map(({ detail }) => detail as unknown as Record<string, string>);
  const idOf = (name: string) => events.find(({ providerevent }) => providerevent === name)?.id ?? '';
  [ready, flew, broken] = [idOf('recording.done'), idOf('unicorn.seen'), idOf('bot.done')];
  await meetbus.settled();
  for (const subscription of [recordings, everything]) await subscription.collect(1);
  await until(async () => (await list()).length === 3, 'the lines of the consumers');
});
afterAll(() => world.close());

const events = (...args: readonly string[]) => cliOf(world.meetbus)('events', ...args);

async function list(...args: readonly string[]): Promise<Record<string, string>[]> {
  const { code, stdout, stderr } = await events('list', '--json', ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const idsOf = (listed: readonly Record<string, string>[]) => listed.map(({ eventId }) => eventId).toSorted();

describe('meetbus events list', () => {
  it('lists what was not understood, with why', async () => {
    const listed = await list('--unrecognized');
    expect(listed).toHaveLength(2);
    expect(listed).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ eventId: flew, type: 'event.unrecognized', provider: 'recall', providerEvent: 'unicorn.seen' },
          ...{ reason: 'unknown_event_name', time: expect.stringMatching(/^\d{4}-.+Z$/) },
        }),
        expect.objectContaining({
          eventId: broken,
          reason: 'schema_mismatch',
          problems: expect.stringContaining('data.'),
        }),
      ]),
    );
  });

  it.each([
    [[], () => [ready, flew, broken]],
    [['--type', 'recording.*'], () => [ready]],
    [['--type', 'recording.ready'], () => [ready]],
    [['--reason', 'unknown_event_name'], () => [flew]],
    [['--provider', 'recall', '--unrecognized'], () => [flew, broken]],
    [['--provider', 'realtimekit'], () => []],
    [['--until', '-1h'], () => []],
  ])('lists with %j', async (args, expected) => {
    expect(idsOf(await list(...args))).toEqual(expected().toSorted());
  });

  it('lists the newest, as many as it is told', async () => {
    const [newest] = await list('--limit', '1');
    const all = await list();
    expect(newest).toEqual(all[0]);
    expect(all.map(({ time = '' }) => time)).toEqual(
      all
        .map(({ time = '' }) => time)
        .toSorted()
        .reverse(),
    );
  });

  it('fits a terminal, and says what to do next', async () => {
    const args = ['events', 'list', '--local', '--state', world.meetbus.state];
    const { stdout } = await runCli(args, { env: { COLUMNS: '80' } });
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(stdout).toMatch(/unicorn\.seen: unknown_event_name/);
    expect(stdout).toContain('npx meetbus events show --local --state');
    expect((await events('list', '--until', '-1h')).stdout).toMatch(/^Nothing since .+ Look further back/);
  });

  it.each([
    [['--type', 'recording.redy'], 'Did you mean recording.ready?'],
    [['--reason', 'unknown_event'], 'Allowed choices are'],
    [['--unrecognized', '--type', 'bot.*'], 'exclude each other'],
  ])('ends %j with 2', async (args, message) => {
    expect(await events('list', ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});

describe('meetbus events show', () => {
  it('shows what came, what was made of it, and the rules that it matches with their targets', async () => {
    const { code, stdout } = await events('show', ready, '--json');
    expect(code).toBe(0);
    const shown = JSON.parse(stdout);
    expect(shown).toMatchObject({
      ...{ eventId: ready, type: 'recording.ready', providerEvent: 'recording.done', bus: 'shared' },
      came: { event: 'recording.done' },
      became: { id: ready, type: 'recording.ready', providerevent: 'recording.done' },
    });
    expect(shown.became.data.raw).toBeUndefined();
    const queues = shown.receivers.flatMap(({ targets }: { targets: string[] }) => targets);
    expect(queues).toEqual(
      expect.arrayContaining([recordings, everything].map(({ name }) => `arn:aws:sqs:us-east-1:000000000000:${name}`)),
    );
  });

  it('shows an event by its delivery id, in words, without what may be a credential', async () => {
    const [{ deliveryId = '' } = {}] = await list('--reason', 'unknown_event_name');
    const { code, stdout, stderr } = await events('show', deliveryId);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(flew);
    expect(stdout).toMatch(/became +event\.unrecognized\nbecause +unknown_event_name/);
    expect(stdout).toContain('"access_token": "(masked)"');
    expect(stdout).not.toContain(TOKEN);
    expect(stdout).toContain('Who gets it on the intake bus');
    expect(stdout).toContain(`npx meetbus trace ${flew}`);
  });

  it('shows what the logs say alone, where it is told to', async () => {
    const { code, stdout } = await events('show', broken, '--no-body');
    expect(code).toBe(0);
    expect(stdout).toMatch(/because +schema_mismatch: data\./);
    expect(stdout).not.toContain('What came');
  });

  it('leaves nothing behind, and says what to do where there is no such event', async () => {
    const { IntakeBusName: EventBusName } = world.meetbus.outputs;
    const { Rules = [] } = await world.meetbus.clients.eventBridge.send(new ListRulesCommand({ EventBusName }));
    expect(Rules.filter(({ Name = '' }) => Name.startsWith('meetbus-tail-'))).toEqual([]);
    expect(await events('show', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /No consumer has published an event nobody since .+ --since 30d.+npx meetbus trace nobody/s,
      ),
    });
  });
});

describe('meetbus events resend', () => {
  it('brings one event to one rule again, under its id, and to no other', async () => {
    const ran = await events('resend', ready, '--rule', recordings.name, '--json');
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(ran.stdout)).toMatchObject({ state: 'COMPLETED', rule: recordings.name });
    const [, again] = await recordings.collect(2);
    expect(JSON.parse(again!.text)).toMatchObject({
      'replay-name': expect.stringMatching(/^replay-/),
      detail: { id: ready },
    });
    expect(await recordings.drain()).toHaveLength(2);
    expect(await everything.drain()).toHaveLength(1);
  });

  it('says beforehand what it would do, and does nothing', async () => {
    const { code, stdout } = await events('resend', ready, '--rule', recordings.name, '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(ready);
    expect(await recordings.drain()).toHaveLength(2);
  });

  it.each([
    [() => [flew, '--rule', everything.name], '--bus intake'],
    [() => [ready, '--rule', 'none'], 'There is no rule none'],
    [() => [ready], "required option '--rule <name>' not specified"],
  ])('ends with 2 where it cannot be: %#', async (args, message) => {
    expect(await events('resend', ...args())).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
  });
});
