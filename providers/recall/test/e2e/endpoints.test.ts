/** Real-time endpoints by command: what it prints works as it stands, and a check finds what would not. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import { type Ran, runCli } from '../../../../test/support/cli';
import { putRecallSecret, RECALL_SECRET_NAME, startWorld, type World } from '../../../../test/support/providers';
import { recallBody } from '../../sandbox';

interface Endpoint {
  readonly type: string;
  readonly url: string;
  readonly events: readonly string[];
}

const folder = mkdtempSync(join(tmpdir(), 'meetbus-recall-'));
let world: World;
let endpoint: Endpoint;

const recall = (args: readonly string[], input = ''): Promise<Ran> =>
  runCli(['recall', ...args, '--local', '--state', world.meetbus.state], { input });

/** Holds a list of endpoints against the deployment; no token may stand in what is printed. */
async function check(endpoints: unknown): Promise<Ran> {
  const ran = await recall(['check', '-'], JSON.stringify({ recording_config: { realtime_endpoints: endpoints } }));
  expect(ran.stdout + ran.stderr).not.toContain(world.recall.token);
  return ran;
}

beforeAll(async () => {
  world = await startWorld();
  const { stdout } = await recall(['endpoint']);
  [endpoint] = JSON.parse(stdout).realtime_endpoints;
});
afterAll(async () => {
  await world?.close();
  rmSync(folder, { recursive: true });
});

it('prints an endpoint at whose URL a delivery is accepted and published', async () => {
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  const { pathname, search } = new URL(endpoint.url);
  // The API's root is part of the URL, and of no path of a delivery.
  const path = `/${(pathname + search).slice(new URL(meetbus.outputs.ApiUrl).pathname.length)}`;
  const body = JSON.stringify(recallBody('transcript.data', { seed: randomUUID() }));
  expect(await meetbus.post({ path, body })).toMatchObject({ status: 200 });
  const [event] = await shared.collect(1);
  expect(event?.detail.type).toBe('transcript.segment');
});

it('asks for the usual events unless told, and warns of the token on stderr alone', async () => {
  expect(endpoint).toMatchObject({ type: 'webhook', events: expect.arrayContaining(['transcript.data']) });
  expect(endpoint.events).not.toContain('transcript.partial_data');
  const ran = await recall(['endpoint', '--events', 'transcript.partial_data', 'participant_events.join']);
  expect(ran).toMatchObject({ code: 0, stderr: expect.stringContaining('Treat it as a password') });
  expect(JSON.parse(ran.stdout).realtime_endpoints).toEqual([
    { ...endpoint, events: ['transcript.partial_data', 'participant_events.join'] },
  ]);
  expect(await recall(['endpoint', '--events', 'bot.done'])).toMatchObject({ code: 2 });
});

it('takes the newest token, and says what to do where there is none', async () => {
  const { meetbus, recall: provider } = world;
  const newest = `${randomUUID()}`;
  await putRecallSecret(meetbus, { ...provider.secretValue, realtimeTokens: [provider.token, newest, 'short'] });
  const rotated = await recall(['endpoint']);
  expect(new URL(JSON.parse(rotated.stdout).realtime_endpoints[0].url).searchParams.get('token')).toBe(newest);
  await putRecallSecret(meetbus, { ...provider.secretValue, realtimeTokens: [] });
  const missing = await recall(['endpoint']);
  expect(missing).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('secrets add token') });
  await putRecallSecret(meetbus, 'no JSON');
  const unreadable = await recall(['endpoint']);
  expect(unreadable).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('secrets set') });
  await meetbus.clients.secrets.send(
    new DeleteSecretCommand({ SecretId: RECALL_SECRET_NAME, ForceDeleteWithoutRecovery: true }),
  );
  const none = await recall(['endpoint']);
  expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('There is no secret') });
  const set = ['secrets', 'set', '--local', '--state', meetbus.state];
  expect(await runCli(set, { input: provider.secret })).toMatchObject({ code: 0 });
  await putRecallSecret(meetbus, provider.secretValue);
});

it('finds nothing wrong with what it printed, from a file too', async () => {
  const file = join(folder, 'bot.json');
  writeFileSync(file, JSON.stringify({ meeting_url: 'https://meet.example.com/a', realtime_endpoints: [endpoint] }));
  const [fromFile, fromStdin] = await Promise.all([recall(['check', file, '--json']), check([endpoint])]);
  expect(fromFile.code).toBe(0);
  expect(JSON.parse(fromFile.stdout).map(({ check, status }: Record<string, string>) => [check, status])).toEqual([
    ['type', 'ok'],
    ['url', 'ok'],
    ['token', 'ok'],
    ['events', 'ok'],
  ]);
  expect(fromStdin).toMatchObject({ code: 0, stderr: '' });
});

/** The endpoint with another URL. */
const withUrl = (change: (url: URL) => void) => (): Endpoint[] => {
  const url = new URL(endpoint.url);
  change(url);
  return [{ ...endpoint, url: url.href }];
};

it.each<[string, () => unknown, string]>([
  ['no list', () => undefined, 'There is no list recording_config.realtime_endpoints'],
  ['no endpoint of this deployment', () => [{ ...endpoint, url: 'https://example.com/' }], 'None of 1 endpoints'],
  ['no URL', () => [{ type: 'webhook' }], 'None of 1 endpoints'],
  ['a type that is no webhook', () => [{ ...endpoint, type: 'websocket' }], 'The type of the endpoint is not webhook'],
  [
    'the path of the dashboard webhooks',
    withUrl((url) => {
      url.pathname = url.pathname.replace('realtime', 'webhooks');
    }),
    'A token counts only at /',
  ],
  [
    'two tokens',
    withUrl((url) => url.searchParams.append('token', 'another')),
    'The URL has several tokens, which is refused',
  ],
  [
    'a token of somebody else',
    withUrl((url) => url.searchParams.set('token', randomUUID())),
    'The token is none of this deployment',
  ],
  ['no events', () => [{ ...endpoint, events: [] }], 'The endpoint asks for no events'],
  [
    'an event that real-time endpoints do not get',
    () => [{ ...endpoint, events: ['transcript.data', 'transcript.dta'] }],
    'Not sent to real-time endpoints: transcript.dta. Did you mean',
  ],
])('finds %s', async (_, endpoints, message) => {
  expect(await check(endpoints())).toMatchObject({ code: 1, stdout: expect.stringContaining(message) });
});

it('warns of a URL without a token, which serves only what Recall.ai signs', async () => {
  const ran = await check(withUrl((url) => url.searchParams.delete('token'))());
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('only what Recall.ai signs is accepted') });
});

it.each([
  [
    'what is no JSON, without quoting it',
    ['check', '-'],
    '{"url": "https://x/?token=hidden',
    'What came on stdin is not',
  ],
  ['a file that is not there', ['check', '/nowhere/bot.json'], '', 'The file cannot be read'],
])('refuses %s', async (_, args, input, message) => {
  const ran = await recall(args, input);
  expect(ran).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  expect(ran.stderr).not.toContain('hidden');
});
