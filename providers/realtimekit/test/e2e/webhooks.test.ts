/** `meetbus realtimekit webhooks`, run as a person does, against a stand-in for RealtimeKit's API. */
import { createHash, randomBytes } from 'node:crypto';
import { DeleteSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { type Deployment, findDeployment } from '../../../../bin/deployment';
import { type Ran, runCli } from '../../../../test/support/cli';
import { newKeyPair, realtimekitHeaders } from '../../../../test/support/deliveries';
import { KeyServer, serves } from '../../../../test/support/key-server';
import { type Meetbus, startMeetbus } from '../../../../test/support/meetbus';
import { type Fault, RealtimekitApi } from '../../../../test/support/realtimekit-api';
import { checkWebhook } from '../../cli/webhook-check';
import { realtimekitBody } from '../../sandbox';

const TUNNEL = 'https://tunnel.example/realtimekit/webhooks';
const { privateKey, publicPem } = newKeyPair();
let api: RealtimekitApi;
let keyServer: KeyServer;
let meetbus: Meetbus;

beforeAll(async () => {
  api = await RealtimekitApi.start();
  keyServer = await KeyServer.start(serves(publicPem));
  meetbus = await startMeetbus(['--option', `realtimekit.keyUrl=${keyServer.url}`]);
});
beforeEach(() => api.reset());
afterAll(async () => {
  await Promise.all([meetbus?.stop(), keyServer?.close(), api?.close()]);
});

/** Runs a command to its end. No token may stand in what it prints. */
async function run(args: readonly string[], environment: Record<string, string> = {}): Promise<Ran> {
  const env = { ...api.environment, ...environment };
  const ran = await runCli(['realtimekit', 'webhooks', ...args], { env });
  const inUrls = [...api.webhooks.values()].map(({ url }) => url.split('/realtimekit/webhooks/')[1]);
  const tokens = [env.CLOUDFLARE_API_TOKEN?.trim() || api.token, ...inUrls, ...(await urlTokens())];
  for (const token of tokens) {
    if (token && (ran.stdout + ran.stderr).includes(token)) {
      throw new Error(`A token is in:\n${ran.stdout}${ran.stderr}`);
    }
  }
  return ran;
}

const SECRET = { SecretId: 'meetbus/realtimekit' };

/** The tokens in the secret of RealtimeKit; none where there is no secret. */
async function urlTokens(): Promise<string[]> {
  try {
    const { SecretString = '' } = await meetbus.clients.secrets.send(new GetSecretValueCommand(SECRET));
    const tokens = JSON.parse(SecretString).urlTokens;
    meetbus.secrets.addAll(tokens);
    return tokens;
  } catch (error) {
    if ((error as Error).name === 'ResourceNotFoundException') return [];
    throw error;
  }
}

const putUrlTokens = (...tokens: string[]) =>
  meetbus.clients.secrets.send(
    new PutSecretValueCommand({ ...SECRET, SecretString: JSON.stringify({ urlTokens: tokens }) }),
  );

const newToken = () => randomBytes(32).toString('base64url');

/** The deployment's URL, with a token or without. */
const ownUrl = (token?: string) =>
  `${meetbus.outputs.ApiUrl}realtimekit/webhooks${token === undefined ? '' : `/${token}`}`;

const here = () => ['--local', '--state', meetbus.state];
const only = () => [...api.webhooks.values()][0];

it('sync makes RealtimeKit send to the deployment, once', async () => {
  const dry = await run(['sync', '--dry-run', ...here()]);
  expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('dry run: would be changed') });
  expect(api.requests).toEqual(['GET /webhooks']);

  const made = await run(['sync', ...here()]);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringContaining('created') });
  expect(made.stdout).toContain(`${ownUrl()}/… (newest token)`);
  expect(only()?.url).toBe(ownUrl((await urlTokens()).at(-1)));
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

