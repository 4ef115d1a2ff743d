/** Zoom's webhooks from end to end: a meeting, retries with other bytes, and the handshake while nothing else works. */
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { setFaults, strikes, VERIFIERS } from '../../../../test/support/faults';
import type { Answer, HttpDelivery } from '../../../../test/support/http';
import { type Meetbus, startMeetbus } from '../../../../test/support/meetbus';
import type { BusEvent, Subscription } from '../../../../test/support/subscription';
import { ALL_PROVIDERS, SYNTH_TIMEOUT_MS } from '../../../../test/support/synth';
import { until } from '../../../../test/support/until';
import { vary } from '../../../kit/sandbox/vary';
import { sandbox, zoomBody } from '../../sandbox';
import { common } from '../expected/meetings';
import { RECORDINGS } from '../expected/recordings';
import { handshakeBody, hmacOf, newSecretToken, zoomHeaders } from '../signer';

const token = newSecretToken();
let meetbus: Meetbus;
let shared: Subscription;
let intake: Subscription;

beforeAll(async () => {
  meetbus = await startMeetbus(ALL_PROVIDERS);
  await putTokens(token);
  shared = await meetbus.subscribeToAll('shared');
  intake = await meetbus.subscribeToAll('intake');
}, SYNTH_TIMEOUT_MS);
afterEach(() => setFaults(meetbus));
// It fails if a log holds a signature or one of the secrets that the test has added.
afterAll(() => meetbus?.stop());

async function putTokens(...secretTokens: readonly string[]): Promise<void> {
  meetbus.secrets.addAll(secretTokens);
  const SecretString = JSON.stringify({ secretTokens });
  await meetbus.clients.secrets.send(new PutSecretValueCommand({ SecretId: 'meetbus/zoom', SecretString }));
}

function signed(body: object | string, options: { secretToken?: string; at?: Date; trackingId?: string } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = zoomHeaders(options.secretToken ?? token, text, options);
  return { path: '/zoom/webhooks', body: text, headers } satisfies HttpDelivery;
}

const inShort = ({ status, body }: Answer) => `${status} ${JSON.parse(body).status}`;

const send = async (body: object, options?: Parameters<typeof signed>[1]): Promise<string> =>
  inShort(await meetbus.post(signed(body, options)));

