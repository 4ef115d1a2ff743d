/** None lost, none doubled: under load, and when the same delivery comes many times at once. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { realtimekitBody } from '../../providers/realtimekit/sandbox';
import { recallBody } from '../../providers/recall/sandbox';
import { comeBackAfter } from '../support/faults';
import type { HttpDelivery } from '../support/http';
import { inParallel } from '../support/parallel';
import { startWorld, type World, warmUp } from '../support/providers';

const ACCEPTED = '200 {"status":"accepted"}';
const DUPLICATE = '200 {"status":"duplicate"}';

let world: World;
beforeAll(async () => {
  world = await startWorld();
  // What a consumer could not publish at once comes back before the test gives up.
  await comeBackAfter(world.meetbus, 15);
  await warmUp(world);
});
afterAll(() => world.close());

describe('the same delivery, 20 times at once', () => {
  const meeting = { event: 'meeting.started', meeting: { id: randomUUID() } };

  it.each<[string, () => HttpDelivery]>([
    ['signed by Recall.ai', () => world.recall.signed(recallBody('bot.done', { seed: randomUUID() }))],
    ['with a token', () => world.recall.withToken(recallBody('transcript.data', { seed: randomUUID() }))],
    ['signed by RealtimeKit', () => world.realtimekit.signed(meeting)],
  ])('%s becomes one event', async (_, deliver) => {
    const { meetbus } = world;
    const shared = await meetbus.subscribeToAll('shared');
    const delivery = deliver();
    const statuses = await inParallel(20, Array(20).fill(delivery), async (one) => (await meetbus.post(one)).status);

    expect(statuses).toEqual(Array(20).fill(200));
    await meetbus.settled();
    const { status, body } = await meetbus.postAgain(delivery);
    expect({ status, body }).toEqual({ status: 200, body: '{"status":"duplicate"}' });
    await meetbus.settled();
    expect(await shared.drain()).toHaveLength(1);
  });
});

describe('1,000 deliveries, 16 at a time', () => {
  const TOTAL = 1_000;
  const REPEATS = TOTAL / 20;
  const FRESH = TOTAL - REPEATS;

  /** One body in four goes each way. The field `n` tells them apart. */
  const WAYS: readonly ((n: number) => HttpDelivery)[] = [
    (n) => world.recall.signed({ ...recallBody('bot.in_call_recording'), n }),
    (n) => world.recall.withToken({ ...recallBody('transcript.data'), n }),
    (n) =>
      world.recall.signed(
        { ...recallBody('participant_events.join'), n },
        { path: '/recall/realtime', family: 'svix' },
      ),
    (n) => world.realtimekit.signed({ ...realtimekitBody('recording.statusUpdate'), n }),
  ];

  it('are all accepted, and each becomes one event', async () => {
    const { meetbus } = world;
    const shared = await meetbus.subscribe(meetbus.outputs.SharedBusName, {
      detail: { data: { raw: { n: [{ exists: true }] } } },
    });
    const fresh = Array.from({ length: FRESH }, (_, n) => WAYS[n % WAYS.length]!(n));
    // Every 19th is sent again at the end: a retry comes after its answer was lost, not while it is on its way.
    const deliveries = [...fresh, ...fresh.filter((_, n) => n % 19 === 0)];
    expect(deliveries).toHaveLength(TOTAL);

    const reading = shared.collect(FRESH);
    let triedAgain = 0;
    const answers = await inParallel(16, deliveries, async (one) => {
      let { status, body } = await meetbus.post(one);
      while (status === 503) {
        triedAgain += 1;
        await sleep(1_000);
        ({ status, body } = await meetbus.post(one));
      }
      return `${status} ${body}`;
    });
    await reading;
    await meetbus.settled();
    const events = await shared.drain();

    expect(new Set(answers.slice(0, FRESH))).toEqual(new Set([ACCEPTED]));
    // On a busy machine a call of the SDK may time out. Then the provider tries again, or a repeat is taken in once more.
    expect(triedAgain).toBeLessThan(TOTAL / 100);
    expect(answers.slice(FRESH).filter((answer) => answer === DUPLICATE).length).toBeGreaterThan(REPEATS * 0.9);
    expect(answers.slice(FRESH).filter((answer) => answer !== DUPLICATE && answer !== ACCEPTED)).toEqual([]);
    expect(events).toHaveLength(FRESH);
    expect(new Set(events.map(({ detail }) => detail.data.raw.n)).size).toBe(FRESH);
    expect(new Set(events.map(({ detail }) => detail.id)).size).toBe(FRESH);
  }, 300_000);
});
