/** Sample deliveries and files, sent as a person does. */
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { findDeployment } from '../../../bin/deployment';
import { readSandboxes } from '../../../bin/providers';
import { senderTo } from '../../../bin/sender';
import { UsageError } from '../../../bin/usage';
import { cliOf, type Ran, runCli, startCli } from '../../support/cli';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import { RECALL_SECRET_NAME, Recall } from '../../support/providers';
import { ALL_PROVIDERS, SYNTH_TIMEOUT_MS } from '../../support/synth';
import { until } from '../../support/until';

const folder = mkdtempSync(join(tmpdir(), 'meetbus-test-'));

let meetbus: Meetbus;
let cli: (...args: readonly string[]) => Promise<Ran>;
beforeAll(async () => {
  meetbus = await startMeetbus(ALL_PROVIDERS);
  cli = cliOf(meetbus);
}, SYNTH_TIMEOUT_MS);
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await meetbus.stop();
});

/** Writes a file; tells its path. */
function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it.each([
  ['recall', 'bot.in_call_recording', 'bot.status_changed'],
  ['recall', 'participant_events.join', 'participant.joined'],
  ['realtimekit', 'meeting.started', 'meeting.started'],
])('sends %s %s, which arrives as %s', async (provider, event, type) => {
  const shared = await meetbus.subscribeToAll('shared');
  const { code, stdout } = await cli('send', provider, event);
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`${event}: 200 accepted  correlationid \\S+`));
  const [received] = await shared.collect(1);
  expect(received).toMatchObject({ type, detail: { providerevent: event } });
  expect(stdout).toContain(String(received?.detail.correlationid));
});

it.each([
  ['no colours on a pipe, not even in CI', { CI: 'true' }, false],
  ['colours where they are asked for', { FORCE_COLOR: '1' }, true],
  ['no colours where they are forbidden', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
])('prints %s', async (_name, env, hasColors) => {
  const args = ['send', 'recall', 'bot.done', '--local', '--state', meetbus.state];
  const { stdout } = await runCli(args, { env });
  expect(stdout.includes('\u001b[')).toBe(hasColors);
});

it('sends many at a rate, each a new one, and tells how they were answered', async () => {
  const shared = await meetbus.subscribe(meetbus.outputs.SharedBusName, { 'detail-type': ['transcript.segment'] });
  const started = performance.now();
  const { code, stdout } = await cli('send', 'recall', 'transcript.data', '--repeat', '40', '--rate', '40/s');
  expect(performance.now() - started).toBeGreaterThan(39 * 25);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^200 accepted: 40\nanswered in \d+ ms \(median\), \d+ ms \(99 %\)\n$/);
  await shared.collect(40);
  expect(new Set(shared.events.map(({ detail }) => detail.id)).size).toBe(40);
});

it('ends with 1 when it is interrupted, and tells what was answered by then', async () => {
  const { child, ended } = startCli([
    'send',
    'recall',
    'bot.done',
    '--repeat',
    '1000',
    '--rate',
    '10/s',
    '--local',
    '--state',
    meetbus.state,
  ]);
  await (await meetbus.subscribeToAll('shared')).collect(1);
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: 1, stdout: expect.stringContaining('200 accepted') });
});

it('sends no more once the API cannot be reached', async () => {
  let requests = 0;
  const flaky = createServer((request, response) => {
    if (++requests === 20) request.socket.destroy();
    else setTimeout(() => response.end('{"status":"accepted"}'), 50);
  }).listen(0, '127.0.0.1');
  await once(flaky, 'listening');
  const { port } = flaky.address() as AddressInfo;
  const state = mkdtempSync(join(folder, 'state-'));
  cpSync(meetbus.state, state, { recursive: true, filter: (path) => path === meetbus.state || path.endsWith('.json') });
  const addresses = JSON.parse(readFileSync(join(state, 'local.json'), 'utf8'));
  writeFileSync(join(state, 'local.json'), JSON.stringify({ ...addresses, apiUrl: `http://127.0.0.1:${port}` }));
  const args = ['send', 'recall', 'participant_events.join', '--local', '--state', state];
  const ran = await runCli([...args, '--repeat', '400']);
  flaky.close();
  flaky.closeAllConnections();
  const url = `http://127.0.0.1:${port}/recall/realtime`;
  expect(ran).toMatchObject({ code: 1, stderr: `${url} cannot be reached: UND_ERR_SOCKET\n` });
  expect(requests).toBeLessThan(60);
  expect(ran.stdout).toMatch(/^200 accepted: [12]\d\nanswered in /);

  const [gone, json] = await Promise.all([runCli(args), runCli([...args, '--json'])]);
  expect(gone).toEqual({ code: 1, stdout: '', stderr: `${url} cannot be reached: ECONNREFUSED\n` });
  expect(json).toMatchObject({ code: 1, stdout: '[]\n' });
});

