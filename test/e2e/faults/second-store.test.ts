/** The queues are down for longer than a provider tries: the bucket takes what comes, and all of it arrives once. */
import { randomUUID } from 'node:crypto';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { comeBackAfter, setFaults, settled, VERIFIERS } from '../../support/faults';
import { startWorld, type World, warmUp } from '../../support/providers';
import { until } from '../../support/until';
import { copiesOf, inShort, ROUTES } from './faults';

/** RealtimeKit's predecessor gave up after so long. */
const PATIENCE_OF_A_SENDER_MS = 3_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await comeBackAfter(world.meetbus, 3);
  await warmUp(world);
});
afterAll(() => world.close());

/** One delivery to each route: its marker, the answer, and how long that took. */
const postToAll = (padding?: string) =>
  Promise.all(
    Object.values(ROUTES).map(async (deliver) => {
      const marker = randomUUID();
      const startedAt = performance.now();
      const answer = inShort(await world.meetbus.post(deliver(world, marker, padding)));
      return { marker, answer, milliseconds: performance.now() - startedAt };
    }),
  );

/** What each run has told of the oldest stored delivery, in seconds. */
const ages = (): number[] =>
  [
    ...world.meetbus
      .functionLog()
      .toString()
      .matchAll(/"FallbackAge":(\d+)/g),
  ].map(([, seconds]) => Number(seconds));

/** What brings stored deliveries back sends too: it must not do that amid a fault. */
const queues = (fault: FaultRule['fault']): FaultRule => ({ service: 'sqs', operation: 'SendMessage', fault });
const table = (fault: FaultRule['fault']): FaultRule => ({ service: 'dynamodb', fault, functionName: VERIFIERS });

describe.each<[string, readonly FaultRule[]]>([
  ['the queues are down', [queues('down')]],
  ['the queues hang', [queues('timeout')]],
  ['the queues throttle', [queues('throttle')]],
  ['the queues take what they get, and answer too late', [{ ...queues('slow'), milliseconds: 2_000 }]],
  ['the queues and the table are down', [queues('down'), table('down')]],
  ['the queues and the table hang', [queues('timeout'), table('timeout')]],
])('%s', (_, faults) => {
  it('senders are told 200 in time, and what they sent is on the bus once the queues are back', async () => {
    const { meetbus } = world;
    const shared = await meetbus.subscribeToAll('shared');
    await setFaults(meetbus, ...faults);
    const sent = await postToAll();
    expect(sent.map(({ answer }) => answer)).toEqual(sent.map(() => '200 accepted'));
    // A busy machine may draw out one of them.
    expect(Math.min(...sent.map(({ milliseconds }) => milliseconds))).toBeLessThan(PATIENCE_OF_A_SENDER_MS);
    expect(await meetbus.storedDeliveries()).toHaveLength(sent.length);

    await setFaults(meetbus);
    await settled(meetbus);
    const events = await shared.drain();
    expect(sent.map(({ marker }) => copiesOf(marker, events))).toEqual(sent.map(() => 1));
    expect(events).toHaveLength(sent.length);
    expect(await meetbus.storedDeliveries()).toEqual([]);
  }, 120_000);
});

it('what is stored stays while the queues are still down for what brings it back, and comes after that', async () => {
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await setFaults(meetbus, { service: 'sqs', operation: 'SendMessage', fault: 'error' });
  const sent = await postToAll();
  const isOld = async () => {
    await meetbus.runSchedules();
    return ages().at(-1)! > 0;
  };
  await until(isOld, 'the age of what is stored');
  expect(await meetbus.storedDeliveries()).toHaveLength(sent.length);
  await setFaults(meetbus);
  await meetbus.runSchedules();
  expect(await meetbus.storedDeliveries()).toEqual([]);
  await until(() => ages().at(-1) === 0, 'no age where nothing is stored');
  await settled(meetbus);
  const events = await shared.drain();
  expect(sent.map(({ marker }) => copiesOf(marker, events))).toEqual(sent.map(() => 1));
}, 120_000);

it('what brings it back dies between its calls, and nothing is lost', async () => {
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await setFaults(meetbus, queues('down'));
  const sent = await postToAll();
  for (const [service, operation, fault] of [
    ['s3', 'ListObjectsV2', 'kill_after'],
    ['s3', 'GetObject', 'kill_after'],
    ['sqs', 'SendMessage', 'kill_during'],
    ['s3', 'DeleteObject', 'kill_before'],
  ] as const) {
    await setFaults(meetbus, { service, operation, fault, count: 1, functionName: 'Fallback' });
    await meetbus.runSchedules();
  }
  await setFaults(meetbus);
  await settled(meetbus);
  const events = await shared.drain();
  expect(sent.map(({ marker }) => copiesOf(marker, events))).toEqual(sent.map(() => 1));
}, 120_000);

it('the queues and the bucket are down: 503, and the retry is taken', async () => {
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await setFaults(meetbus, queues('down'), { service: 's3', fault: 'down', functionName: VERIFIERS });
  const marker = randomUUID();
  const delivery = ROUTES['/realtimekit/webhooks']!(world, marker);
  expect(inShort(await meetbus.post(delivery))).toBe('503 unavailable');
  await setFaults(meetbus);
  expect(inShort(await meetbus.post(delivery))).toBe('200 accepted');
  await settled(meetbus);
  expect(copiesOf(marker, await shared.drain())).toBe(1);
}, 60_000);

it('is brought back each minute, without anybody asking', async () => {
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await setFaults(meetbus, queues('down'));
  const [sent] = await postToAll();
  await setFaults(meetbus);
  await until(async () => (await meetbus.storedDeliveries()).length === 0, 'the next run of the schedule', 2 * 60_000);
  await settled(meetbus);
  expect(copiesOf(sent!.marker, await shared.drain())).toBe(1);
}, 120_000);
