/** Deliveries to send: new samples, and any bytes; with changed members. */
import { randomUUID } from 'node:crypto';
import { readBody, readExactly } from '../providers/kit/body';
import { type Assignment, withAssignments } from './assignments';
import { didYouMean, sentences } from './did-you-mean';
import type { Player } from './providers';
import type { OutgoingDelivery } from './sender';
import { UsageError } from './usage';

/**
 * Makes a sample of an event. A fresh seed and the current time make every sample a new one.
 *
 * @throws UsageError that suggests the nearest event, if there is no sample of it
 */
export function sampleOf({ provider, sandbox }: Player, event: string): OutgoingDelivery {
  if (!sandbox.events.includes(event)) {
    const all = `"npx meetbus send ${provider.name}" lists the names.`;
    throw new UsageError(sentences(`There is no sample of ${event}.`, didYouMean(event, sandbox.events), all));
  }
  return { route: sandbox.routeOf(event), body: sandbox.body(event, { seed: randomUUID(), at: new Date() }) };
}

/** Bytes as a delivery, on the route of the event that they name. They need not be JSON, nor name an event. */
export async function deliveryOf({ provider, sandbox }: Player, body: Buffer): Promise<OutgoingDelivery> {
  const { runtime } = await provider.runtime();
  return { route: sandbox.routeOf(readBody(body, runtime).event ?? ''), body };
}

/**
 * The delivery with other values in its body, on the route of the event that it names then. Numbers keep their digits.
 *
 * @throws UsageError if the body is not JSON, or a path leads through something that has no members
 */
export async function changed(
  player: Player,
  delivery: OutgoingDelivery,
  assignments: readonly Assignment[],
): Promise<OutgoingDelivery> {
  if (assignments.length === 0) return delivery;
  const body = readExactly(bytesOf(delivery));
  if (body === undefined) throw new UsageError('The body is not JSON, so --set cannot change it.');
  return deliveryOf(player, Buffer.from(JSON.stringify(withAssignments(body, assignments))));
}

/** The body as it is sent. */
export const bytesOf = ({ body }: OutgoingDelivery): Buffer =>
  Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
