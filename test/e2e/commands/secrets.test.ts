/** Secrets are set, shown, added and retired by command; a rotation under load refuses no delivery. */
import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { ownerNamed } from '../../../bin/commands/secrets/owners';
import { SecretStore } from '../../../bin/commands/secrets/store';
import { localClientConfig } from '../../../bin/local/client-config';
import { runCli } from '../../support/cli';
import { SOURCES } from '../../support/command-line';
import { newSecret } from '../../support/deliveries';
import { OwnProject } from '../../support/own-project';
import { putRecallSecret, RECALL_SECRET_NAME, startWorld, type World } from '../../support/providers';

let world: World;
let project: OwnProject | undefined;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  project?.remove();
  await world.close();
});

const secrets = (args: readonly string[], input = '') =>
  runCli(['secrets', ...args, '--local', '--state', world.meetbus.state], { input });

const stored = async () => {
  const command = new GetSecretValueCommand({ SecretId: RECALL_SECRET_NAME });
  return JSON.parse((await world.meetbus.clients.secrets.send(command)).SecretString ?? '');
};

/** What the commands change a secret by. */
const storeOf = (RecallSecretName: string) =>
  new SecretStore(
    { outputs: { RecallSecretName }, clientConfig: localClientConfig(world.meetbus.awsUrl) },
    ownerNamed('recall'),
  );

/** What commands note of an entry. */
const TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const fingerprintsIn = (text: string): string[] => text.match(/\b[0-9a-f]{12}\b/g) ?? [];

const fingerprintOf = (value: string): string => hash('sha256', value, 'hex').slice(0, 12);

const body = () => ({ event: 'bot.done', data: { bot: { id: randomUUID() } } });

it('sets the secret up once, and shows it without its values', async () => {
  const { clients } = world.meetbus;
  await clients.secrets.send(
    new DeleteSecretCommand({ SecretId: RECALL_SECRET_NAME, ForceDeleteWithoutRecovery: true }),
  );
  const [missing, wrong] = await Promise.all([secrets(['show']), secrets(['set'], 'whsec_short')]);
  // The other secret is there: who uses one provider needs no other's.
  expect(missing).toMatchObject({ code: 0, stderr: expect.stringContaining('npx meetbus secrets set') });
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('whsec_ and at least 16 bytes') });

  const secret = newSecret();
  const set = await secrets(['set'], `${secret}\n`);
  expect(set).toMatchObject({ code: 0, stderr: '' });
  const value = await stored();
  const fingerprints = fingerprintsIn(set.stdout);
  expect(value).toEqual({
    signingSecrets: [secret],
    realtimeTokens: [expect.stringMatching(/^[\w-]{43}$/)],
    addedAt: Object.fromEntries(fingerprints.map((fingerprint) => [fingerprint, expect.stringMatching(TIME)])),
  });

  const [shown, again] = await Promise.all([secrets(['show']), secrets(['set'], newSecret())]);
  expect(fingerprintsIn(shown.stdout).slice(0, 2)).toEqual(fingerprints);
  expect(shown.stdout).toContain('1 signing-secret, 1 token');
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('is set already') });
  expect(await stored()).toEqual(value);
  for (const hidden of [secret, value.realtimeTokens[0]]) {
    expect(JSON.stringify([set, shown, again])).not.toContain(hidden.slice(-6));
  }
});

