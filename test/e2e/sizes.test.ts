/** Bodies that are too large for a message or an event, and numbers that are too long for a double. */
import { randomUUID } from 'node:crypto';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import type { HttpDelivery } from '../support/http';
import { startWorld, type World } from '../support/providers';
import type { BusEvent, Subscription } from '../support/subscription';

const MEGABYTE = 1_000_000;

let world: World;
let shared: Subscription;

beforeAll(async () => {
  world = await startWorld();
  shared = await world.meetbus.subscribeToAll('shared');
});

afterAll(() => world.close());

/** Sends a delivery and gives the event that it became. */
async function publish(delivery: HttpDelivery, isIt: (event: BusEvent) => boolean): Promise<BusEvent> {
  const { status, body } = await world.meetbus.post(delivery);
  expect({ status, body }).toEqual({ status: 200, body: '{"status":"accepted"}' });
  await shared.collect((events) => events.some(isIt));
  return shared.events.find(isIt)!;
}

/** Text that JSON does not make longer, and that is not the same everywhere. */
const filler = (length: number): string =>
  randomUUID()
    .repeat(Math.ceil(length / 36))
    .slice(0, length);

/** A body of exactly so many bytes. */
function bodyOfSize(body: object, size: number): string {
  const text = (fill: string) => JSON.stringify({ ...body, filler: fill });
  return text(filler(size - text('').length));
}

/** A status of a bot, in so many bytes. */
const botBody = (id: string, size: number): string => bodyOfSize({ event: 'bot.done', data: { bot: { id } } }, size);

const aboutBot =
  (id: string) =>
  ({ detail }: BusEvent): boolean =>
    detail.data.bot?.id === id;

async function storedAt(location: string): Promise<string> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(location) ?? [];
  const { Body } = await world.meetbus.clients.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return (await Body?.transformToString()) ?? '';
}

describe('a body of 3 MB', () => {
  it.each<[string, (body: string) => HttpDelivery]>([
    ['/recall/webhooks', (body) => world.recall.signed(body)],
    ['/recall/realtime, signed', (body) => world.recall.signed(body, { path: '/recall/realtime' })],
  ])('on %s is published with the location of its text', async (_, deliver) => {
    const id = randomUUID();
    const body = botBody(id, 3 * MEGABYTE);
    const { detail } = await publish(deliver(body), aboutBot(id));
    expect(detail.data).toEqual({ bot: { id }, status: { code: 'done' }, rawlocation: expect.any(String) });
    expect(await storedAt(detail.data.rawlocation)).toBe(body);
  });

  it('on /recall/realtime, by token is published with the location of its text', async () => {
    const id = randomUUID();
    const live = { event: 'participant_events.join', data: { data: { participant: { id: 7 } }, bot: { id } } };
    const body = bodyOfSize(live, 3 * MEGABYTE);
    const { detail } = await publish(world.recall.withToken(body), aboutBot(id));
    expect(detail.data).toEqual({ bot: { id }, participant: { id: '7' }, rawlocation: expect.any(String) });
    expect(await storedAt(detail.data.rawlocation)).toBe(body);
  });

  it('on /realtimekit/webhooks is published with the location of its text, which has no stream key', async () => {
    const streamId = randomUUID();
    const body = { event: 'livestreaming.statusUpdate', streamId, status: 'LIVE', filler: filler(3 * MEGABYTE) };
    const nested = { streams: [{ streamKey: 'a-stream-key', name: 'backup' }] };
    const delivery = world.realtimekit.signed({ ...body, streamKey: 'a-stream-key', nested });
    const { detail } = await publish(delivery, (event) => event.detail.data.livestream?.id === streamId);
    expect(detail.data.raw).toBeUndefined();
    expect(JSON.parse(await storedAt(detail.data.rawlocation))).toEqual({
      ...body,
      nested: { streams: [{ name: 'backup' }] },
    });
  });
});

it('where the whole of an event is, tells its prefix: what subscribers may be granted, and what is never theirs', async () => {
  const intake = await world.meetbus.subscribeToAll('intake');
  const [id, other] = [randomUUID(), randomUUID()];
  const unknown = JSON.stringify({ event: 'galaxy.found', id: other, filler: filler(2 * MEGABYTE) });
  const mismatched = JSON.stringify({ event: 'bot.done', data: {}, id, filler: filler(2 * MEGABYTE) });
  await world.meetbus.post(world.recall.signed(unknown, { id: other }));
  await world.meetbus.post(world.recall.signed(mismatched, { id }));
  await world.meetbus.post(world.recall.signed(botBody('large', 2 * MEGABYTE)));
  await world.meetbus.settled();
  const prefixOf = ({ detail }: BusEvent) => new URL(detail.data.rawlocation).pathname.split('/')[1];
  const prefixes = (await intake.drain()).map((event) => `${event.type}: ${prefixOf(event)}`);
  expect(prefixes.sort()).toEqual([
    'bot.status_changed: raw',
    'event.unrecognized: unrecognized',
    'event.unrecognized: unrecognized',
  ]);
});

describe('a body near a limit', () => {
  it.each([
    ['700,000 bytes travels whole', 700_000],
    ['900,000 bytes, too large for a message in base64 alone, travels whole', 900_000],
    ['980,000 bytes, just under the limit of an event, travels whole', 980_000],
  ])('of %s', async (_, size) => {
    const id = randomUUID();
    const body = botBody(id, size);
    const { detail } = await publish(world.recall.signed(body), aboutBot(id));
    expect(detail.data.raw).toEqual(JSON.parse(body));
    expect(detail.data.rawlocation).toBeUndefined();
  });

  it.each([
    ['990,000 bytes, just over the limit of an event', 990_000],
    ['1,100,000 bytes', 1_100_000],
  ])('of %s is published with the location of its text', async (_, size) => {
    const id = randomUUID();
    const body = botBody(id, size);
    const { detail } = await publish(world.recall.signed(body), aboutBot(id));
    expect(detail.data.raw).toBeUndefined();
    expect(await storedAt(detail.data.rawlocation)).toBe(body);
  });

  it('is published shortened where its own fields are too large, with the location of the whole', async () => {
    const id = randomUUID();
    const words = Array.from({ length: 1_500 }, () => ({ text: filler(1_000) }));
    const body = JSON.stringify({ event: 'transcript.data', data: { data: { words }, bot: { id } } });
    const { detail } = await publish(world.recall.signed(body), aboutBot(id));
    expect(detail.data).toMatchObject({ truncated: true, bot: { id } });
    expect(detail.data.words.length).toBeGreaterThan(50);
    expect(await storedAt(detail.data.rawlocation)).toBe(body);
  });
});

it('carries numbers digit for digit', async () => {
  const id = randomUUID();
  const numbers =
    '{"large":9007199254740993,"larger":123456789012345678901234567890,"exact":0.10000000000000000555,"far":1e400,"zero":-0}';
  const body = `{"event":"bot.done","data":{"bot":{"id":"${id}"}},"numbers":${numbers}}`;
  const { text } = await publish(world.recall.signed(body), aboutBot(id));
  expect(text).toContain(`"numbers":${numbers}`);
});
