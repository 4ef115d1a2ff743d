import { setTimeout as sleep } from 'node:timers/promises';

/** Long enough for a machine that is busy with other things. */
export const PATIENCE_MS = 150_000;

/**
 * Waits until something holds.
 *
 * @throws Error that names it, when it does not come about in time
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await sleep(50);
  }
}