it('refuses what would lose deliveries or be no use, and changes nothing', async () => {
  const { recall, meetbus } = world;
  const value = { ...recall.secretValue, note: { of: 'another team' } };
  await putRecallSecret(meetbus, value);
  const { entries } = JSON.parse((await secrets(['show', '--json'])).stdout);
  const results = await Promise.all([
    secrets(['retire', entries[0].fingerprint]),
    secrets(['retire', 'ffffffffffff']),
    secrets(['add', 'token'], 'too-short'),
    secrets(['add', 'signing-secret'], recall.secret),
    secrets(['add', 'signing-secret', '--generate']),
    secrets(['add', 'key']),
  ]);
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
    [1, expect.stringContaining('is the last usable signing-secret')],
    [1, expect.stringContaining('does not name one entry')],
    [2, expect.stringContaining('That is no token')],
    [1, expect.stringContaining('is there already')],
    [2, expect.stringContaining('Only a token can be generated')],
    [2, expect.stringContaining('Allowed choices are signing-secret, token, url-token')],
  ]);
  expect(await stored()).toEqual(value);

  expect(await secrets(['retire', entries[0].fingerprint, '--force'])).toMatchObject({ code: 0 });
  expect(await stored()).toEqual({ ...value, signingSecrets: [] });
});

it('leaves nothing in the lists when the last usable entry of all goes, so that verifiers shut it out', async () => {
  const { token } = world.recall;
  await putRecallSecret(world.meetbus, { signingSecrets: ['whsec_typo'], realtimeTokens: [token] });
  const fingerprint = fingerprintOf(token);
  expect(await secrets(['retire', fingerprint, '--force'])).toMatchObject({ code: 0 });
  expect(await stored()).toEqual({ signingSecrets: [], realtimeTokens: [] });
});

it.each([
  ['a text that is no JSON', 'whsec_put_here_by_hand', ['add', 'token', '--generate'], 'holds no JSON object'],
  ['what cannot be shown', 'whsec_put_here_by_hand', ['show'], 'npx meetbus secrets set'],
  ['a token that is weak, and live', '{"realtimeTokens":["weak-with-16-char"]}', ['set'], 'is set already'],
  [
    'the last token, weak as it is',
    '{"realtimeTokens":["weak-with-16-char"]}',
    ['retire', fingerprintOf('weak-with-16-char')],
    'is the last usable token',
  ],
])('never throws away %s', async (_, SecretString, args, message) => {
  const { secrets: client } = world.meetbus.clients;
  await client.send(new PutSecretValueCommand({ SecretId: RECALL_SECRET_NAME, SecretString }));
  expect(await secrets(args, newSecret())).toMatchObject({ code: 1, stderr: expect.stringContaining(message) });
  const kept = await client.send(new GetSecretValueCommand({ SecretId: RECALL_SECRET_NAME }));
  expect(kept.SecretString).toBe(SecretString);
});

it('shows as ignored what verifiers ignore, entries that are no text, and makes no token of them', async () => {
  const { meetbus, recall } = world;
  await putRecallSecret(meetbus, { ...recall.secretValue, realtimeTokens: [recall.token, null, 17] });
  const { entries } = JSON.parse((await secrets(['show', '--json'])).stdout);
  const ofRecall = entries.filter(({ secretName }: Record<string, unknown>) => secretName === RECALL_SECRET_NAME);
  expect(ofRecall.map(({ kind, isUsable }: Record<string, unknown>) => [kind, isUsable])).toEqual([
    ['signing-secret', true],
    ['token', true],
    ['token', false],
    ['token', false],
  ]);
  expect(await secrets(['add', 'token', '--generate'])).toMatchObject({ code: 0 });
  expect((await stored()).realtimeTokens).toEqual([recall.token, null, 17, expect.stringMatching(/^[\w-]{43}$/)]);
});

