/** Ctrl-C and its like: a command that has something to put in order hears of it, and ends by itself. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The longest that setTimeout can wait: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs work that can be interrupted. The first signal aborts; a second one ends the process, as it always does.
 *
 * @param work is given the signal that tells it to stop
 * @param timeoutMs aborts too when it has passed
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>, timeoutMs?: number): Promise<T> {
  const controller = new AbortController();
  const stopListening = () => {
    for (const name of SIGNALS) process.off(name, abort);
  };
  const abort = () => {
    stopListening();
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, abort);
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(), Math.min(timeoutMs, MAX_TIMER_MS));
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}
