/** Whose webhook has sent a genuine delivery, in process: what the URL's token and the lists of the settings prove. */
import '../../../test/support/quiet';

import { failing, proxyEvent, REALTIMEKIT_SECRET_NAME, startAws } from '../../../test/support/aws-in-process';
import { newKeyPair, realtimekitHeaders } from '../../../test/support/deliveries';
import { KeyServer, serves } from '../../../test/support/key-server';
import { answerOf, newVerifier, type Verifier } from '../../../test/support/runtimes';

const keys = newKeyPair();
let aws: Awaited<ReturnType<typeof startAws>>;
let keyServer: KeyServer;

beforeAll(async () => {
  aws = await startAws();
  keyServer = await KeyServer.start(serves(keys.publicPem));
});
afterEach(() => aws.mend());
afterAll(async () => {
  await aws.close();
  await keyServer.close();
});

let counter = 0;
const URL_TOKEN = 'url-token-of-the-verifier-test';
const body = (organizationId?: string) =>
  JSON.stringify({
    event: 'meeting.started',
    meeting: { id: `m-${counter++}`, organizedBy: { id: organizationId } },
  });
const putTokens = (value: object) => {
  const SecretString = JSON.stringify(value);
  if (aws.secrets.has(REALTIMEKIT_SECRET_NAME)) {
    aws.secrets.put(aws.secrets.find(REALTIMEKIT_SECRET_NAME), { SecretString });
  } else aws.secrets.create(REALTIMEKIT_SECRET_NAME, { value: { SecretString } });
};

let loads = 0;
/** A copy of the verifier that has just started, with these lists. */
const newCopy = ({ organizations = [], webhooks = [] }: { organizations?: string[]; webhooks?: string[] } = {}) =>
  newVerifier('realtimekit', 'realtimekit/webhooks', {
    options: { keyUrl: keyServer.url, organizationIds: organizations, webhookIds: webhooks },
  });
beforeEach(() => {
  loads = 0;
  aws.break('GetSecretValue', (original) => (input, call) => {
    loads++;
    return original(input, call);
  });
});

const from = (
  handler: Verifier,
  text: string,
  {
    webhookId = 'webhook-1',
    urlToken,
    headers = {},
  }: Partial<Record<'webhookId' | 'urlToken', string>> & { headers?: object } = {},
) =>
  answerOf(
    handler,
    proxyEvent(
      text,
      { ...realtimekitHeaders(keys.privateKey, text, { webhookId }), ...headers },
      {},
      urlToken === undefined ? null : { token: urlToken },
    ),
  );
const accepted = { statusCode: 200, status: 'accepted' };
/** What the queue has got, as one word each. */
async function verdicts(): Promise<string[]> {
  const believed = (await aws.messagesOf('meeting')).map(({ proof }) => `believed by ${proof}`);
  return [...believed, ...(await aws.messagesOf('unrecognized')).map(({ unrecognized }) => unrecognized)];
}

it.each([
  ['no list', {}, body('org-1'), 'webhook-1', 'sender_not_proved'],
  [
    'its organization on the list',
    { organizations: ['org-1', 'org-2'] },
    body('org-2'),
    'webhook-1',
    'believed by signature',
  ],
  ['its organization not on it', { organizations: ['org-1'] }, body('org-3'), 'webhook-1', 'sender_not_proved'],
  ['no organization', { organizations: ['org-1'] }, body(), 'webhook-1', 'sender_not_proved'],
  ['its webhook on the list', { webhooks: ['webhook-1'] }, body('org-3'), 'webhook-1', 'believed by signature'],
  ['its webhook not on it', { webhooks: ['webhook-1'] }, body('org-1'), 'webhook-2', 'sender_not_proved'],
  ['no webhook', { webhooks: ['webhook-1'] }, body('org-1'), '', 'sender_not_proved'],
  ['one of two lists', { organizations: ['org-1'], webhooks: ['webhook-1'] }, body('org-1'), 'w', 'sender_not_proved'],
  ['both lists', { organizations: ['org-1'], webhooks: ['w'] }, body('org-1'), 'w', 'believed by signature'],
  ['everyone listed', { organizations: ['*'] }, body('org-4'), 'w', 'believed by signature'],
  ['everyone listed and no organization', { organizations: ['*'] }, body(), 'w', 'believed by signature'],
  ['everyone listed and no webhook', { webhooks: ['*'] }, body(), '', 'believed by signature'],
  ['a body that is no JSON', { organizations: ['org-1'] }, 'x', 'w', 'sender_not_proved'],
  [
    'another organization beside one on the list',
    { organizations: ['org-1'] },
    '{"event":"meeting.started","meeting":{"id":"m-two","organizedBy":{"id":"org-1"}},"organizationId":"org-3"}',
    'w',
    'sender_not_proved',
  ],
  [
    'a number that a double takes for the one on the list',
    { organizations: ['9007199254740992'] },
    '{"event":"meeting.started","meeting":{"id":"m-many","organizedBy":{"id":9007199254740993}}}',
    'w',
    'sender_not_proved',
  ],
])('without a token: %s', async (_name, lists, text, webhookId, verdict) => {
  expect(await from(await newCopy(lists), text, { webhookId })).toMatchObject(accepted);
  expect(await verdicts()).toEqual([verdict]);
  expect(loads).toBe(0);
});

