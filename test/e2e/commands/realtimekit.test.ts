/** `meetbus realtimekit webhooks`, run as a person does, against a stand-in for RealtimeKit's API. */
import { checkRealtimekitWebhook } from '../../../bin/commands/realtimekit/check';
import { type Deployment, findDeployment } from '../../../bin/deployment';
import { realtimekitBody } from '../../../samples/realtimekit';
import { type Ran, runCli } from '../../support/cli';
import { newKeyPair, realtimekitHeaders } from '../../support/deliveries';
import { KeyServer, serves } from '../../support/key-server';
import { type Meetbus, startMeetbus } from '../../support/meetbus';
import { type Fault, RealtimekitApi } from '../../support/realtimekit-api';

const TUNNEL = 'https://tunnel.example/realtimekit/webhooks';
const { privateKey, publicPem } = newKeyPair();
let api: RealtimekitApi;
let keyServer: KeyServer;
let meetbus: Meetbus;

beforeAll(async () => {
  api = await RealtimekitApi.start();
  keyServer = await KeyServer.start(serves(publicPem));
  meetbus = await startMeetbus(['--realtimekit-key-url', keyServer.url]);
});
beforeEach(() => api.reset());
afterAll(async () => {
  await Promise.all([meetbus?.stop(), keyServer?.close(), api?.close()]);
});

/** Runs a command to its end. No token may stand in what it prints. */
async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const env = { ...api.environment, ...environment };
  const ran = await runCli(['realtimekit', 'webhooks', ...args], { env });
  const token = env.CLOUDFLARE_API_TOKEN?.trim() || api.token;
  if ((ran.stdout + ran.stderr).includes(token)) throw new Error(`The token is in:\n${ran.stdout}${ran.stderr}`);
  return ran;
}

const here = () => ['--local', '--state', meetbus.state];
const only = () => [...api.webhooks.values()][0];

it('sync makes RealtimeKit send to the deployment, once', async () => {
  const dry = await run(['sync', '--dry-run', ...here()]);
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('dry run: would be changed') });
  expect(api.requests).toEqual(['GET /webhooks']);

  expect(await run(['sync', ...here()])).toMatchObject({ code: 0, stdout: expect.stringContaining('created') });
  const shared = await meetbus.subscribeToAll('shared');
  const path = new URL(String(only()?.url)).href.replace(meetbus.outputs.ApiUrl, '/');
  const body = JSON.stringify(realtimekitBody('meeting.started'));
  const headers = realtimekitHeaders(privateKey, body, { webhookId: String(only()?.id) });
  expect(await meetbus.post({ path, body, headers })).toMatchObject({ status: 200 });
  expect(await shared.collect(1)).toMatchObject([{ type: 'meeting.started' }]);

  const again = await run(['sync', '--json', ...here()]);
  expect(JSON.parse(again.stdout)).toMatchObject({ action: 'unchanged', id: only()?.id, differences: [] });
  expect(api.webhooks.size).toBe(1);
});

it('sync shows what differs, leaves others alone, and prunes only when told to', async () => {
  const { ApiUrl } = meetbus.outputs;
  const own = { url: `${ApiUrl}realtimekit/webhooks`, created_at: '2026-01-01T00:00:00Z' };
  const { id } = api.add({ ...own, enabled: false, events: ['meeting.started'] });
  const double = api.add({ ...own, created_at: '2026-01-02T00:00:00Z' });
  const other = api.add({ url: 'https://user:word@other.example/hook?token=their-secret', name: 'other\u001b[2J' });

  const first = await run(['sync', ...here()]);
  expect(first.code).toBe(1);
  expect(first.stdout).toContain('enabled: false -> true');
  expect(first.stdout).toContain('events: +meeting.ended');
  expect(first.stdout).toMatch(new RegExp(`bring events twice; --prune deletes them:\n.*\n${double.id}`));
  expect(first.stdout).toMatch(new RegExp(`of others:\n.*\n${other.id} .* https://other.example/hook\\?…\n`));
  for (const hidden of ['word', 'their-secret', '\u001b']) expect(first.stdout).not.toContain(hidden);

  const pruned = await run(['sync', '--prune', '--json', ...here()]);
  expect(pruned.code).toBe(0);
  expect(JSON.parse(pruned.stdout)).toMatchObject({ action: 'unchanged', id, removed: [double.id] });
  expect([...api.webhooks.keys()]).toEqual([id, other.id]);
});

it('creates, shows, edits, replaces, lists and deletes a webhook', async () => {
  const events = ['--event', 'meeting.started', 'meeting.ended'];
  const made = await run(['create', '--name', 'mine', '--url', TUNNEL, '--disabled', '--json', ...events]);
  const { id } = JSON.parse(made.stdout);
  expect(only()).toMatchObject({
    id,
    name: 'mine',
    url: TUNNEL,
    enabled: false,
    events: ['meeting.started', 'meeting.ended'],
  });

  const [shown, listed] = await Promise.all([run(['get', id]), run(['list', '--json'])]);
  expect(shown.stdout).toMatch(
    new RegExp(`id +${id}\nname +mine\nurl +${TUNNEL}\nenabled +no\nevents +meeting.started`),
  );
  expect(JSON.parse(listed.stdout)).toEqual([only()]);

  await run(['edit', id, '--enable', '--name', 'renamed']);
  expect(only()).toMatchObject({ id, name: 'renamed', enabled: true, events: ['meeting.started', 'meeting.ended'] });

  await run(['replace', id, '--name', 'fresh', '--url', TUNNEL]);
  expect(only()).toMatchObject({ id, name: 'fresh', enabled: true, events: { length: 9 } });

  expect(await run(['delete', id])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(`deleted\nid       ${id}`),
  });
  expect(api.webhooks.size).toBe(0);
});

