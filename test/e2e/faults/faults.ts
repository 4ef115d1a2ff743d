/** What the tests of faults share: setting faults from outside, senders that do not give up, and counting what arrives. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRule } from '../../../local/faults/fault-rules';
import type { FaultStatus } from '../../../local/faults/faults';
import { StackQueues } from '../../soak/queues';
import type { Answer, HttpDelivery } from '../../support/http';
import type { Meetbus } from '../../support/meetbus';
import type { World } from '../../support/providers';
import type { BusEvent } from '../../support/subscription';

/** Faults of a call that fails, or seems to: it is not carried out, or its answer is lost. */
export const CALL_FAULTS = ['throttle', 'error', 'down', 'timeout', 'lost_answer'] as const;

/** Faults that end the environment: before the call, after its effect, after its answer. */
export const KILLS = ['kill_before', 'kill_during', 'kill_after'] as const;

export const FAULTS = [...CALL_FAULTS, ...KILLS] as const;
export type Fault = (typeof FAULTS)[number];

export const isKill = (fault: Fault): boolean => fault.startsWith('kill');

/** Parts of the names of all verifiers, and of all consumers. */
export const VERIFIERS = 'Ingress';
export const CONSUMERS = 'Consumer';

/** Long enough for a machine that is busy with other things. */
const PATIENCE_MS = 150_000;

const control = async ({ awsUrl }: Meetbus, method: string, body?: object): Promise<FaultStatus> => {
  const response = await fetch(`${awsUrl}/_meetbus/faults`, { method, ...(body && { body: JSON.stringify(body) }) });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as FaultStatus;
};

/** Replaces the faults; without any, all is well again. */
export async function setFaults(meetbus: Meetbus, ...faults: readonly FaultRule[]): Promise<void> {
  await control(meetbus, 'PUT', { seed: 1, faults });
}

/** How often the faults that apply now have struck. */
export async function strikes(meetbus: Meetbus): Promise<number> {
  const { injected } = await control(meetbus, 'GET');
  return Object.values(injected).reduce((sum, times) => sum + times, 0);
}

/** Waits until the faults that apply now have struck so often. */
export const struck = (meetbus: Meetbus, times: number): Promise<void> =>
  until(async () => (await strikes(meetbus)) >= times, `${times} strikes of the faults`);

/**
 * Waits until something holds.
 *
 * @throws Error that names it, when it does not come about in time
 */
export async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await sleep(50);
  }
}

/** Makes messages that failed come back after so many seconds, and go to the dead-letter queue after so many receives. */
export const comeBackAfter = ({ clients }: Meetbus, visibilitySeconds: number, maxReceives = 1_000): Promise<void> =>
  new StackQueues(clients.sqs).shortenRetries({ visibilitySeconds, maxReceives });

/** Waits until every queue is empty, however often messages have to come back. */
export const settled = (meetbus: Meetbus): Promise<void> => meetbus.settled(PATIENCE_MS);

/** An answer in short: `200 accepted`; the status alone where API Gateway answers itself. */
export function inShort({ status, body }: Answer): string {
  const { status: word } = JSON.parse(body) as { status?: string };
  return word === undefined ? String(status) : `${status} ${word}`;
}

/**
 * Sends a delivery again and again, as its provider would, until it is accepted.
 *
 * @param meetbus tells the Meetbus that is there now
 * @returns the last answer in short
 */
export async function sendUntilAccepted(meetbus: () => Meetbus, delivery: HttpDelivery): Promise<string> {
  const deadline = Date.now() + PATIENCE_MS;
  while (true) {
    const answer = await meetbus()
      .post(delivery)
      .then(inShort, () => 'no answer');
    if (answer.startsWith('200')) return answer;
    if (Date.now() > deadline) throw new Error(`A delivery is not accepted; the last answer is: ${answer}.`);
    await sleep(400);
  }
}

/** How many of the events are about something with this id, or come of a delivery with it. */
export const copiesOf = (marker: string, events: readonly BusEvent[]): number =>
  events.filter(({ text }) => text.includes(marker)).length;

/** How many ids the events have that are about something with this id. */
export const idsOf = (marker: string, events: readonly BusEvent[]): number =>
  new Set(events.filter(({ text }) => text.includes(marker)).map(({ detail }) => detail.id)).size;

/** Too large for a message and for an event: it goes through S3 twice. */
export const LARGE = 'x'.repeat(1_100_000);

/** A delivery to each route that becomes one event. The marker is in the event; the padding makes the body large. */
export const ROUTES: Readonly<
  Record<string, (world: Pick<World, 'recall' | 'realtimekit'>, marker: string, padding?: string) => HttpDelivery>
> = {
  '/recall/webhooks': ({ recall }, marker, padding) =>
    recall.signed({ event: 'bot.done', data: { bot: { id: marker } }, padding }, { id: marker }),
  '/recall/realtime': ({ recall }, marker, padding) =>
    recall.withToken({ event: 'bot.done', data: { bot: { id: marker } }, padding }),
  '/realtimekit/webhooks': ({ realtimekit }, marker, padding) =>
    realtimekit.signed({ event: 'meeting.started', meeting: { id: marker }, padding }, { uuid: marker }),
};