describe('with a secret that somebody has changed', () => {
  const { secret } = new Recall();
  let original: string;
  const put = (SecretString: string) =>
    meetbus.clients.secrets.send(new PutSecretValueCommand({ SecretId: RECALL_SECRET_NAME, SecretString }));

  beforeAll(async () => {
    const stored = await meetbus.clients.secrets.send(new GetSecretValueCommand({ SecretId: RECALL_SECRET_NAME }));
    original = String(stored.SecretString);
  });
  afterAll(() => put(original));

  it.each([
    ['no JSON', secret, ['bot.done'], 'holds no JSON object'],
    ['no signing secret', '{"realtimeTokens":["t"]}', ['bot.done'], 'npx meetbus secrets add signing-secret'],
    ['no token', JSON.stringify({ signingSecrets: [secret] }), ['participant_events.join'], 'secrets add token'],
  ])('says what to do where it holds %s, and nothing of the value', async (_, value, args, message) => {
    await put(value);
    const ran = await cli('send', 'recall', ...args);
    expect(ran).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(message) });
    expect(ran.stderr).not.toContain(secret.slice(6, 10));
  });

  it('signs with the newest that is usable, and needs no token for it', async () => {
    await put(JSON.stringify({ signingSecrets: [secret, 'whsec_typo'] }));
    expect(await cli('send', 'recall', 'bot.done')).toMatchObject({ code: 0, stderr: '' });
    const { signingSecrets, realtimeTokens } = JSON.parse(original);
    await put(JSON.stringify({ signingSecrets: ['whsec_old', ...signingSecrets], realtimeTokens }));
    expect(await cli('send', 'recall', 'bot.done')).toMatchObject({ code: 0, stderr: '' });
  });

  it('sends what RealtimeKit signs all the same', async () => {
    await put('no JSON');
    expect(await cli('send', 'realtimekit', 'meeting.started')).toMatchObject({ code: 0, stderr: '' });
  });
});

it('sends the bytes of a file', async () => {
  const shared = await meetbus.subscribeToAll('shared');
  const body = file('body.json', '{ "event": "bot.done", "data": {"bot": {"id": "b", "n": 12345678901234567890}} }');
  expect(await cli('send', 'recall', '--file', body)).toMatchObject({ code: 0 });
  const [received] = await shared.collect(1);
  expect(received?.text).toContain('12345678901234567890');
});

it('changes members of a sample, and sends true duplicates of it: one event', async () => {
  const shared = await meetbus.subscribeToAll('shared');
  const set = ['--set', 'event=bot.fatal', '--set', 'data.bot.metadata.team=blue'];
  const { code, stdout } = await cli('send', 'recall', 'bot.done', ...set, '--times', '3');
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('200 accepted: 1\n200 duplicate: 2\n') });
  await cli('send', 'recall', 'bot.done', '--repeat', '2', '--times', '2');
  const events = await shared.collect(3);
  expect(events.map(({ detail }) => detail.providerevent).sort()).toEqual(['bot.done', 'bot.done', 'bot.fatal']);
  const data = events.find(({ detail }) => detail.providerevent === 'bot.fatal')?.detail.data;
  expect(data).toMatchObject({ bot: { metadata: { team: 'blue' } } });
});

