/** A rate limit. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until that many operations are allowed; resolves early, without an error, when the signal aborts. */
export type Pace = (count?: number, signal?: AbortSignal) => Promise<void>;

/**
 * Makes a rate limit. The first operation is allowed at once; unused capacity is not saved.
 *
 * @param perSecond undefined for no limit
 */
export function createPace(perSecond: number | undefined): Pace {
  if (perSecond === undefined) return async () => {};
  let free = 0;
  return async (count = 1, signal) => {
    const now = performance.now();
    const turn = Math.max(now, free);
    free = turn + (count / perSecond) * 1_000;
    await sleep(turn - now, undefined, { ...(signal && { signal }) }).catch(() => {});
  };
}
