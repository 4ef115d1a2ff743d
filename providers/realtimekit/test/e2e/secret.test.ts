/** `meetbus secrets` for RealtimeKit: the tokens of its URL are set, shown, added and retired. */
import { hash, randomBytes } from 'node:crypto';
import { DeleteSecretCommand, GetSecretValueCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { runCli } from '../../../../test/support/cli';
import { type Meetbus, startMeetbus } from '../../../../test/support/meetbus';

let meetbus: Meetbus;
beforeAll(async () => {
  meetbus = await startMeetbus();
});
afterAll(() => meetbus.stop());

const secrets = (args: readonly string[], input = '') =>
  runCli(['secrets', ...args, '--local', '--state', meetbus.state], { input });

/** The time that commands note of an entry. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const fingerprintOf = (value: string): string => hash('sha256', value, 'hex').slice(0, 12);

const newToken = (): string => randomBytes(32).toString('base64url');

const NAME = 'meetbus/realtimekit';
const storedTokens = async () => {
  const { SecretString = '' } = await meetbus.clients.secrets.send(new GetSecretValueCommand({ SecretId: NAME }));
  const value = JSON.parse(SecretString);
  meetbus.secrets.addAll(value.urlTokens);
  return value;
};
const put = (value: unknown) =>
  meetbus.clients.secrets.send(
    new PutSecretValueCommand({
      SecretId: NAME,
      SecretString: typeof value === 'string' ? value : JSON.stringify(value),
    }),
  );

it.each([[['set', 'realtimekit']], [['add', 'url-token', '--generate']]])(
  'is made by "secrets %j", with a token that nobody can guess, and no value is shown',
  async (args) => {
    const { secrets: client } = meetbus.clients;
    await client.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }));
    const none = await secrets(['show']);
    expect(none).toMatchObject({ code: 0, stderr: expect.stringContaining('npx meetbus secrets set realtimekit') });
    const made = await secrets(args);
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/url-token [0-9a-f]{12}\n$/) });
    const { urlTokens, addedAt } = await storedTokens();
    expect(urlTokens).toEqual([expect.stringMatching(/^[\w-]{43}$/)]);
    expect(addedAt).toEqual({ [fingerprintOf(urlTokens[0])]: expect.stringMatching(TIME) });
    const shown = await secrets(['show']);
    expect(shown.stdout).toContain(`Secret ${NAME}, changed `);
    expect(shown.stdout).toContain('1 url-token\n');
    expect(JSON.stringify([made, shown])).not.toContain(urlTokens[0].slice(-6));
    expect(await secrets(['set', 'realtimekit'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npx meetbus secrets add url-token'),
    });
  },
);

it('holds several tokens while they are rotated, and keeps the last one unless forced', async () => {
  const tokens = [newToken(), newToken()];
  await put({ urlTokens: [tokens[0]], note: 'kept' });
  expect(await secrets(['add', 'url-token'], tokens[1])).toMatchObject({ code: 0 });
  const [old, fresh] = tokens.map((token) => fingerprintOf(token));
  const retired = await secrets(['retire', String(old)]);
  expect(retired).toMatchObject({ code: 0, stdout: `Retired: url-token ${old}\n` });
  // Nobody has said which app to look at.
  expect(retired.stderr).toContain('CLOUDFLARE_API_TOKEN');
  const last = await secrets(['retire', String(fresh)]);
  expect(last).toMatchObject({ code: 1, stderr: expect.stringContaining("RealtimeKit's events are set aside") });
  expect(await storedTokens()).toMatchObject({ urlTokens: [tokens[1]], note: 'kept' });
  expect(await secrets(['retire', String(fresh), '--force'])).toMatchObject({ code: 0 });
  expect(await storedTokens()).toEqual({ urlTokens: [], note: 'kept' });
});

it('refuses a token that could be guessed, and shows which ones are', async () => {
  await put({ urlTokens: ['short', 'sixteen-letters-'] });
  expect(await secrets(['add', 'url-token'], 'guess-me')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('That is no url-token'),
  });
  const { entries } = JSON.parse((await secrets(['show', '--json'])).stdout);
  const shown = entries.filter(({ kind }: Record<string, unknown>) => kind === 'url-token');
  expect(shown).toMatchObject([{ isUsable: false }, { isUsable: true, isWeak: true }]);
});

it('is never overwritten where it holds something else', async () => {
  await put('put-here-by-hand');
  const results = await Promise.all([secrets(['add', 'url-token', '--generate']), secrets(['show'])]);
  for (const { code, stderr } of results) {
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`The secret ${NAME} holds no JSON`),
    });
  }
  await put({ urlTokens: [newToken()] });
});
