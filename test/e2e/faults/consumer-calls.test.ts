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

const nameOf = ({ service, operation, what }: ConsumerCall) => `${service}.${operation}, to ${what}`;

let world: World;
let events: readonly BusEvent[];
const markers = new Map<string, string>();
const answers: string[] = [];

/** One fault strikes every call, each with its own family. */
async function strikeAll(fault: Fault): Promise<void> {
  const { meetbus } = world;
  const rules = CALLS.flatMap((call): (FaultRule & { count: number })[] => {
    const { service, operation, consumer: functionName, also } = call;
    return [{ service, operation, fault, functionName, count: countOf(call, fault) }, ...(also ? [also] : [])];
  });
  await setFaults(meetbus, ...rules);
  await Promise.all(
    CALLS.map(async (call) => {
      const marker = randomUUID();
      markers.set(`${nameOf(call)}: ${fault}`, marker);
      answers.push(inShort(await meetbus.post(call.deliver(marker))));
    }),
  );
  await struck(
    meetbus,
    rules.reduce((sum, { count }) => sum + count, 0),
  );
}

beforeAll(async () => {
  world = await startWorld();
  const { meetbus } = world;
  const shared = await meetbus.subscribeToAll('shared');
  await comeBackAfter(meetbus, COMES_BACK_SECONDS);
  let comesBackAt = Date.now() + COMES_BACK_SECONDS * 1_000;
  // Those that take longest come last: while they last, what failed before does not come back yet.
  for (const fault of [...FAULTS.filter((one) => one !== 'timeout'), 'timeout'] as const) {
    // A first message must not come back amid a round: faults would strike it in place of a new one.
    if (Date.now() + roundMs(fault) > comesBackAt) {
      await setFaults(meetbus);
      await settled(meetbus);
      comesBackAt = Date.now() + COMES_BACK_SECONDS * 1_000;
    }
    await strikeAll(fault);
  }
  await setFaults(meetbus);
  await settled(meetbus);
  events = await shared.drain();
}, 600_000);
afterAll(() => world.close());

it('every delivery is accepted all the while', () => {
  expect(answers).toEqual(Array(CALLS.length * FAULTS.length).fill('200 accepted'));
});

describe.each(CALLS.map((call) => [nameOf(call), call] as const))('%s', (name, { mayDouble = [] }) => {
  it.each(FAULTS.filter((fault) => !mayDouble.includes(fault)))('with %s is published once', (fault) => {
    expect(copiesOf(markers.get(`${name}: ${fault}`)!, events)).toBe(1);
  });

  if (mayDouble.length > 0) {
    it.each(mayDouble)('with %s is published once, or once more under the same id', (fault) => {
      const marker = markers.get(`${name}: ${fault}`)!;
      expect([1, 2]).toContain(copiesOf(marker, events));
      expect(idsOf(marker, events)).toBe(1);
    });
  }
});

it('nothing else is published', () => {
  const known = [...markers.values()];
  expect(events.filter(({ text }) => !known.some((marker) => text.includes(marker)))).toEqual([]);
});
