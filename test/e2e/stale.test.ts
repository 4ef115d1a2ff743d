/** What subscribers see of order: statuses that come late are marked as stale, exactly those, and no others. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import * as fc from 'fast-check';
import { setFaults } from '../support/faults';
import { inParallel } from '../support/parallel';
import { PROJECT_ROOT } from '../support/project';
import { startWorld, type World, warmUp } from '../support/providers';
import type { BusEvent, Subscription } from '../support/subscription';
import { until } from '../support/until';

/** The statuses that a thing goes through. */
const LIFECYCLES = {
  bot: ['joining_call', 'in_waiting_room', 'in_call_recording', 'call_ended', 'done'],
  recording: ['processing', 'paused', 'processing', 'done', 'deleted'],
  transcript: ['processing', 'done', 'deleted'],
  video_mixed: ['processing', 'done', 'deleted'],
  realtime_endpoint: ['running', 'done'],
} as const;

type Kind = keyof typeof LIFECYCLES;

/** A status as its provider tells it; `at` in microseconds. */
interface Status {
  readonly kind: Kind;
  readonly code: string;
  readonly at: number;
  readonly updatedAt: string;
}

const START = Date.UTC(2026, 2, 2, 9, 30) * 1_000;

/** A time in one of the ways in which ISO 8601 writes it. */
function written(microseconds: number, { zone, hours, isShort }: { zone: string; hours: number; isShort: boolean }) {
  const local = new Date(Math.floor(microseconds / 1_000) + hours * 3_600_000).toISOString();
  const text = local.slice(0, -1) + String(microseconds % 1_000).padStart(3, '0');
  return (isShort ? text.replace(/\.?0+$/, '') : text) + zone;
}

const writing = fc.record({
  isShort: fc.boolean(),
  zone: fc.constantFrom(['Z', 0], ['+00:00', 0], ['+05:00', 5], ['-03:00', -3]),
});

/** The life of one thing, as its statuses arrive; the times between them may be nothing at all. */
const life = fc.constantFrom(...(Object.keys(LIFECYCLES) as Kind[])).chain((kind) => {
  const codes = LIFECYCLES[kind];
  const steps = fc.array(fc.tuple(fc.constantFrom(0, 1, 10, 1_000, 1_500_000), writing), {
    minLength: codes.length,
    maxLength: codes.length,
  });
  return steps.chain((gaps) => {
    let at = START;
    const statuses = gaps.map(([gap, { isShort, zone }], index): Status => {
      at += gap;
      const [text, hours] = zone as [string, number];
      return { kind, code: codes[index]!, at, updatedAt: written(at, { zone: text, hours, isShort }) };
    });
    return fc.shuffledSubarray(statuses, { minLength: statuses.length });
  });
});

let world: World;
let shared: Subscription;
beforeAll(async () => {
  world = await startWorld();
  await warmUp(world);
  shared = await world.meetbus.subscribeToAll('shared');
});
afterAll(() => world.close());

/** Sends a status of a thing; the event has its delivery's id. */
async function send(
  id: string,
  { kind, code, updatedAt }: Omit<Status, 'at'>,
  deliveryId = randomUUID(),
): Promise<void> {
  const data = { data: { code, sub_code: null, updated_at: updatedAt }, [kind]: { id, metadata: {} } };
  const { status } = await world.meetbus.post(
    world.recall.signed({ event: `${kind}.${code}`, data }, { id: deliveryId }),
  );
  expect(status).toBe(200);
}

const isStale = ({ detail }: BusEvent): boolean => 'stale' in detail;