it('tells when each entry was added, as far as a command has noted it, and forgets those that are gone', async () => {
  const { meetbus, recall } = world;
  await putRecallSecret(meetbus, { ...recall.secretValue, addedAt: { abc: 'a while ago', [fingerprintOf('x')]: 17 } });
  const before = Date.now();
  await secrets(['add', 'token', '--generate']);
  const { entries } = JSON.parse((await secrets(['show', '--json'])).stdout);
  const [signingSecret, old, fresh] = entries;
  expect([signingSecret.addedAt, old.addedAt]).toEqual([null, null]);
  expect(Date.parse(fresh.addedAt)).toBeGreaterThanOrEqual(before);
  const shown = await secrets(['show']);
  expect(shown.stdout).toMatch(new RegExp(`^token +${old.fingerprint} +unknown$`, 'm'));
  expect(shown.stdout).toMatch(new RegExp(`^token +${fresh.fingerprint} +${fresh.addedAt}$`, 'm'));

  // Verifiers pass over what they do not know, so both tokens count.
  const { realtimeTokens, addedAt } = await stored();
  expect(addedAt).toEqual({ [fresh.fingerprint]: fresh.addedAt });
  for (const token of realtimeTokens) {
    expect((await meetbus.post(recall.withToken(body(), token))).status).toBe(200);
  }
  await secrets(['retire', fresh.fingerprint]);
  expect(await stored()).toEqual(recall.secretValue);
  await meetbus.settled();
});

it('retires a value that stands there twice', async () => {
  const { meetbus, recall } = world;
  const twice = 'a-token-that-stands-there-twice';
  await putRecallSecret(meetbus, {
    ...recall.secretValue,
    realtimeTokens: ['another-token-that-is-kept', twice, twice],
  });
  const fingerprint = fingerprintOf(twice);
  expect(await secrets(['retire', fingerprint])).toMatchObject({ code: 0 });
  expect(await stored()).toEqual({ ...recall.secretValue, realtimeTokens: ['another-token-that-is-kept'] });
});

it('says how to bring back a secret that is marked for deletion', async () => {
  const { secrets: client } = world.meetbus.clients;
  await client.send(new DeleteSecretCommand({ SecretId: RECALL_SECRET_NAME }));
  const results = await Promise.all([secrets(['show']), secrets(['set'], newSecret())]);
  await client.send(new RestoreSecretCommand({ SecretId: RECALL_SECRET_NAME }));
  for (const { code, stderr } of results) {
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('aws secretsmanager restore-secret') });
  }
});

it('sets up once, though two do it at the same time', async () => {
  const { secrets: client } = world.meetbus.clients;
  const store = storeOf('set-up-by-two');
  // Both have seen that there is none.
  await store.create({ realtimeTokens: ['of the first'] });
  await expect(store.create({ realtimeTokens: ['of the second'] })).rejects.toThrow('Somebody else');
  store.close();
  const kept = await client.send(new GetSecretValueCommand({ SecretId: 'set-up-by-two' }));
  expect(kept.SecretString).toContain('of the first');
});

it('refuses to overwrite what somebody else changes meanwhile', async () => {
  const { meetbus, recall } = world;
  await putRecallSecret(meetbus, recall.secretValue);
  const store = storeOf(RECALL_SECRET_NAME);
  const read = await store.read();
  const theirs = { ...recall.secretValue, change: 'theirs' };
  await putRecallSecret(meetbus, theirs);
  await expect(store.replace(read, { ...recall.secretValue, change: 'ours' })).rejects.toThrow(
    'Somebody else has changed the secret just now. Nothing was changed',
  );
  store.close();
  expect(await stored()).toEqual(theirs);
});

it('rotates the signing secret under load without one refusal', async () => {
  const { meetbus, recall } = world;
  await putRecallSecret(meetbus, recall.secretValue);
  const next = newSecret();
  meetbus.secrets.addAll(next);
  let secret = recall.secret;
  let isOver = false;
  const statuses: number[] = [];
  const sender = async () => {
    while (!isOver) {
      statuses.push((await meetbus.post(recall.signed(body(), { secret }))).status);
      await sleep(5);
    }
  };
  const senders = [sender(), sender(), sender()];

  const before = await secrets(['show', '--json']);
  const added = await secrets(['add', 'signing-secret'], next);
  expect(added).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Added: signing-secret /) });
  secret = next;
  // What was signed with the old one has been answered when every sender has sent anew.
  const sentBefore = statuses.length;
  while (statuses.length < sentBefore + 2 * senders.length) await sleep(5);
  const [old] = JSON.parse(before.stdout).entries;
  const retired = await secrets(['retire', old.fingerprint]);
  expect(retired).toMatchObject({ code: 0, stdout: expect.stringContaining(old.fingerprint) });
  const sentAfter = statuses.length;
  while (statuses.length < sentAfter + 30) await sleep(5);
  isOver = true;
  await Promise.all(senders);

  expect(statuses.filter((status) => status !== 200)).toEqual([]);
  expect(await stored()).toMatchObject({ ...recall.secretValue, signingSecrets: [next] });
  await meetbus.settled();
});

