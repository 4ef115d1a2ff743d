/** Waiting for something that another process brings about. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Many times what anything in a test takes on an idle machine. */
export const PATIENCE_MS = 30_000;

const LOOK_EVERY_MS = 50;

/**
 * How long a test waits before it fails. Only pauses between looks count: on an idle machine they are nearly all of the time,
 * and on a busy one, where each look takes long, the test waits as many looks all the same.
 */
export class Patience {
  #leftMs: number;

  constructor(private readonly totalMs = PATIENCE_MS) {
    this.#leftMs = totalMs;
  }

  /**
   * Pauses before the next look.
   *
   * @throws Error with this text, when the patience is over
   */
  async pause(milliseconds: number, failure: () => string): Promise<void> {
    this.spend(milliseconds, failure);
    await sleep(milliseconds);
  }

  /** For a look that pauses itself, such as a long poll. */
  spend(milliseconds: number, failure: () => string): void {
    if (this.#leftMs <= 0) throw new Error(failure());
    this.#leftMs -= milliseconds;
  }

  /** Starts again: something has come. */
  renew(): void {
    this.#leftMs = this.totalMs;
  }
}

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
  const patience = new Patience(patienceMs);
  while (!(await holds())) await patience.pause(LOOK_EVERY_MS, () => `Waited in vain for ${what}.`);
}
