/** Reads an event of the probe that came back, and how long each leg of its way took. */

import * as z from 'zod/mini';
import { PROBE } from '../../providers/probe/event';
import { familyOfType, isProbeType, PROBE_SOURCE } from '../../providers/probe/types';

/** An event as EventBridge delivers it. */
export interface BusEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** Legs of the way, in milliseconds. The leg of the API's answer is measured where the delivery is sent. */
export interface Legs {
  /** From sending until the event was back from the shared bus. */
  readonly total: number;
  /** From its receipt by the verifier until a consumer had made the event: mostly the queue. */
  readonly queue: number;
  /** From there until the event was back: intake bus, rule, shared bus, rule. */
  readonly buses: number;
}

/** An event that came back. */
export interface Arrival {
  /** Id of the event, the same for its duplicates. */
  readonly id: string;
  readonly run: string;
  readonly family: string;
  readonly legs: Legs;
}

/** Milliseconds after which an event counts as lost: the alarm on its absence has fired. */
export const TOO_LATE_MS = 5 * 60_000;

const DETAIL = z.object({
  id: z.string(),
  type: z.string(),
  receivedtime: z.string(),
  data: z.object({ probe: PROBE }),
});

/** Whether the prober was invoked with an event of the probe. Everything else makes it send. */
export const isEvent = (event: unknown): event is BusEvent => Object(event).source === PROBE_SOURCE;

/**
 * Reads an event.
 *
 * @param now in milliseconds since 1970
 * @returns undefined if it is no event of the probe
 */
export function readArrival({ detail }: BusEvent, now: number): Arrival | undefined {
  const parsed = DETAIL.safeParse(detail);
  if (!parsed.success || !isProbeType(parsed.data.type)) return undefined;
  const { id, type, receivedtime, data } = parsed.data;
  const { run, sentat, consumedat } = data.probe;
  const legs = {
    total: since(sentat, now),
    queue: since(Date.parse(receivedtime), consumedat),
    buses: since(consumedat, now),
  };
  return { id, run, family: familyOfType(type), legs };
}

/** Never negative: the clocks of two execution environments differ by some milliseconds. */
const since = (from: number, to: number): number => Math.max(0, to - from);
