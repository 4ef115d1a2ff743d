/** Meetbus starts and ends as a command should: it leaves nothing behind, and says what is wrong. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recallSamples } from '../../providers/recall/sandbox';
import { type Meetbus, spawnMeetbus, startMeetbus } from '../support/meetbus';
import { putRecallSecret, Recall } from '../support/providers';
import { until } from '../support/until';

const recall = new Recall();
const started: Meetbus[] = [];

afterEach(() => Promise.all(started.splice(0).map((meetbus) => meetbus.stop())));

async function start(options: { detached?: boolean } = {}): Promise<Meetbus> {
  const meetbus = await startMeetbus([], options);
  started.push(meetbus);
  await putRecallSecret(meetbus, recall.secretValue);
  return meetbus;
}

/** Processes that a process has started, and theirs, by pid. */
function descendantsOf(pid: number): number[] {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  const childrenOf = (parent: number): number[] =>
    pairs.filter(([, ppid]) => ppid === parent).flatMap(([child]) => [child, ...childrenOf(child)]);
  return childrenOf(pid);
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A process that was ended is still there until the system has cleared it away, on a busy machine for a moment. */
const allGone = (pids: readonly number[]): Promise<void> =>
  until(async () => !pids.some(lives), 'the end of every child');

/** Gives some functions work, so that there are processes to end. */
async function work(meetbus: Meetbus): Promise<void> {
  const shared = await meetbus.subscribeToAll('shared');
  const bodies = Object.values(recallSamples).slice(0, 8);
  await Promise.all(bodies.map((body) => meetbus.post(recall.signed(body))));
  await shared.collect(bodies.length);
}

describe('Ctrl-C', () => {
  it.each([
    ['SIGINT', 'process'],
    ['SIGINT', 'group'],
    ['SIGTERM', 'process'],
  ] as const)('(%s to the %s) ends everything', async (signal, target) => {
    const meetbus = await start({ detached: target === 'group' });
    await work(meetbus);
    const children = descendantsOf(meetbus.pid);
    expect(children.length).toBeGreaterThan(2);

    meetbus.signal(signal, target);
    expect(await meetbus.ended).toEqual({ code: 0, signal: null });
    await allGone(children);
    expect(readdirSync(meetbus.state)).toEqual([]);
    expect(meetbus.output()).toMatch(/\nStopping …\n$/);
  });

  it('amid traffic loses no answer that was given, and ends all the same', async () => {
    const meetbus = await start();
    await work(meetbus);
    const children = descendantsOf(meetbus.pid);
    const bodies = Object.values(recallSamples);
    const answers = Promise.allSettled(bodies.map((body) => meetbus.post(recall.signed({ ...body, n: 1 }))));
    meetbus.signal('SIGINT');
    expect((await meetbus.ended).code).toBe(0);
    const statuses = (await answers).flatMap((one) => (one.status === 'fulfilled' ? [one.value.status] : []));
    expect(statuses.filter((status) => status !== 200 && status < 500)).toEqual([]);
    await allGone(children);
  });
});

it('leaves its state files alone while another start on the same folder fails', async () => {
  const meetbus = await start();
  const files = () => ['local.json', 'outputs.json'].map((file) => readFileSync(join(meetbus.state, file), 'utf8'));
  const before = files();
  const { port } = new URL(meetbus.awsUrl);
  const { printed, ended } = spawnMeetbus(['--port', '0', '--aws-port', port, '--state', meetbus.state]);
  expect((await ended).code).toBe(1);
  expect(files()).toEqual(before);
  expect(printed.stderr).toMatch(
    new RegExp(`^The local cloud of process ${meetbus.pid} uses .*Stop it, or give --state another folder\\.\\n$`),
  );
});

it.each([
  ['recall.nothing=x', 'the options are recall.requireSignature, realtimekit.keyUrl'],
  ['recall.requireSignature', 'Give <provider>.<option>=<value>'],
  ['recall.requireSignature=yes', '"yes" is not JSON'],
])('--option %s is refused', async (value, message) => {
  const { printed, ended } = spawnMeetbus(['--option', value]);
  expect((await ended).code).toBe(2);
  expect(printed.stderr).toContain(message);
});

it.each([
  [['--context', 'meetbus'], 'Give <key>=<value>'],
  [['-c', 'a=1', '--app', 'cdk.out'], 'cannot be used with'],
])('%j is refused', async (flags, message) => {
  const { printed, ended } = spawnMeetbus(flags);
  expect((await ended).code).toBe(2);
  expect(printed.stderr).toContain(message);
});

it('synthesizes with the context that is given, the last value of each key', async () => {
  const settings = ['meetbus={}', 'meetbus={"archiveDays":"many"}'];
  const flags = settings.flatMap((assignment) => ['-c', assignment]);
  const state = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
  const { printed, ended } = spawnMeetbus([...flags, '--state', state]);
  expect((await ended).code).toBe(1);
  expect(printed.stderr).toContain('Wrong settings. meetbus.archiveDays: ');
  rmSync(state, { recursive: true });
});

describe('a port that is taken', () => {
  let server: Server;
  let port: number;
  const state = mkdtempSync(join(tmpdir(), 'meetbus-test-'));

  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as { port: number }).port;
  });
  afterAll(() => {
    server.close();
    rmSync(state, { recursive: true });
  });

  it.each([
    ['--port', '--aws-port'],
    ['--aws-port', '--port'],
  ])('given as %s ends it with one line that says so', async (taken, other) => {
    const { printed, ended } = spawnMeetbus([taken, String(port), other, '0', '--state', state]);
    expect((await ended).code).toBe(1);
    expect(printed.stdout).toBe('');
    expect(printed.stderr).toMatch(new RegExp(`^The .+ port ${port}.+\\.\\n$`));
    expect(existsSync(join(state, 'outputs.json'))).toBe(false);
  });

  it.each(['http', '-1', '65536', '80.5'])('or none, such as %s, is refused', async (value) => {
    const { printed, ended } = spawnMeetbus(['--port', value, '--state', state]);
    expect((await ended).code).toBe(2);
    expect(printed.stderr).toContain('Give a port from 0 to 65535');
  });
});
