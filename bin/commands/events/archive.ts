/** Reads the archive of the intake bus: a replay sends its events to a temporary queue. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient, ReplayState } from '@aws-sdk/client-eventbridge';
import type { Deployment } from '../../deployment';
import type { Pattern } from '../replay/narrow';
import { busOf, makePlan, newReplayName } from '../replay/plan';
import { runReplay } from '../replay/run';
import { type TemporaryQueue, withTemporaryQueue } from '../tail/temporary-queue';

/** The events to read. Times are those of publication, in milliseconds since 1970. */
export interface ArchiveWindow {
  readonly from: number;
  readonly to: number | undefined;
  readonly pattern: Pattern;
}

/** How the archive is read. */
interface ReadingOptions {
  /** Stops reading. */
  readonly signal: AbortSignal;
  /** Called with events as they arrive: the texts of their envelopes. An event may come twice. */
  readonly onEvents: (texts: readonly string[]) => Promise<void>;
}

/** On AWS a new rule takes effect within "a short period of time" (API reference, PutRule); it misses earlier events. */
const SETTLE_MS = 60_000;

/** On AWS an event may still be on its way to the queue when its replay has ended. */
const GRACE_MS = 30_000;

/** Wait time of one receive call, in seconds. */
const WAIT_SECONDS = 1;

/**
 * Reads the events of a time window, each at least once. On AWS that takes two minutes at least.
 *
 * @returns false if it was stopped before it had read all
 * @throws Error that says why the archive cannot be read to its end
 */
export async function readArchive(
  deployment: Deployment,
  { from, to, pattern }: ArchiveWindow,
  { signal, onEvents }: ReadingOptions,
): Promise<boolean> {
  const client = new EventBridgeClient(deployment.clientConfig);
  const bus = busOf(deployment, 'intake');
  const failed = new AbortController();
  const stop = AbortSignal.any([signal, failed.signal]);
  const wait = (ms: number) => sleep(deployment.local ? 0 : ms, undefined, { signal: stop }).catch(() => {});
  const name = newReplayName();
  // Only replayed events have the name of a replay.
  const replayed = { ...pattern, 'replay-name': [name] };
  try {
    return await withTemporaryQueue(deployment.clientConfig, bus.busName, replayed, async (queue) => {
      const plan = await makePlan(client, bus, { rule: queue.name, from, to, pattern: undefined, name });
      await wait(SETTLE_MS);
      if (stop.aborted) return false;
      const over = new AbortController();
      const reading = readUntil(over.signal, stop, queue, onEvents).catch((error: unknown) => {
        failed.abort();
        throw error;
      });
      const replaying = runReplay(plan, { client, signal: stop, settleMs: 0, graceMs: 0, onProgress: () => {} })
        .then(async (ended) => {
          await wait(GRACE_MS);
          return ended;
        })
        .finally(() => over.abort());
      const [ended] = await all(replaying, reading);
      if (ended?.State === ReplayState.FAILED) throw new Error(`The archive could not be read: ${ended.StateReason}`);
      return ended?.State === ReplayState.COMPLETED && !signal.aborted;
    });
  } finally {
    client.destroy();
  }
}

/** Passes events on until the replay has ended and the queue is empty. */
async function readUntil(
  over: AbortSignal,
  stop: AbortSignal,
  queue: TemporaryQueue,
  onEvents: ReadingOptions['onEvents'],
): Promise<void> {
  while (!stop.aborted) {
    const wasOver = over.aborted;
    const texts = await queue.receive(undefined, WAIT_SECONDS);
    if (texts.length > 0) await onEvents(texts);
    else if (wasOver) return;
  }
}

/** Both values, once both have settled. An error of the second is thrown first, because it ends the first too. */
async function all<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const [a, b] = await Promise.allSettled([first, second]);
  if (b.status === 'rejected') throw b.reason;
  if (a.status === 'rejected') throw a.reason;
  return [a.value, b.value];
}