it('are believed with a live token, and what they are is not looked at', async () => {
  putTokens({ urlTokens: ['another-token-for-rotation', URL_TOKEN] });
  const copy = await newCopy({ organizations: ['org-1'] });
  for (const organization of ['org-1', 'org-3', undefined]) {
    expect(await from(copy, body(organization), { urlToken: URL_TOKEN })).toMatchObject(accepted);
  }
  expect(await verdicts()).toEqual(Array(3).fill('believed by signature'));
  expect(loads).toBe(1);
});

it.each(['', 'x', URL_TOKEN.slice(0, -1), `${URL_TOKEN}x`, URL_TOKEN.toUpperCase(), '__proto__'])(
  'are not believed with the token %j',
  async (urlToken) => {
    putTokens({ urlTokens: [URL_TOKEN] });
    expect(await from(await newCopy(), body(), { urlToken })).toMatchObject(accepted);
    expect(await verdicts()).toEqual(['sender_not_proved']);
  },
);

it('whose signature is wrong have the secret left alone', async () => {
  putTokens({ urlTokens: [URL_TOKEN] });
  const headers = { 'rtk-signature': 'AAAA' };
  const copy = await newCopy();
  expect(await from(copy, body(), { urlToken: URL_TOKEN, headers })).toMatchObject({ statusCode: 401 });
  expect(await from(copy, body(), { urlToken: 'wrong', headers })).toMatchObject({ statusCode: 401 });
  expect(loads).toBe(0);
});

it.each([
  ['cannot be loaded', () => aws.break('GetSecretValue', failing)],
  ['is no JSON', () => putTokens('x' as never)],
  ['holds nothing usable', () => putTokens({ urlTokens: ['short'] })],
  ['has been emptied', () => putTokens({ urlTokens: [] })],
])('whose secret %s are kept, not refused', async (_name, spoil) => {
  // One that no copy of the verifier has ever read.
  const urlToken = `never-read-${counter++}-${URL_TOKEN}`;
  putTokens({ urlTokens: [urlToken] });
  spoil();
  expect(await from(await newCopy(), body(), { urlToken })).toMatchObject(accepted);
  expect(await verdicts()).toEqual(['sender_not_proved']);
});

it('are judged by the last good tokens while the secret cannot be loaded', async () => {
  putTokens({ urlTokens: [URL_TOKEN] });
  const copy = await newCopy();
  await from(copy, body(), { urlToken: URL_TOKEN });
  aws.break('GetSecretValue', failing);
  const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 600_000);
  expect(await from(copy, body(), { urlToken: URL_TOKEN })).toMatchObject(accepted);
  expect(await from(copy, body(), { urlToken: 'another-token' })).toMatchObject(accepted);
  clock.mockRestore();
  expect(await verdicts()).toEqual(['believed by signature', 'believed by signature', 'sender_not_proved']);
});

it('that were set aside are no duplicates once they are proved', async () => {
  putTokens({ urlTokens: [URL_TOKEN] });
  const copy = await newCopy();
  const text = body();
  // Two webhooks of one app, the old one without a token, send the same event.
  for (const status of ['accepted', 'duplicate']) expect(await from(copy, text)).toMatchObject({ status });
  for (const status of ['accepted', 'duplicate']) {
    expect(await from(copy, text, { urlToken: URL_TOKEN })).toMatchObject({ status });
  }
  const [[believed], [setAside]] = [await aws.messagesOf('meeting'), await aws.messagesOf('unrecognized')];
  expect(believed.eventId).toBe(setAside.eventId);
});

it('tell repeats of a recording apart by the delivery id, with a token alone', async () => {
  putTokens({ urlTokens: [URL_TOKEN] });
  const copy = await newCopy({ organizations: ['*'] });
  await aws.messagesOf('recording');
  const recording = { id: `r-${counter++}` };
  const bodyOf = (status: string) =>
    JSON.stringify({ event: 'recording.statusUpdate', recording: { ...recording, status } });
  const ids = async (urlToken?: string) => {
    for (const [index, status] of ['RECORDING', 'PAUSED', 'RECORDING', 'PAUSED'].entries()) {
      // Each is tried twice, under its id.
      for (let tried = 0; tried < 2; tried++) {
        await from(copy, bodyOf(status), { headers: { 'rtk-uuid': `uuid-${index}` }, ...(urlToken && { urlToken }) });
      }
    }
    return (await aws.messagesOf('recording')).map(({ eventId }) => eventId);
  };
  expect(new Set(await ids(URL_TOKEN)).size).toBe(4);
  expect(await ids()).toHaveLength(2);
});