it('of things whose statuses come in any order, exactly what is older than one before is marked', async () => {
  let marked = 0;
  // So many lives at the same time are as many runs.
  const lives = fc.array(life, { minLength: 60, maxLength: 60 });
  const property = fc.asyncProperty(lives, async (things) => {
    const before = shared.events.length;
    const sent = new Map<string, Status & { readonly id: string }>();
    const ids = things.map(() => randomUUID());
    // Statuses of one thing come one after the other, those of many things at the same time.
    for (let round = 0; round < 5; round++) {
      const arriving = things.flatMap((statuses, index) =>
        statuses.slice(round, round + 1).map((status) => ({ ...status, id: ids[index]! })),
      );
      await inParallel(8, arriving, async (status) => {
        const deliveryId = randomUUID();
        sent.set(deliveryId, status);
        await send(status.id, status, deliveryId);
      });
      await shared.collect(before + sent.size);
    }
    const newest = new Map<string, number>();
    const events = shared.events.slice(before);
    expect(events).toHaveLength(sent.size);
    for (const event of events) {
      const { id, at, updatedAt } = sent.get(event.detail.deliveryid)!;
      const known = newest.get(id) ?? 0;
      expect({ id, updatedAt, stale: event.detail.stale }).toEqual({
        id,
        updatedAt,
        stale: at < known ? true : undefined,
      });
      newest.set(id, Math.max(known, at));
    }
    marked += events.filter(isStale).length;
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });

  expect(marked).toBeGreaterThan(20);
  await until(() => metric('Stale') === marked, 'the metric of all that is marked');
});

/** How often functions have counted something. */
const metric = (name: string): number =>
  world.meetbus
    .functionLog()
    .toString()
    .split('\n')
    .filter((line) => line.includes(`"${name}":1`)).length;

/** The rule patterns of the page for subscribers that leave stale events out. */
const documentedPatterns = (): object[] =>
  [
    ...readFileSync(join(PROJECT_ROOT, 'docs', 'events.md'), 'utf8').matchAll(
      /^Rule pattern without stale events:\s+```json\n(.+)\n```/gm,
    ),
  ].map(([, pattern = '']) => JSON.parse(pattern));

it('a rule as docs/events.md has it leaves out what is stale, and nothing else', async () => {
  const pattern = documentedPatterns().find((one) => JSON.stringify(one).includes('"bot.status_changed"'))!;
  const fresh = await world.meetbus.subscribe(world.meetbus.outputs.SharedBusName, pattern);
  const id = randomUUID();
  for (const second of [2, 1, 3]) {
    await send(id, { kind: 'bot', code: 'done', updatedAt: `2026-03-02T09:30:0${second}Z` });
    await shared.collect((events) =>
      events.some(({ detail }) => detail.subject === `bot/${id}` && secondOf(detail) === second),
    );
  }
  await fresh.collect(2);
  expect((await fresh.drain()).map(({ detail }) => secondOf(detail))).toEqual([2, 3]);
});

const secondOf = ({ time }: { readonly [attribute: string]: unknown }): number => Number(String(time).slice(17, 19));

describe('a table that does not answer', () => {
  // An event is noted first, and then its time: two writes, each with three tries, or one that hangs.
  const FAULTS: readonly Pick<FaultRule, 'fault' | 'count'>[] = [
    { fault: 'throttle', count: 6 },
    { fault: 'error', count: 6 },
    { fault: 'down', count: 6 },
    { fault: 'timeout', count: 2 },
  ];

  it.each(FAULTS)('($fault) delays an event by seconds, and leaves it without a mark', async (fault) => {
    const id = randomUUID();
    const arrives = (time: string) =>
      shared.collect((events) => events.some(({ detail }) => detail.subject === `bot/${id}` && detail.time === time));
    const sendAt = (second: number) =>
      send(id, { kind: 'bot', code: 'done', updatedAt: `2026-03-02T09:30:0${second}Z` });
    await sendAt(3);
    await arrives('2026-03-02T09:30:03.000Z');
    // What comes after publishing is a call of the same kind, and must not meet the fault.
    await world.meetbus.settled();
    const unknown = metric('StandingUnknown');

    await setFaults(world.meetbus, {
      ...{ service: 'dynamodb', operation: 'UpdateItem', functionName: 'BotLane' },
      ...fault,
    });
    const sentAt = Date.now();
    await sendAt(2);
    await arrives('2026-03-02T09:30:02.000Z');
    // A consumer has 30 seconds, which PutEvents may need.
    expect(Date.now() - sentAt).toBeLessThan(8_000);
    await until(() => metric('StandingUnknown') === unknown + 1, 'the metric of what is published without a mark');
    await setFaults(world.meetbus);

    await sendAt(1);
    await arrives('2026-03-02T09:30:01.000Z');
    const own = shared.events.filter(({ detail }) => detail.subject === `bot/${id}`);
    expect(own.map(isStale)).toEqual([false, false, true]);
  });
});
