/** RealtimeKit's key server is unwell in every way: nothing genuine is refused for good, and nothing else accepted. */
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFaults, settled } from '../../support/faults';
import type { HttpDelivery } from '../../support/http';
import { type KeyAnswer, KeyServer, serves } from '../../support/key-server';
import { startMeetbus } from '../../support/meetbus';
import { RealtimeKit, startWorld, type World } from '../../support/providers';
import type { Subscription } from '../../support/subscription';
import { until } from '../../support/until';
import { copiesOf, inShort, sendUntilAccepted } from './faults';

/** Longer than a verifier waits for the key. */
const SLOW_MS = 3_000;

const deliver = (from: RealtimeKit, marker: string = randomUUID()): HttpDelivery =>
  from.signed({ event: 'meeting.started', meeting: { id: marker } });

let world: World;
let shared: Subscription;
/** Signs with a key of its own, and has a server that publishes it. */
const stranger = new RealtimeKit();
let strangersServer: KeyServer;

beforeAll(async () => {
  strangersServer = await KeyServer.start(serves(stranger.publicPem));
  world = await startWorld();
  shared = await world.meetbus.subscribeToAll('shared');
});
afterAll(async () => {
  await world.close();
  await strangersServer.close();
});

const ecKey = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' });

const MOODS: Readonly<Record<string, KeyAnswer>> = {
  'is slow': (response) => void setTimeout(() => serves(world.realtimekit.publicPem)(response), SLOW_MS).unref(),
  'cuts the connection': (response) => void response.destroy(),
  'answers 500': (response) => void response.writeHead(500).end(),
  'redirects to a stranger': (response) => void response.writeHead(302, { location: strangersServer.url }).end(),
  'answers with something else': (response) => void response.end('<html>Under maintenance</html>'),
  'answers with a key that is not RSA': (response) => serves(String(ecKey()))(response),
  'answers with megabytes': (response) => serves(world.realtimekit.publicPem, 'x'.repeat(5_000_000))(response),
  'stops in the middle of its answer': (response) => void response.write('{"success":true,"data":{"publicKey":"'),
};

/** Ends the verifier's environment: the next delivery finds a fresh one, which knows no key. */
async function freshEnvironment(): Promise<void> {
  const { meetbus, realtimekit } = world;
  await setFaults(meetbus, { service: 'dynamodb', fault: 'kill_before', functionName: 'RealtimekitWebhooks' });
  // One that could not fetch a key answers 503 for two seconds, and calls nobody.
  const isKilled = async () => inShort(await meetbus.post(deliver(realtimekit))) === '502';
  await until(isKilled, 'the end of an environment');
  await setFaults(meetbus);
}

const post = async (delivery: HttpDelivery): Promise<string> => inShort(await world.meetbus.post(delivery));

describe('no key was ever fetched, and the key server', () => {
  const waiting = new Map<string, HttpDelivery>();

  it.each(Object.keys(MOODS))('%s: 503, whoever has signed', async (mood) => {
    const { keyServer, realtimekit } = world;
    await freshEnvironment();
    keyServer.answer = MOODS[mood]!;
    const asked = keyServer.requests;
    const marker = randomUUID();
    waiting.set(marker, deliver(realtimekit, marker));
    expect(await post(waiting.get(marker)!)).toBe('503 unavailable');
    expect(await post(deliver(stranger))).toBe('503 unavailable');
    expect(keyServer.requests).toBeGreaterThan(asked);
  });

  it('is well again: what waited is accepted and published once, and a stranger is refused', async () => {
    const { meetbus, keyServer, realtimekit } = world;
    keyServer.answer = serves(realtimekit.publicPem);
    for (const delivery of waiting.values()) await sendUntilAccepted(() => meetbus, delivery);
    expect(await post(deliver(stranger))).toBe('401 unauthorized');
    await settled(meetbus);
    const events = await shared.drain();
    expect([...waiting.keys()].map((marker) => copiesOf(marker, events))).toEqual([...waiting].map(() => 1));
    expect(events).toHaveLength(waiting.size);
    expect(strangersServer.requests).toBe(0);
  });
});

describe('the key was fetched once, and for a fresh environment the key server', () => {
  beforeAll(async () => {
    const { meetbus, keyServer, realtimekit } = world;
    keyServer.answer = serves(realtimekit.publicPem);
    await sendUntilAccepted(() => meetbus, deliver(realtimekit));
  });

  it.each(Object.keys(MOODS))(
    '%s: what that key has signed is accepted, and nothing refused for good',
    async (mood) => {
      const { keyServer, realtimekit } = world;
      await freshEnvironment();
      keyServer.answer = MOODS[mood]!;
      const asked = keyServer.requests;
      expect(await post(deliver(realtimekit))).toBe('200 accepted');
      expect(await post(deliver(stranger))).toBe('503 unavailable');
      expect(await post(deliver(realtimekit))).toBe('200 accepted');
      expect(keyServer.requests).toBeGreaterThan(asked);
      expect(strangersServer.requests).toBe(0);
    },
  );
});

describe('Meetbus starts again while the key server is down', () => {
  const data = mkdtempSync(join(tmpdir(), 'meetbus-test-'));
  const closers: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closers) await close();
    rmSync(data, { recursive: true });
  });

  it('what the key has signed is accepted and published once', async () => {
    const first = await startWorld(['--data', data]);
    closers.push(first.close);
    const { url } = first.keyServer;
    expect(inShort(await first.meetbus.post(deliver(first.realtimekit)))).toBe('200 accepted');
    await settled(first.meetbus);
    await closers.pop()?.();

    const second = await startMeetbus(['--data', data, '--option', `realtimekit.keyUrl=${url}`]);
    closers.push(() => second.stop());
    const events = await second.subscribeToAll('shared');
    const marker = randomUUID();
    expect(inShort(await second.post(deliver(first.realtimekit, marker)))).toBe('200 accepted');
    expect(inShort(await second.post(deliver(stranger)))).toBe('503 unavailable');
    await settled(second);
    expect(copiesOf(marker, await events.drain())).toBe(1);
  });
});