it('sends what an editor has saved, on the route of the event that it names then', async () => {
  const shared = await meetbus.subscribeToAll('shared');
  const editor = file('editor.sh', `sed -i 's/"bot.done"/"transcript.data"/' "$1"`);
  const args = ['send', 'recall', 'bot.done', '--edit', '--local', '--state', meetbus.state];
  const ran = await runCli(args, { env: { VISUAL: undefined, EDITOR: `sh ${editor}` } });
  expect(ran).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('POST /recall/realtime bot.done: 200 accepted'),
  });
  await shared.collect(1);
});

it('signs wrongly on purpose, and ends with 0 where all is refused', async () => {
  const [wrong, stale, timeless] = await Promise.all([
    cli('send', 'recall', 'bot.done', '--wrong-signature'),
    cli('send', 'recall', 'bot.done', '--stale-timestamp', '--times', '2'),
    cli('send', 'realtimekit', 'meeting.started', '--stale-timestamp'),
  ]);
  expect(wrong).toMatchObject({ code: 0, stdout: expect.stringContaining('bot.done: 401 unauthorized') });
  expect(stale).toMatchObject({ code: 0, stdout: expect.stringContaining('401 unauthorized: 2\n') });
  expect(timeless).toMatchObject({ code: 2, stderr: expect.stringContaining('signed without a time') });
});

it('signs wrongly, and too long ago, as each provider on each of its routes: all is refused, and for that', async () => {
  const deployment = await findDeployment({ local: true, state: meetbus.state, stack: 'Meetbus' });
  const logged = meetbus.functionLog().length;
  const timeless: string[] = [];
  const counts = { wrong: 0, stale: 0 };
  for (const { provider, sandbox } of await readSandboxes()) {
    const routes = new Map(sandbox.events.map((event) => [sandbox.routeOf(event), event]));
    for (const [route, event] of routes) {
      const delivery = { route, body: sandbox.body(event, { seed: 'signing', at: new Date() }) };
      for (const signing of ['wrong', 'stale'] as const) {
        const send = await senderTo(deployment, provider, sandbox, signing);
        const answer = await send(delivery).catch((error: unknown) => error);
        if (answer instanceof UsageError) {
          timeless.push(`${signing} ${route}`);
          continue;
        }
        expect({ route, signing, answer }).toMatchObject({ answer: { status: 401 } });
        counts[signing]++;
      }
      expect(await (await senderTo(deployment, provider, sandbox))(delivery)).toMatchObject({ status: 200 });
    }
  }
  expect(timeless).toEqual(['stale /recall/realtime', 'stale /realtimekit/webhooks']);
  const refusals = () =>
    String(meetbus.functionLog().subarray(logged))
      .split('\n')
      .filter((line) => line.includes('"message":"delivery"'))
      .map((line) => /"outcome":"(\w+)"/.exec(line)?.[1] ?? '')
      .filter((outcome) => !['accepted', 'duplicate'].includes(outcome));
  await until(() => refusals().length === counts.wrong + counts.stale, 'the refusals in the log');
  expect(refusals().filter((outcome) => outcome === 'timestamp_too_old')).toHaveLength(counts.stale);
});

it.each([
  [['acme', 'bot.done'], 2, 'Allowed choices are recall, realtimekit'],
  [['recall', 'bot.flew'], 2, 'There is no sample of bot.flew'],
  [['recall', 'bot.done', '--file', 'x'], 2, 'not both'],
  [['recall', '--file', '/nowhere'], 2, 'The file cannot be read'],
])('ends %j with %i, and says why', async (args, code, message) => {
  expect(await cli('send', ...args)).toMatchObject({ code, stderr: expect.stringContaining(message) });
});

it('lists the names where none is given, and says how to start a local cloud where none runs', async () => {
  const [listed, nowhere] = await Promise.all([
    cli('send', 'realtimekit'),
    runCli(['send', 'recall', 'bot.done', '--local', '--state', folder]),
  ]);
  const names = listed.stdout.trim().split('\n');
  expect(names).toContain('livestreaming.statusUpdate');
  expect(JSON.parse((await cli('send', 'realtimekit', '--json')).stdout)).toEqual(names);
  expect(nowhere).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(
      `No local cloud is running in ${folder}. Start one in another terminal: npx meetbus local.`,
    ),
  });
});
