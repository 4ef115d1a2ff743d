/** LiveKit's webhooks from end to end, signed by its own SDK: a meeting, repeats, refusals, and keys that come and go. */
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { assertContract } from '../../../../test/support/contract';
import type { Answer, HttpDelivery } from '../../../../test/support/http';
import { type Meetbus, startMeetbus } from '../../../../test/support/meetbus';
import type { BusEvent, Subscription } from '../../../../test/support/subscription';
import { ALL_PROVIDERS, SYNTH_TIMEOUT_MS } from '../../../../test/support/synth';
import { until } from '../../../../test/support/until';
import { livekitBody, sandbox } from '../../sandbox';
import { type ApiKey, newKey, type TokenOptions, tokenFor } from '../signed';

const KEY = newKey();

let meetbus: Meetbus;
let shared: Subscription;

beforeAll(async () => {
  meetbus = await startMeetbus(ALL_PROVIDERS);
  await putKeys(KEY);
  shared = await meetbus.subscribeToAll('shared');
}, SYNTH_TIMEOUT_MS);
// It fails if a log holds a token or a secret.
afterAll(() => meetbus?.stop());

async function putKeys(...keys: readonly ApiKey[]): Promise<void> {
  const apiKeys = Object.fromEntries(keys.map(({ name, secret }) => [name, secret]));
  meetbus.secrets.addAll(Object.values(apiKeys));
  const SecretString = JSON.stringify({ apiKeys });
  await meetbus.clients.secrets.send(new PutSecretValueCommand({ SecretId: 'meetbus/livekit', SecretString }));
}

const withToken = (body: string, authorization: string): HttpDelivery => ({
  path: '/livekit/webhooks',
  body,
  headers: { authorization, 'content-type': 'application/webhook+json', 'user-agent': 'LiveKit' },
});

async function signed(body: object, key = KEY, options: TokenOptions = {}): Promise<HttpDelivery> {
  const text = JSON.stringify(body);
  return withToken(text, await tokenFor(text, key, options));
}

let bodies = 0;
/** A body that was not sent before. */
const newBody = () => livekitBody('room_started', { seed: `e2e/${bodies++}`, at: new Date(), start: new Date() });

const inShort = ({ status, body }: Answer): string => `${status} ${JSON.parse(body).status}`;

/** All that came out on the shared bus since this was last asked. */
async function published(): Promise<BusEvent[]> {
  await meetbus.settled();
  const before = shared.events.length;
  return (await shared.drain()).slice(before);
}

