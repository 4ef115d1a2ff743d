/** Plays whole meetings of providers: for the demo, and for the console. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SampleDelivery } from '../../providers/kit/sandbox/delivery';
import type { Provider } from '../../providers/provider';
import type { Deployment } from '../deployment';
import type { Player } from '../providers';
import { type SenderAnswer, senderTo } from '../sender';

/** A delivery of a meeting, with the time at which it is due. */
export interface Due {
  readonly provider: Provider;
  readonly delivery: SampleDelivery;
  /** Milliseconds from the begin of the play. */
  readonly dueMs: number;
}

/** A delivery that was played. */
export interface Played extends Due {
  readonly answer: SenderAnswer;
}

/** Settings of {@link planOf}. */
export interface PlayOptions {
  /** All ids derive from it and from the time. */
  readonly seed: string;
  /** When the play begins. */
  readonly now: Date;
  /** How much faster than the clock: 60 plays an hour in a minute; Infinity waits for nothing. */
  readonly speed: number;
}

/**
 * The deliveries of a meeting of each player, in the order in which they are sent. The meetings are dated so that each ends with the
 * play, and no event is dated later than it is sent.
 */
export function planOf(players: readonly Player[], { seed, now, speed }: PlayOptions): readonly Due[] {
  const meetings = players.map(({ provider, sandbox }) => {
    const lengthMs = spanOf(sandbox.meeting({ seed, start: now }));
    const start = now.getTime() - Math.round(lengthMs - lengthMs / speed);
    const deliveries = sandbox.meeting({ seed, start: new Date(start) });
    return deliveries.map((delivery) => ({ provider, delivery, dueMs: (delivery.at.getTime() - start) / speed }));
  });
  // A stable sort: a provider sends the events of one meeting in order.
  return meetings.flat().sort((a, b) => a.dueMs - b.dueMs);
}

function spanOf(deliveries: readonly SampleDelivery[]): number {
  const times = deliveries.map(({ at }) => at.getTime());
  return Math.max(...times) - Math.min(...times);
}

/**
 * Sends the deliveries when they are due, one after the other, until all are sent or the signal. What is not accepted is not sent
 * again.
 *
 * @throws Error if a provider is not deployed, or Meetbus cannot be reached
 */
export async function* play(
  deployment: Deployment,
  {
    players,
    plan,
    signal,
  }: { readonly players: readonly Player[]; readonly plan: readonly Due[]; readonly signal: AbortSignal },
): AsyncGenerator<Played> {
  const senders = new Map(
    await Promise.all(
      players.map(async ({ provider, sandbox }) => [provider, await senderTo(deployment, provider, sandbox)] as const),
    ),
  );
  const began = Date.now();
  for (const due of plan) {
    await sleep(Math.max(0, began + due.dueMs - Date.now()), undefined, { signal }).catch(() => {});
    const send = senders.get(due.provider);
    if (signal.aborted || !send) return;
    yield { ...due, answer: await send(due.delivery) };
  }
}
