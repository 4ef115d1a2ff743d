/** Secrets and keys change while traffic flows, and not one delivery is lost. */
import { randomUUID } from 'node:crypto';
import { newSecret } from '../support/deliveries';
import { serves } from '../support/key-server';
import {
  putRealtimekitSecret,
  putRecallSecret,
  RealtimeKit,
  Recall,
  startWorld,
  type World,
} from '../support/providers';

const recallBody = () => ({ event: 'bot.done', data: { bot: { id: randomUUID() } } });
const realtimekitBody = () => ({ event: 'meeting.started', meeting: { id: randomUUID() } });

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.close());

const post = async (...deliveries: Parameters<World['meetbus']['post']>[0][]): Promise<number[]> => {
  const statuses: number[] = [];
  for (const delivery of deliveries) statuses.push((await world.meetbus.post(delivery)).status);
  return statuses;
};

it('accepts a new Recall.ai secret at its first delivery, and the old one until it is taken out', async () => {
  const { meetbus, recall } = world;
  const secret = newSecret();
  expect(await post(recall.signed(recallBody()))).toEqual([200]);
  expect(await post(recall.signed(recallBody(), { path: '/recall/realtime' }))).toEqual([200]);

  await putRecallSecret(meetbus, { ...recall.secretValue, signingSecrets: [secret, recall.secret] });
  expect(await post(recall.signed(recallBody(), { secret }), recall.signed(recallBody()))).toEqual([200, 200]);
  expect(await post(recall.signed(recallBody(), { secret, path: '/recall/realtime' }))).toEqual([200]);
});

it('accepts any of the signatures that Recall.ai sends while it rotates', async () => {
  const { recall } = world;
  const body = JSON.stringify(recallBody());
  const at = new Date();
  const id = `msg_${randomUUID()}`;
  const [old, now] = [recall.signed(body, { id, at, secret: newSecret() }), recall.signed(body, { id, at })];
  const signatures = [
    'v1a,c29tZXRoaW5n',
    'v2,bmV3',
    old.headers?.['webhook-signature'],
    now.headers?.['webhook-signature'],
  ];
  expect(await post({ ...now, headers: { ...now.headers, 'webhook-signature': signatures.join(' ') } })).toEqual([200]);
});

it('accepts a new token at its first delivery', async () => {
  const { meetbus, recall } = world;
  const { token } = new Recall();
  expect(await post(recall.withToken(recallBody()))).toEqual([200]);

  await putRecallSecret(meetbus, { ...recall.secretValue, realtimeTokens: [token, recall.token] });
  expect(await post(recall.withToken(recallBody(), token), recall.withToken(recallBody()))).toEqual([200, 200]);
});

it('believes a new token of the URL at its first delivery, and the old one until it is taken out', async () => {
  const { meetbus, realtimekit } = world;
  const shared = await meetbus.subscribeToAll('shared');
  const { token } = new RealtimeKit();
  const withNew = () => realtimekit.signed(realtimekitBody(), { path: `/realtimekit/webhooks/${token}` });
  expect(await post(realtimekit.signed(realtimekitBody()))).toEqual([200]);

  await putRealtimekitSecret(meetbus, { urlTokens: [realtimekit.token, token] });
  expect(await post(withNew(), realtimekit.signed(realtimekitBody()))).toEqual([200, 200]);
  await meetbus.settled();
  expect(await shared.drain()).toHaveLength(3);
});

it('accepts a new RealtimeKit key at its first delivery, and for a while what the old one has signed', async () => {
  const { realtimekit, keyServer } = world;
  const next = new RealtimeKit();
  expect(await post(realtimekit.signed(realtimekitBody()))).toEqual([200]);

  keyServer.answer = serves(next.publicPem);
  expect(await post(next.signed(realtimekitBody()))).toEqual([200]);
  expect(await post(realtimekit.signed(realtimekitBody()))).toEqual([200]);
  expect(keyServer.requests).toBe(2);
});

it('keeps the last good key while the key server is down', async () => {
  const { realtimekit, keyServer } = world;
  expect(await post(realtimekit.signed(realtimekitBody()))).toEqual([200]);

  await keyServer.close();
  const deliveries = Array.from({ length: 10 }, () => realtimekit.signed(realtimekitBody()));
  expect(await post(...deliveries)).toEqual(Array(10).fill(200));
});

it('does not refuse for good what it cannot check while the key server is down', async () => {
  const { realtimekit, keyServer } = world;
  expect(await post(realtimekit.signed(realtimekitBody()))).toEqual([200]);

  await keyServer.close();
  expect(await post(new RealtimeKit().signed(realtimekitBody()))).toEqual([503]);
});

it('refuses every wrong signature, and is not driven to the key server by a flood of them', async () => {
  const { realtimekit, keyServer } = world;
  expect(await post(realtimekit.signed(realtimekitBody()))).toEqual([200]);

  const stranger = new RealtimeKit();
  const deliveries = Array.from({ length: 100 }, () => stranger.signed(realtimekitBody()));
  const started = performance.now();
  expect(await post(...deliveries)).toEqual(Array(100).fill(401));
  // For the one copy that a sender of one after the other meets: the first fetch, five at once, one in two seconds.
  const seconds = (performance.now() - started) / 1000;
  expect(keyServer.requests).toBeLessThanOrEqual(1 + 5 + Math.ceil(seconds / 2));
});
