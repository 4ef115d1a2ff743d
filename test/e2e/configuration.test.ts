/** What a provider is told while Meetbus cannot know whether to believe it: try again, and it will be taken. */
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteSecretCommand } from '@aws-sdk/client-secrets-manager';
import type { Answer, HttpDelivery } from '../support/http';
import { type KeyAnswer, KeyServer, serves } from '../support/key-server';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import {
  liveBody,
  putRealtimekitSecret,
  putRecallSecret,
  RECALL_SECRET_NAME,
  RealtimeKit,
  Recall,
} from '../support/providers';

const recall = new Recall();
const realtimekit = new RealtimeKit();

const meetbuses: Meetbus[] = [];
const keyServers: KeyServer[] = [];

afterEach(async () => {
  await Promise.all(keyServers.splice(0).map((keyServer) => keyServer.close()));
  await Promise.all(meetbuses.splice(0).map((meetbus) => meetbus.stop()));
});

async function start(...flags: string[]): Promise<Meetbus> {
  const meetbus = await startMeetbus(flags);
  meetbuses.push(meetbus);
  return meetbus;
}

async function startKeyServer(answer: KeyAnswer): Promise<KeyServer> {
  const keyServer = await KeyServer.start(answer);
  keyServers.push(keyServer);
  return keyServer;
}

let bots = 0;
const recallBody = () => ({ event: 'bot.done', data: { bot: { id: `bot-${++bots}` } } });
const meeting = (id: string) => ({ event: 'meeting.started', meeting: { id } });

/** A delivery of each kind that needs Recall.ai's secret. */
const recallDeliveries = (): HttpDelivery[] => [
  recall.signed(recallBody()),
  recall.signed(recallBody(), { path: '/recall/realtime' }),
  recall.withToken(liveBody(`bot-${++bots}`)),
];

function expectTryAgain({ status, body, headers }: Answer): void {
  expect({ status, body }).toEqual({ status: 503, body: '{"status":"unavailable"}' });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
}

/** Sends a delivery as a provider retries it. */
async function retry(meetbus: Meetbus, delivery: HttpDelivery, timeoutMs = 8_000): Promise<Answer> {
  const deadline = Date.now() + timeoutMs;
  let answer = await meetbus.post(delivery);
  while (answer.status === 503 && Date.now() < deadline) {
    await sleep(250);
    answer = await meetbus.post(delivery);
  }
  return answer;
}

describe("Recall.ai's secret", () => {
  it.each([
    ['does not exist', undefined],
    ['is not JSON', 'whsec_dGVzdA=='],
    ['is empty JSON', '{}'],
    ['holds lists of nothing usable', '{"signingSecrets":[17,"","not base64!"],"realtimeTokens":[null,""]}'],
    ['is a list', '["whsec_dGVzdA=="]'],
  ])('that %s makes every delivery wait, and none is lost', async (_, value) => {
    const meetbus = await start();
    if (value !== undefined) await putRecallSecret(meetbus, value);
    else {
      const input = { SecretId: RECALL_SECRET_NAME, ForceDeleteWithoutRecovery: true };
      await meetbus.clients.secrets.send(new DeleteSecretCommand(input));
    }
    for (const delivery of recallDeliveries()) expectTryAgain(await meetbus.post(delivery));
    expect(meetbus.output()).not.toContain('dGVzdA');
  });

  it('is found as soon as it is there', async () => {
    const meetbus = await start();
    const shared = await meetbus.subscribeToAll('shared');
    await putRecallSecret(meetbus, 'not yet');
    const deliveries = recallDeliveries();
    for (const delivery of deliveries) expectTryAgain(await meetbus.post(delivery));

    await putRecallSecret(meetbus, recall.secretValue);
    for (const delivery of deliveries) expect((await retry(meetbus, delivery)).status).toBe(200);
    expect(await shared.collect(deliveries.length)).toHaveLength(deliveries.length);
  });
});

describe("RealtimeKit's key server", () => {
  const short = generateKeyPairSync('rsa', {
    modulusLength: 1_024,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const elliptic = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });

  it.each<[string, KeyAnswer]>([
    ['answers 500', (response) => response.writeHead(500).end()],
    [
      'answers 404 with the key',
      (response) => serves(realtimekit.publicPem)(Object.assign(response, { statusCode: 404 })),
    ],
    ['answers junk', (response) => response.end('<html>maintenance</html>')],
    ['answers JSON without a key', (response) => response.end('{"success":false,"data":null}')],
    ['answers a key of another kind', serves(elliptic.publicKey)],
    ['answers a key that is too short', serves(short.publicKey)],
    ['answers more than a key can be', serves(realtimekit.publicPem, 'x'.repeat(100_000))],
    ['breaks off', (response) => response.destroy()],
    ['does not answer', () => undefined],
  ])('that %s makes deliveries wait', async (_, answer) => {
    const keyServer = await startKeyServer(answer);
    const meetbus = await start('--option', `realtimekit.keyUrl=${keyServer.url}`);
    expectTryAgain(await meetbus.post(realtimekit.signed(meeting('m'))));
    expect(keyServer.requests).toBe(1);
  });

  it('that redirects is not followed', async () => {
    const other = await startKeyServer(serves(realtimekit.publicPem));
    const keyServer = await startKeyServer((response) => response.writeHead(302, { location: other.url }).end());
    const meetbus = await start('--option', `realtimekit.keyUrl=${keyServer.url}`);
    expectTryAgain(await meetbus.post(realtimekit.signed(meeting('m'))));
    expect(other.requests).toBe(0);
  });

  it('that is down from the start makes deliveries wait', async () => {
    const keyServer = await startKeyServer(serves(realtimekit.publicPem));
    const { url } = keyServer;
    await keyServer.close();
    const meetbus = await start('--option', `realtimekit.keyUrl=${url}`);
    expectTryAgain(await meetbus.post(realtimekit.signed(meeting('m'))));
  });

  it('that recovers lets every delivery in that had to wait, and is not hammered meanwhile', async () => {
    const keyServer = await startKeyServer((response) => response.writeHead(500).end());
    const meetbus = await start('--option', `realtimekit.keyUrl=${keyServer.url}`);
    await putRealtimekitSecret(meetbus, realtimekit.secretValue);
    const shared = await meetbus.subscribeToAll('shared');
    const deliveries = ['a', 'b', 'c'].map((id) => realtimekit.signed(meeting(id)));
    for (const delivery of deliveries) expectTryAgain(await meetbus.post(delivery));
    expect(keyServer.requests).toBe(1);

    keyServer.answer = serves(realtimekit.publicPem);
    for (const delivery of deliveries) expect((await retry(meetbus, delivery)).status).toBe(200);
    expect(await shared.collect(3)).toHaveLength(3);
    expect(keyServer.requests).toBe(2);
  });
});