it('says which types the events become, without an account', async () => {
  const { code, stdout } = await run(['events'], { CLOUDFLARE_ACCOUNT_ID: '', CLOUDFLARE_API_TOKEN: 'none' });
  expect(code).toBe(0);
  expect(stdout.trim().split('\n')).toHaveLength(10);
  expect(stdout).toMatch(/^meeting.participantJoined +participant.joined$/m);
});

describe('refuses, and says why:', () => {
  const REFUSALS: [string, string[], Record<string, string>, number, string][] = [
    ['no token', ['list'], { CLOUDFLARE_API_TOKEN: ' ' }, 2, 'Set CLOUDFLARE_API_TOKEN'],
    [
      'a token that no header can hold',
      ['list'],
      { CLOUDFLARE_API_TOKEN: 'tok\u2013en' },
      2,
      'characters that no token has',
    ],
    [
      'a wrong token',
      ['list'],
      { CLOUDFLARE_API_TOKEN: 'another' },
      1,
      '(401: Unauthorized). Set CLOUDFLARE_API_TOKEN',
    ],
    ['to send the token unencrypted', ['list'], { CLOUDFLARE_BASE_URL: 'http://api.example' }, 2, 'an https URL.'],
    ['no app', ['list'], { REALTIMEKIT_APP_ID: '' }, 2, '--app-id'],
    ['an id that leaves its path', ['get', '..'], {}, 2, 'Give an id of letters, digits and hyphens.'],
    ['a webhook that is not there', ['delete', 'none'], {}, 1, 'There is no webhook none in the app'],
    ['an event that nobody sends', ['create', '--event', 'meeting.flew'], {}, 2, 'Allowed choices are meeting.started'],
    ['an edit of nothing', ['edit', 'some'], {}, 2, 'Say what to change'],
    [
      'a URL that RealtimeKit cannot reach',
      ['edit', 'some', '--url', 'http://127.0.0.1:3000/'],
      { CLOUDFLARE_BASE_URL: 'https://api.example' },
      2,
      'RealtimeKit cannot reach http://127.0.0.1:3000/',
    ],
  ];
  const endings = new Map<string, Ran>();
  beforeAll(async () => {
    await Promise.all(
      REFUSALS.map(async ([what, args, environment]) => endings.set(what, await run(args, environment))),
    );
  });
  it.each(REFUSALS)('%s', (what, _args, _environment, code, message) => {
    expect(endings.get(what)).toEqual({ code, stdout: '', stderr: expect.stringContaining(message) });
  });
});

it('gives up on an API that does not answer, or is not there', async () => {
  const gone = await RealtimekitApi.start();
  const goneUrl = gone.url;
  await gone.close();
  api.faults.push(...Array.from({ length: 4 }, (): Fault => 'hang'));
  const [silent, absent] = await Promise.all([run(['list', '--timeout', '1s']), run(['list', '--api-url', goneUrl])]);
  expect(silent).toMatchObject({ code: 1, stderr: expect.stringContaining('no answer within 1 s, in 4 tries') });
  expect(absent).toMatchObject({ code: 1, stderr: expect.stringContaining('be reached (ECONNREFUSED), in 4 tries') });
  expect(api.requests).toHaveLength(4);
});

describe('what the doctor finds', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await findDeployment({ local: true, state: meetbus.state, stack: 'Meetbus' });
  });
  const findings = (environment: Record<string, string> = {}) =>
    checkRealtimekitWebhook(deployment, 'Meetbus', { ...api.environment, ...environment });
  const url = () => `${meetbus.outputs.ApiUrl}realtimekit/webhooks`;

  it.each<[string, () => void, string, string]>([
    ['none', () => undefined, 'There is none for', 'sync'],
    ['one disabled', () => api.add({ url: url(), enabled: false }), 'is disabled', 'sync'],
    [
      'an event missing',
      () => api.add({ url: url(), events: ['meeting.started'] }),
      'does not send meeting.ended',
      'sync',
    ],
    ['two', () => [api.add({ url: url() }), api.add({ url: url() })], '2 send to the same URL', 'sync --prune'],
    ['no access', () => api.faults.push({ status: 403 }), 'cannot be looked at', 'Set CLOUDFLARE_API_TOKEN'],
  ])('%s', async (_what, prepare, message, remedy) => {
    prepare();
    expect(await findings()).toEqual([
      {
        check: 'RealtimeKit webhook',
        status: 'problem',
        message: expect.stringContaining(message),
        remedy: expect.stringContaining(remedy),
      },
    ]);
  });

  it('nothing wrong, whatever its name', async () => {
    const { id } = api.add({ url: url(), name: 'by hand' });
    expect(await findings()).toEqual([
      { check: 'RealtimeKit webhook', status: 'ok', message: `${id} sends all 9 events` },
    ]);
  });

  it.each([[{ CLOUDFLARE_API_TOKEN: '' }], [{ CLOUDFLARE_BASE_URL: 'https://api.example' }]])(
    'nothing to look at with %j',
    async (environment) => {
      expect(await findings(environment)).toEqual([
        expect.objectContaining({ status: 'ok', message: expect.stringContaining('not looked at') }),
      ]);
      expect(api.requests).toEqual([]);
    },
  );
});
