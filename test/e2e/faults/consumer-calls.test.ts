/** Every AWS call of the consumers goes wrong in every way, while the provider has its 200 already: nothing is lost. */
import { randomUUID } from 'node:crypto';
import type { FaultRule } from '@meetbus/local-cloud/faults/fault-rules';
import { LARGE } from '../../support/deliveries';
import { comeBackAfter, setFaults, settled, struck } from '../../support/faults';
import type { HttpDelivery } from '../../support/http';
import { startWorld, type World } from '../../support/providers';
import type { BusEvent } from '../../support/subscription';
import { copiesOf, FAULTS, type Fault, idsOf, inShort, isKill } from './faults';

/** One AWS call of a consumer. Each is tried with a family of its own, so that all can go wrong at the same time. */
interface ConsumerCall extends Pick<FaultRule, 'service' | 'operation'> {
  readonly what: string;
  /** Part of the name of the family's consumer. */
  readonly consumer: string;
  /** A delivery of the family. */
  readonly deliver: (marker: string) => HttpDelivery;
  /** How often the call is tried before it counts as failed. */
  readonly tries: number;
  /** Faults that bring the consumer to the call, and how often these strike. */
  readonly also?: FaultRule & { readonly count: number };
  /** Faults after which EventBridge has the event, and the table does not know: it comes once more, under the same id. */
  readonly mayDouble?: readonly Fault[];
}

/** The SDK tries twice, and Meetbus three times. */
const PUT_EVENTS_TRIES = 6;

const byRecall =
  (event: string, data: object, padding?: string) =>
  (id: string): HttpDelivery =>
    world.recall.signed({ event, data, padding }, { id });

const CALLS: readonly ConsumerCall[] = [
  {
    ...{ what: 'lock an event', service: 'dynamodb', operation: 'PutItem', tries: 3 },
    consumer: 'BotLane',
    deliver: byRecall('bot.done', { bot: { id: 'b' } }),
  },
  {
    ...{ what: 'mark an event as done', service: 'dynamodb', operation: 'UpdateItem', tries: 3 },
    consumer: 'MeetingLane',
    // One that neither begins nor ends anything: before the mark these write to the table too.
    deliver: (uuid) => world.realtimekit.signed({ event: 'meeting.summary', meeting: { id: uuid } }, { uuid }),
    mayDouble: ['kill_before'],
  },
  {
    ...{ what: 'release an event that could not be published', service: 'dynamodb', operation: 'DeleteItem', tries: 3 },
    consumer: 'ParticipantLane',
    deliver: (uuid) =>
      world.realtimekit.signed(
        { event: 'meeting.participantJoined', meeting: { id: uuid }, participant: { peerId: 'p' } },
        { uuid },
      ),
    also: {
      ...{ service: 'events', operation: 'PutEvents', fault: 'error' },
      ...{ count: PUT_EVENTS_TRIES, functionName: 'ParticipantLane' },
    },
  },
  {
    ...{ what: 'fetch a large body', service: 's3', operation: 'GetObject', tries: 2 },
    consumer: 'RecordingLane',
    deliver: byRecall('recording.done', { recording: { id: 'r' } }, LARGE),
  },
  {
    ...{ what: 'store a large body for subscribers', service: 's3', operation: 'PutObject', tries: 2 },
    consumer: 'TranscriptLane',
    deliver: byRecall('transcript.done', { transcript: { id: 't' } }, LARGE),
  },
  {
    ...{ what: 'publish', service: 'events', operation: 'PutEvents', tries: PUT_EVENTS_TRIES },
    consumer: 'WorkspaceLane',
    deliver: byRecall('calendar.update', { calendar_id: 'c' }),
    mayDouble: ['lost_answer', 'kill_during', 'kill_after'],
  },
];

/** How often a fault strikes: until the call has failed for good, and once where it has taken effect. */
function countOf({ operation, tries }: ConsumerCall, fault: Fault): number {
  if (isKill(fault) || fault === 'lost_answer') return 1;
  // All six tries would take nearly all the time that a consumer has: only the first of Meetbus's three fails.
  return operation === 'PutEvents' && fault === 'timeout' ? 2 : tries;
}

/** A consumer that dies holds an event for as long as it could have run, 30 seconds; its message comes back after that. */
const COMES_BACK_SECONDS = 33;

/** How long a round lasts at most: a call that times out does so more than once. */
const roundMs = (fault: Fault): number => (fault === 'timeout' ? 16_000 : 6_000);

let world: World;
beforeAll(async () => {
  world = await startWorld();
  await comeBackAfter(world.meetbus, COMES_BACK_SECONDS);
});
afterAll(() => world.close());

/** A delivery that met a fault on its way to the bus. */
interface Struck {
  readonly call: ConsumerCall;
  readonly fault: Fault;
  readonly marker: string;
  readonly answer: string;
}

/** One fault strikes every call, each with its own family. */
async function strikeAll(fault: Fault): Promise<Struck[]> {
  const { meetbus } = world;
  const rules = CALLS.flatMap((call): (FaultRule & { count: number })[] => {
    const { service, operation, consumer: functionName, also } = call;
    return [{ service, operation, fault, functionName, count: countOf(call, fault) }, ...(also ? [also] : [])];
  });
  await setFaults(meetbus, ...rules);
  const met = await Promise.all(
    CALLS.map(async (call): Promise<Struck> => {
      const marker = randomUUID();
      return { call, fault, marker, answer: inShort(await meetbus.post(call.deliver(marker))) };
    }),
  );
  await struck(
    meetbus,
    rules.reduce((sum, { count }) => sum + count, 0),
  );
  return met;
}

/** Ends the faults, and waits until what they struck has come back. */
async function recover(): Promise<void> {
  await setFaults(world.meetbus);
  await settled(world.meetbus, 3 * COMES_BACK_SECONDS * 1_000);
}

/** What is wrong with what became of a delivery; undefined where it was published once, as far as that can be had. */
function wrongWith({ call, fault, marker, answer }: Struck, events: readonly BusEvent[]): string | undefined {
  const most = call.mayDouble?.includes(fault) ? 2 : 1;
  const [copies, ids] = [copiesOf(marker, events), idsOf(marker, events)];
  if (answer === '200 accepted' && copies >= 1 && copies <= most && ids === 1) return undefined;
  const { service, operation, what } = call;
  return `${service}.${operation}, to ${what}, with ${fault}: answered ${answer}, ${copies} events with ${ids} ids`;
}

// One test: what dies comes back after half a minute, and all of it waits for that together.
it('every delivery is accepted, and published once; where only EventBridge knows, once more under the same id', async () => {
  const shared = await world.meetbus.subscribeToAll('shared');
  const all: Struck[] = [];
  let comesBackAt = Date.now() + COMES_BACK_SECONDS * 1_000;
  // Those that take longest come last: while they last, what failed before does not come back yet.
  for (const fault of [...FAULTS.filter((one) => one !== 'timeout'), 'timeout'] as const) {
    // A first message must not come back amid a round: faults would strike it in place of a new one.
    if (Date.now() + roundMs(fault) > comesBackAt) {
      await recover();
      comesBackAt = Date.now() + COMES_BACK_SECONDS * 1_000;
    }
    all.push(...(await strikeAll(fault)));
  }
  await recover();
  const events = await shared.drain();

  expect(all).toHaveLength(CALLS.length * FAULTS.length);
  expect(all.map((one) => wrongWith(one, events)).filter((wrong) => wrong !== undefined)).toEqual([]);
  const others = events.filter(({ text }) => !all.some(({ marker }) => text.includes(marker)));
  expect(others).toEqual([]);
}, 300_000);