/** Credentials of the samples, and servers of live media. */
const CREDENTIALS = /(?:sample-(?:token|passcode|play-passcode|stream-key)|wss:\/\/)[^"]*/;

/** All that came out on the shared bus since this was last asked. */
async function published(): Promise<BusEvent[]> {
  await meetbus.settled();
  const before = shared.events.length;
  return (await shared.drain()).slice(before);
}

it('publishes each delivery of a meeting once, under its name and subject, without credentials', async () => {
  const deliveries = sandbox.meeting({ seed: 'e2e', start: new Date(Date.now() - 1_800_000) });
  for (const { body } of deliveries) {
    for (const [credential] of JSON.stringify(body).matchAll(new RegExp(CREDENTIALS, 'g')))
      meetbus.secrets.add(credential);
    expect(await send(body)).toBe('200 accepted');
  }
  const events = await published();
  const names = events.map(({ detail }) => detail.providerevent);
  expect(names.toSorted()).toEqual(deliveries.map(({ event }) => event).toSorted());
  for (const { detail } of events) {
    const { mediastream, ...rest } = detail.data;
    expect(JSON.stringify(rest)).not.toMatch(CREDENTIALS);
    expect(detail).toMatchObject({ proof: 'signature', provider: 'zoom' });
    expect(detail.data.raw.event_ts).toBe(Date.parse(String(detail.time)));
    if (detail.type === 'mediastream.started') expect(mediastream.serverurls).toEqual([expect.stringMatching(/^wss:/)]);
  }
});

it('publishes every name once, under its type', async () => {
  const at = new Date();
  for (const event of sandbox.events)
    expect(await send(zoomBody(event, { seed: 'every name', at }))).toBe('200 accepted');
  const events = await published();
  expect(events.map(({ detail }) => [detail.providerevent, detail.type]).toSorted()).toEqual(
    [...common('meeting'), ...common('webinar'), ...RECORDINGS].map(([event, , type]) => [event, type]).toSorted(),
  );
});

it('a rule finds a recording by its subject, though its id begins with a slash', async () => {
  const body = zoomBody('recording.completed', { seed: 'by subject', at: new Date() });
  const { uuid } = (body.payload as { object: { uuid: string } }).object;
  expect(uuid).toMatch(/^\//);
  const { SharedBusName } = meetbus.outputs;
  const rule = await meetbus.subscribe(SharedBusName, { detail: { subject: [`recording/${uuid}`] } });
  expect(await send(body)).toBe('200 accepted');
  const [event] = await rule.collect(1);
  expect(event).toMatchObject({ type: 'recording.ready', detail: { data: { recording: { id: uuid } } } });
  await published();
});

it('publishes a retry with other bytes, another time of sending and another request once', async () => {
  const at = new Date(Date.now() - 86 * 60_000);
  const body = zoomBody('recording.completed', { seed: 'retried', at });
  const object = 'payload.object';
  const retry = vary(body, {
    download_token: 'another-token-of-the-retry',
    [`${object}.share_url`]: 'https://zoom.example/rec/share/another',
    [`${object}.recording_files.0.download_url`]: 'https://zoom.example/rec/download/another',
    [`${object}.recording_play_passcode`]: 'another-passcode-of-the-retry',
  });
  expect(await send(body, { at, trackingId: 'request-1' })).toBe('200 accepted');
  expect(inShort(await meetbus.postAgain(signed(retry, { trackingId: 'request-2' })))).toBe('200 duplicate');
  // With the timestamp of the first try, as Zoom may send it 85 minutes later.
  expect(inShort(await meetbus.postAgain(signed(retry, { at, trackingId: 'request-3' })))).toBe('200 duplicate');
  const events = await published();
  expect(events.map(({ detail }) => [detail.type, detail.deliveryid])).toEqual([['recording.ready', 'request-1']]);
});

it('publishes two events that differ in their time alone', async () => {
  const body = zoomBody('meeting.participant_joined', { seed: 'twice', at: new Date() });
  const again = { ...body, event_ts: Number(body.event_ts) + 1 };
  expect([await send(body), await send(again)]).toEqual(['200 accepted', '200 accepted']);
  expect((await published()).map(({ type }) => type)).toEqual(['participant.joined', 'participant.joined']);
});

it('keeps an event of another name on the intake bus, whole but for credentials', async () => {
  const meeting = { id: 85_746_065_432, topic: 'Weekly review' };
  const body = {
    event: 'meeting.created',
    event_ts: Date.now(),
    payload: {
      account_id: 'a',
      object: { ...meeting, join_url: 'https://zoom.example/j/1?pwd=sesame', password: 'open-sesame' },
    },
  };
  await intake.drain();
  const before = intake.events.length;
  expect(await send(body)).toBe('200 accepted');
  expect(await published()).toEqual([]);
  const kept = (await intake.drain()).slice(before);
  expect(kept.map(({ type, detail }) => [type, detail.data])).toEqual([
    [
      'event.unrecognized',
      { reason: 'unknown_event_name', raw: { ...body, payload: { account_id: 'a', object: meeting } } },
    ],
  ]);
});

describe('the handshake', () => {
  const answered = (plainToken: string, secretToken = token) => ({
    status: 200,
    body: JSON.stringify({ plainToken, encryptedToken: hmacOf(secretToken, plainToken) }),
    headers: expect.objectContaining({ 'content-type': 'application/json' }),
  });

  /** Handshakes that the metric has counted. */
  const counted = (): number =>
    meetbus
      .functionLog()
      .toString()
      .split('\n')
      .filter((line) => line.includes('"_aws"') && line.includes('"provider":"zoom"') && line.includes('"answered"'))
      .length;

  it('is answered while table, queues, bucket, bus and Secrets Manager are down, and asks none of them', async () => {
    expect(await meetbus.post(signed(handshakeBody('before')))).toMatchObject(answered('before'));
    await until(() => counted() > 0, 'the first handshake to be counted');
    const before = counted();
    const services = ['dynamodb', 'sqs', 's3', 'events', 'secretsmanager'] as const;
    const down = services.map((service) => ({ service, fault: 'down', functionName: VERIFIERS }) as const);
    await setFaults(meetbus, ...down);
    expect(await meetbus.post(signed(handshakeBody('meanwhile')))).toMatchObject(answered('meanwhile'));
    expect(await strikes(meetbus)).toBe(0);
    await setFaults(meetbus);
    await until(() => counted() === before + 1, 'the second handshake to be counted');
    await meetbus.settled();
    const names = (await intake.drain()).map(({ detail }) => detail.providerevent);
    expect(names).not.toContain('endpoint.url_validation');
  });

  it.each([
    ['forged', signed(handshakeBody('plain'), { secretToken: newSecretToken() })],
    ['unsigned', { path: '/zoom/webhooks', body: handshakeBody('plain') }],
    ['with what could be the content of a delivery', signed(handshakeBody('v0:1770111725:{}'))],
    ['without a plain token', signed(handshakeBody(undefined))],
  ])('is refused if it is %s, and the answer holds no HMAC', async (_what, delivery) => {
    const { status, body } = await meetbus.post(delivery);
    expect([status, body]).toEqual([401, '{"status":"unauthorized"}']);
  });

  it('is answered with the token that signed it, during a rotation', async () => {
    const next = newSecretToken();
    const ask = (secretToken: string) => meetbus.post(signed(handshakeBody('plain'), { secretToken }));
    await putTokens(token, next);
    expect(await ask(next)).toMatchObject(answered('plain', next));
    expect(await ask(token)).toMatchObject(answered('plain', token));
    const sitting = { seed: 'rotated', at: new Date() };
    expect(await send(zoomBody('meeting.started', sitting), { secretToken: next })).toBe('200 accepted');
    expect(await send(zoomBody('meeting.ended', sitting))).toBe('200 accepted');
  });
});
