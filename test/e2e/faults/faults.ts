/** What the tests of faults share: the faults, senders that do not give up, and counting what arrives. */
import type { Answer, HttpDelivery } from '../../support/http';
import type { Meetbus } from '../../support/meetbus';
import { liveBody, type World } from '../../support/providers';
import type { BusEvent } from '../../support/subscription';
import { Patience } from '../../support/until';

/** Faults of a call that fails, or seems to: it is not carried out, or its answer is lost. */
export const CALL_FAULTS = ['throttle', 'error', 'down', 'timeout', 'lost_answer'] as const;

/** Faults that end the environment: before the call, after its effect, after its answer. */
export const KILLS = ['kill_before', 'kill_during', 'kill_after'] as const;

export const FAULTS = [...CALL_FAULTS, ...KILLS] as const;
export type Fault = (typeof FAULTS)[number];

export const isKill = (fault: Fault): boolean => fault.startsWith('kill');

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
  const patience = new Patience();
  while (true) {
    const answer = await meetbus()
      .post(delivery)
      .then(inShort, () => 'no answer');
    if (answer.startsWith('200')) return answer;
    await patience.pause(400, () => `A delivery is not accepted; the last answer is: ${answer}.`);
  }
}

/** How many of the events are about something with this id, or come of a delivery with it. */
export const copiesOf = (marker: string, events: readonly BusEvent[]): number =>
  events.filter(({ text }) => text.includes(marker)).length;

/** How many ids the events have that are about something with this id. */
export const idsOf = (marker: string, events: readonly BusEvent[]): number =>
  new Set(events.filter(({ text }) => text.includes(marker)).map(({ detail }) => detail.id)).size;

/** A delivery to each route that becomes one event. The marker is in the event; the padding makes the body large. */
export const ROUTES: Readonly<
  Record<string, (world: Pick<World, 'recall' | 'realtimekit'>, marker: string, padding?: string) => HttpDelivery>
> = {
  '/recall/webhooks': ({ recall }, marker, padding) =>
    recall.signed({ event: 'bot.done', data: { bot: { id: marker } }, padding }, { id: marker }),
  '/recall/realtime': ({ recall }, marker, padding) => recall.withToken(liveBody(marker, { padding })),
  '/realtimekit/webhooks': ({ realtimekit }, marker, padding) =>
    realtimekit.signed({ event: 'meeting.started', meeting: { id: marker }, padding }, { uuid: marker }),
};