/** The types of the events of a whole meeting, by hand. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  room_started: ['meeting.started'],
  room_finished: ['meeting.ended'],
  agent_job_started: ['bot.status_changed'],
  agent_job_ended: ['bot.status_changed'],
  participant_joined: ['participant.joined', 'participant.joined', 'participant.joined'],
  participant_left: ['participant.left', 'participant.left', 'participant.left'],
  participant_connection_aborted: ['participant.connection_aborted'],
  track_published: [
    ...['participant.microphone_started', 'participant.microphone_started', 'participant.screenshare_started'],
    ...['participant.webcam_started', 'track.published'],
  ],
  track_unpublished: [
    ...['participant.microphone_stopped', 'participant.microphone_stopped', 'participant.screenshare_stopped'],
    ...['participant.webcam_stopped', 'track.unpublished'],
  ],
  egress_started: ['livestream.status_changed', 'recording.status_changed'],
  egress_updated: ['livestream.status_changed', 'recording.started', 'recording.uploading'],
  egress_ended: ['livestream.status_changed', 'recording.ready'],
  ingress_started: ['ingress.status_changed'],
  ingress_ended: ['ingress.status_changed'],
};

it('publishes each delivery of a meeting once, under its type, without credentials', async () => {
  const meeting = sandbox.meeting({ seed: 'e2e', start: new Date(Date.now() - 3_600_000) });
  const deliveries = await Promise.all(meeting.map(({ body }) => signed(body)));
  for (const delivery of deliveries) expect(inShort(await meetbus.post(delivery))).toBe('200 accepted');
  for (const delivery of deliveries) expect(inShort(await meetbus.postAgain(delivery))).toBe('200 duplicate');
  const events = await published();
  const types = Object.keys(TYPES).map((name) => [
    name,
    events
      .filter(({ detail }) => detail.providerevent === name)
      .map(({ type }) => type)
      .sort(),
  ]);
  expect(Object.fromEntries(types)).toEqual(TYPES);
  expect(events).toHaveLength(meeting.length);
  for (const { detail, text } of events) {
    assertContract(detail);
    expect(detail).toMatchObject({ proof: 'jwt', provider: 'livekit', deliveryid: detail.data.raw.id });
    expect(text).not.toMatch(/\{str\.\.\.key\}|SK_|PW_|turnPassword|streamKey|\{secret\}/);
  }
});

it('accepts a token behind a scheme that a proxy has added, and from a late try', async () => {
  const [behind, late] = [JSON.stringify(newBody()), JSON.stringify(newBody())];
  expect(inShort(await meetbus.post(withToken(behind, `Bearer ${await tokenFor(behind, KEY)}`)))).toBe('200 accepted');
  const token = await tokenFor(late, KEY, { ttl: -3_000 });
  expect(inShort(await meetbus.post(withToken(late, token)))).toBe('200 accepted');
  expect((await published()).map(({ type }) => type)).toEqual(['meeting.started', 'meeting.started']);
});

describe('refuses', () => {
  const body = JSON.stringify(livekitBody('room_finished', { seed: 'refused' }));
  const unsigned = (claims: object) =>
    [{ alg: 'none' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');

  it.each<[string, string, () => string | Promise<string>]>([
    ['a token of another API key', 'no_matching_key', () => tokenFor(body, newKey())],
    ['a token with another secret', 'no_matching_key', () => tokenFor(body, { ...newKey(), name: KEY.name })],
    ['a token for another body', 'digest_mismatch', () => tokenFor(`${body} `, KEY)],
    ['a token without a digest', 'digest_mismatch', () => tokenFor(body, KEY, { sha256: null })],
    ['a token that expired long ago', 'timestamp_too_old', () => tokenFor(body, KEY, { ttl: -3_700 })],
    ['a token that is not signed', 'malformed_signature', () => `${unsigned({ iss: KEY.name, exp: 9_999_999_999 })}.`],
    ['no token', 'missing_header', () => ''],
  ])('%s: %s', async (_what, reason, token) => {
    const logged = () => meetbus.functionLog().toString().split(`"outcome":"${reason}"`).length;
    const before = logged();
    expect(inShort(await meetbus.post(withToken(body, await token())))).toBe('401 unauthorized');
    await until(() => logged() > before, 'the refusal in the log');
  });
});

describe('API keys', () => {
  const send = async (key: ApiKey): Promise<string> => inShort(await meetbus.post(await signed(newBody(), key)));

  it('may be several, and one that is retired is refused', async () => {
    const next = newKey();
    await putKeys(KEY, next);
    expect([await send(next), await send(KEY)]).toEqual(['200 accepted', '200 accepted']);
    await putKeys(next);
    // A delivery of an unknown key makes the verifier load the secret again.
    const isRetired = async () => (await send(newKey())).startsWith('401') && (await send(KEY)).startsWith('401');
    await until(isRetired, 'the retired key to be refused');
    expect(await send(next)).toBe('200 accepted');
  });

  it('that are missing are a reason to try again, in seven seconds', async () => {
    await putKeys();
    const answerNow = async () => meetbus.post(await signed(newBody(), newKey()));
    await until(async () => (await answerNow()).status === 503, 'the verifier to have no key');
    expect((await answerNow()).headers['retry-after']).toBe('7');
  });
});