describe('the token of the URL', () => {
  it('is made up by sync where there is none, but not by a dry run', async () => {
    await meetbus.clients.secrets.send(new DeleteSecretCommand({ ...SECRET, ForceDeleteWithoutRecovery: true }));
    const dry = await run(['sync', '--dry-run', ...here()]);
    expect(dry).toMatchObject({ code: 0, stderr: expect.stringContaining('would be made up') });
    expect([await urlTokens(), api.requests]).toEqual([[], ['GET /webhooks']]);

    const made = await run(['sync', ...here()]);
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('in the secret meetbus/realtimekit') });
    const [token, ...more] = await urlTokens();
    expect([token, more]).toEqual([expect.stringMatching(/^[\w-]{43}$/), []]);
    expect(only()?.url).toBe(ownUrl(token));
  });

  it.each<[string, () => string | undefined, string]>([
    ['none', () => undefined, 'no token'],
    ['an older one', () => 'older-token-of-this-deployment', 'older token'],
    ['one that nobody knows', () => 'token-of-another-deployment', 'unknown token'],
  ])('becomes the newest where the webhook has %s', async (_, found, standing) => {
    const newest = newToken();
    await putUrlTokens('older-token-of-this-deployment', newest);
    const { id } = api.add({ url: ownUrl(found()), name: 'by hand' });
    const dry = await run(['sync', '--dry-run', ...here()]);
    expect(dry.stdout).toContain(`(${standing}) -> ${ownUrl()}/… (newest token)`);
    expect(only()?.url).toBe(ownUrl(found()));
    expect((await run(['sync', ...here()])).stdout).toContain(`updated ${id}`);
    expect(only()).toMatchObject({ id, url: ownUrl(newest) });
  });

  it('is rotated: a new one, the webhook, then the old one goes, which is refused while a webhook has it', async () => {
    const old = newToken();
    await putUrlTokens(old);
    await run(['sync', ...here()]);
    const secrets = (...args: string[]) => runCli(['secrets', ...args, ...here()], { env: api.environment });
    await secrets('add', 'url-token', '--generate');
    const fingerprint = createHash('sha256').update(old).digest('hex').slice(0, 12);

    const early = await secrets('retire', fingerprint);
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining(`webhook ${only()?.id} has this token`) });
    expect(early.stderr).toContain('npx meetbus realtimekit webhooks sync');
    expect(await urlTokens()).toHaveLength(2);

    await run(['sync', ...here()]);
    expect(await secrets('retire', fingerprint)).toMatchObject({ code: 0, stderr: '' });
    const [kept, ...more] = await urlTokens();
    expect([only()?.url, more]).toEqual([ownUrl(kept), []]);
  });

  it('can be retired at once after a leak, and where the API does not answer', async () => {
    const tokens = [newToken(), newToken(), newToken()];
    await putUrlTokens(...tokens);
    const { id } = api.add({ url: ownUrl(tokens[0]) });
    const retire = (token: string, ...args: string[]) => {
      const fingerprint = createHash('sha256').update(token).digest('hex');
      return runCli(['secrets', 'retire', fingerprint.slice(0, 12), ...args, ...here()], { env: api.environment });
    };
    const forced = await retire(tokens[0]!, '--force');
    expect(forced).toMatchObject({ code: 0, stderr: expect.stringContaining(`webhook ${id} has this token`) });
    api.faults.push({ status: 401 });
    const blind = await retire(tokens[1]!);
    expect(blind).toMatchObject({ code: 0, stderr: expect.stringContaining('was not looked at') });
    expect(await urlTokens()).toEqual([tokens[2]]);
  });

  it('is told by list as newest, older, unknown or none, and as nothing where no deployment is', async () => {
    const [older, newest] = [newToken(), newToken()];
    await putUrlTokens(older, newest);
    const urls = [newest, older, newToken(), undefined].map(ownUrl);
    for (const url of [...urls, 'https://other.example/hook']) api.add({ url });
    const [json, text, alone] = await Promise.all([
      run(['list', '--json', ...here()]),
      run(['list', ...here()]),
      run(['list', '--local', '--state', '/nowhere']),
    ]);
    const standings = JSON.parse(json.stdout).map(({ token }: { token: string }) => token);
    expect(standings).toEqual(['newest', 'older', 'unknown', 'none', 'other']);
    expect(text.stdout).toMatch(/ newest .+\n.+ older .+\n.+ unknown .+\n.+ none /);
    expect(alone).toMatchObject({ code: 0, stderr: expect.stringContaining('is not known: No local cloud') });
    expect(alone.stdout).toMatch(/ \? /);
  });

  it('is appended to the URL of a tunnel', async () => {
    const token = newToken();
    await putUrlTokens(token);
    await run(['sync', '--url', TUNNEL, '--name', 'tunnel', ...here()]);
    expect(only()).toMatchObject({ name: 'tunnel', url: `${TUNNEL}/${token}` });
    expect((await run(['sync', '--url', TUNNEL, '--name', 'tunnel', ...here()])).stdout).toContain('unchanged');
  });
});

it('sync shows what differs, leaves others alone, and prunes only when told to', async () => {
  const own = { url: ownUrl((await urlTokens()).at(-1)), created_at: '2026-01-01T00:00:00Z' };
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

  const [shown, listed] = await Promise.all([run(['get', id]), run(['list', '--json', ...here()])]);
  expect(shown.stdout).toMatch(
    new RegExp(`id +${id}\nname +mine\nurl +${TUNNEL}\nenabled +no\nevents +meeting.started`),
  );
  expect(JSON.parse(listed.stdout)).toEqual([{ ...only(), token: 'none' }]);

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
  expect(absent).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/be reached, in 4 tries: .*ECONNREFUSED .*nothing listens there/),
  });
  expect(api.requests).toHaveLength(4);
});

describe('what the doctor finds', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await findDeployment({ local: true, state: meetbus.state, stack: 'Meetbus' });
  });
  const findings = (environment: Record<string, string> = {}) =>
    checkWebhook(deployment, 'Meetbus', { ...api.environment, ...environment });
  const TOKEN = newToken();
  const OLDER = newToken();
  const url = () => ownUrl(TOKEN);
  beforeEach(() => putUrlTokens(OLDER, TOKEN));

  it.each<[string, () => void, string, string]>([
    ['none', () => undefined, 'There is none for', 'sync'],
    ['one disabled', () => api.add({ url: url(), enabled: false }), 'is disabled', 'sync'],
    [
      'an event missing',
      () => api.add({ url: url(), events: ['meeting.started'] }),
      'does not send meeting.ended',
      'sync',
    ],
    [
      'two, whatever their tokens',
      () => [api.add({ url: url() }), api.add({ url: ownUrl() })],
      '2 send to the same URL',
      'sync --prune',
    ],
    ['no token', () => api.add({ url: ownUrl() }), 'has no token', 'sync'],
    ['an unknown token', () => api.add({ url: ownUrl('unknown') }), 'a token that is none of this deployment', 'sync'],
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

  it('an older token, which is good as long as it is there', async () => {
    api.add({ url: ownUrl(OLDER) });
    expect(await findings()).toMatchObject([{ status: 'warning', message: expect.stringContaining('older token') }]);
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
