/** Work at a steady rate. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until so many things may be done; resolves early, without an error, when the signal aborts. */
export type Pace = (count?: number, signal?: AbortSignal) => Promise<void>;

/**
 * Makes a pace. The first thing may be done at once; what was not used up is not saved for later.
 *
 * @param perSecond undefined where there is no limit
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
