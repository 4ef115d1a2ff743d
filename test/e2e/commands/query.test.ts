/** Saved queries of the logs, run by the command line over what a Meetbus has logged. */
import { knownProviders } from '../../../bin/providers';
import { savedQueriesOf } from '../../../lib/monitoring/queries';
import { recallBody } from '../../../providers/recall/sandbox';
import { runCli, startCli } from '../../support/cli';
import { withAwsProxy, withDenyingAws } from '../../support/denying-aws';
import { startWorld, type World } from '../../support/providers';
import { until } from '../../support/until';

const SAVED_QUERIES = savedQueriesOf(knownProviders());

/** Bot of the real-time endpoint that Recall.ai has given up. */
let bot: string;
/** What the sender of the refused delivery was told. */
let refusedId: string;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  const { meetbus, recall } = world;
  const failed = recallBody('realtime_endpoint.failed', { seed: 'dead' });
  bot = (failed.data as { bot: { id: string } }).bot.id;
  await meetbus.post(recall.signed(failed));
  await meetbus.post(recall.signed({ event: 'bot.flew', data: {} }));
  const refused = await meetbus.post(recall.withToken({ event: 'bot.done' }, 'wrong'));
  refusedId = String(refused.headers['x-amz-apigw-id']);
  await meetbus.post({ path: '/nowhere', body: '{}' });
  await meetbus.settled();
});
afterAll(() => world.close());

const run = (args: readonly string[], env = {}) =>
  runCli(['query', ...args, '--local', '--state', world.meetbus.state], { env });

/** Rows of a query's result. */
async function rowsOf(...args: readonly string[]): Promise<Record<string, string>[]> {
  const { code, stdout, stderr } = await run([...args, '--json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout);
}

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

it('lists the saved queries, each in a line of a terminal, without asking anybody', async () => {
  const { code, stdout, stderr } = await runCli(['query', '--list'], { env: { COLUMNS: '100' } });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [, ...lines] = stdout.trimEnd().split('\n');
  expect(lines.map((line) => line.split(/ {2,}/))).toEqual(SAVED_QUERIES.map(({ name, shows }) => [name, shows]));
  expect((await runCli(['query'], { env: { COLUMNS: '100' } })).stdout).toBe(stdout);
});

it.each(SAVED_QUERIES.map(({ name, commands }) => [name, commands.join().includes('PUT-AN-ID-HERE')] as const))(
  'runs %s',
  async (name, isAboutId) => {
    expect(await rowsOf(name, ...(isAboutId ? ['--id', refusedId] : []))).toEqual(expect.any(Array));
  },
);

it('shows what was refused and why, what was not understood, and what the gateway refused', async () => {
  expect(await rowsOf('refusals-by-reason')).toEqual([
    { provider: 'recall', outcome: expect.stringMatching(/token|header/), deliveries: '1', latest: ISO },
  ]);
  expect(await rowsOf('deliveries-by-outcome')).toContainEqual(
    expect.objectContaining({ provider: 'recall', outcome: 'accepted', deliveries: '2' }),
  );
  expect(await rowsOf('unrecognized-names')).toEqual([
    expect.objectContaining({ providerEvent: 'bot.flew', events: '1' }),
  ]);
  expect(await rowsOf('gateway-refusals')).toEqual([expect.objectContaining({ status: '403', method: 'POST' })]);
});

it('shows the bot of a dead endpoint, once, and all lines about one request', async () => {
  expect(await rowsOf('dead-endpoints')).toEqual([expect.objectContaining({ bot, '@timestamp': ISO })]);
  const lines = await rowsOf('one-event', '--id', refusedId);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(line['@message']).toContain(refusedId);
});

it('fits a terminal of 80 columns, as a table or with one field below the other', async () => {
  const narrow = { COLUMNS: '80' };
  const table = await run(['refusals-by-reason'], narrow);
  const blocks = await run(['one-event', '--id', refusedId], narrow);
  for (const { code, stdout } of [table, blocks]) {
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  }
  expect(table.stdout).toMatch(/^provider +outcome +deliveries +latest\nrecall /);
  expect(blocks.stdout).toMatch(/^@timestamp +\d{4}.+\n@log +000000000000:/);
  expect(blocks.stdout.replace(/\n +/g, '')).toContain(refusedId);
});

it('says where else to look when nothing is found', async () => {
  const { code, stdout } = await run(['one-event', '--id', 'nobody', '--until', '-1h']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Nothing since \d{4}-.+ Look further back, such as with --since 1d\./);
});

it('takes an id with quotes as an id, and not as a part of the query', async () => {
  expect(await rowsOf('one-event', '--id', '" or 1 = 1 or @message like "')).toEqual([]);
});

it.each([
  [['refusal-by-reason'], 'Did you mean refusals-by-reason?'],
  [['one-event'], 'Say which: --id <id>.'],
  [['dead-endpoints', '--id', 'x'], 'takes no --id'],
  [['dead-endpoints', '--since', 'yesterday'], 'Give a time such as'],
  [['dead-endpoints', '--since', '1h', '--until', '-2h'], '--until must be later than --since.'],
])('ends %j with 2', async (args, message) => {
  const { code, stderr } = await run(args);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(message) });
});

it('stops the query at Ctrl-C', async () => {
  const calls: string[] = [];
  const stillRunning = (target: string) => {
    calls.push(target.replace('Logs_20140328.', ''));
    return calls.at(-1) === 'GetQueryResults' ? { status: 200, body: { status: 'Running', results: [] } } : undefined;
  };
  const ran = await withAwsProxy(world.meetbus, stillRunning, async (state) => {
    const { child, ended } = startCli(['query', 'dead-endpoints', '--local', '--state', state]);
    await until(async () => calls.includes('GetQueryResults'), 'a query that runs');
    child.kill('SIGINT');
    return ended;
  });
  expect(ran).toEqual({ code: 1, stdout: '', stderr: 'The query was stopped.\n' });
  expect(calls.at(-1)).toBe('StopQuery');
});

it('says that a query failed, or may not be run', async () => {
  const failing = (target: string) =>
    target.endsWith('GetQueryResults') ? { status: 200, body: { status: 'Timeout', results: [] } } : undefined;
  const ask = (state: string) => runCli(['query', 'dead-endpoints', '--local', '--state', state]);
  const failed = await withAwsProxy(world.meetbus, failing, ask);
  const denied = await withDenyingAws(world.meetbus, ['Logs_20140328.StartQuery'], ask);
  expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining('The query ended as Timeout.') });
  expect(denied).toMatchObject({ code: 1, stderr: expect.stringContaining('StartQuery is denied') });
});