/** Its keys have names. */
const NAMED_KEYS = `[{
  ...kinds.namedKeyKind('apiKeys'),
  kind: 'acme-key', title: 'key', description: 'Acme signs with it', prompt: 'Key of Acme (<name>:<key>)',
}]`;

it('sets up, shows, rotates and checks keys that have names', async () => {
  project = new OwnProject(NAMED_KEYS);
  const options = ['--local', '--state', project.stateLike(world.meetbus.state)];
  const run = (args: readonly string[], input = '') =>
    runCli([...args, ...options], { program: SOURCES, cwd: project?.folder, input });
  const value = async () => {
    const { SecretString = '' } = await world.meetbus.clients.secrets.send(
      new GetSecretValueCommand({ SecretId: 'acme/keys' }),
    );
    return JSON.parse(SecretString);
  };
  const [one, two] = [randomUUID(), randomUUID()];
  const [first, second] = [fingerprintOf(`APIone:${one}`), fingerprintOf(`APItwo:${two}`)];

  const [none, missing] = await Promise.all([run(['secrets', 'show', 'acme']), run(['doctor', '--json'])]);
  expect(none).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npx meetbus secrets set acme') });
  expect(JSON.parse(missing.stdout)).toContainEqual({
    check: 'secret of Acme Rooms',
    status: 'problem',
    message: 'There is no secret acme/keys, so Acme Rooms is answered 503.',
    remedy: expect.stringContaining('npx meetbus secrets set acme'),
  });

  const set = await run(['secrets', 'set', 'acme'], `APIone: ${one}\n`);
  expect(set).toMatchObject({ code: 0, stdout: `Set the secret acme/keys: acme-key APIone ${first}\n` });
  expect(await value()).toEqual({ apiKeys: { APIone: one }, addedAt: { [first]: expect.stringMatching(TIME) } });
  const taken = await run(['secrets', 'add', 'acme-key'], `APIone:${two}`);
  expect(taken).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`with another value: ${first}. Nothing was changed.`),
  });
  const added = await run(['secrets', 'add', 'acme-key', '--json'], `APItwo:${two}`);
  expect(JSON.parse(added.stdout)).toMatchObject([{ name: 'APItwo', fingerprint: second }]);

  const [shown, looked] = await Promise.all([run(['secrets', 'show', 'acme']), run(['doctor', '--json'])]);
  expect(shown.stdout).toMatch(new RegExp(`^acme-key +APIone +${first} `, 'm'));
  expect(shown.stdout).not.toContain(RECALL_SECRET_NAME);
  expect(JSON.parse(looked.stdout)).toContainEqual({
    check: 'secret of Acme Rooms',
    status: 'ok',
    message: '2 usable entries',
  });
  const retired = await run(['secrets', 'retire', first]);
  expect(retired).toMatchObject({ code: 0, stdout: `Retired: acme-key APIone ${first}\n` });
  expect(await value()).toEqual({ apiKeys: { APItwo: two }, addedAt: { [second]: expect.stringMatching(TIME) } });
  const last = await run(['secrets', 'retire', second, '--force']);
  expect(await value()).toEqual({ apiKeys: {} });
  for (const hidden of [one, two])
    expect(JSON.stringify([set, taken, added, shown, looked, retired, last])).not.toContain(hidden);
}, 90_000);
