/** Ctrl-C and its like: a command that has something to put in order hears of it, and ends by itself. */

/** What is told to stop when nobody reads the output any more. */
const running = new Set<() => void>();

/**
 * Ends a command as Ctrl-C does, once its output goes nowhere. A reader that has seen enough, such as head, closes the
 * pipe: that is no failure, and nothing is said. Any other error, such as a full disk, is told once, and ends it with 1.
 */
export function endWhenNobodyReads(): void {
  let isTold = false;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') {
      if (!isTold) console.error(`The output cannot be written: ${message}`);
      isTold = true;
      process.exitCode = 1;
    }
    if (running.size === 0) process.exit(code === 'EPIPE' ? 0 : 1);
    for (const abort of running) abort();
  });
}

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
  running.add(abort);
  const timer =
    timeoutMs === undefined ? undefined : setTimeout(() => controller.abort(), Math.min(timeoutMs, MAX_TIMER_MS));
  try {
    return await work(controller.signal);
  } finally {
    running.delete(abort);
    clearTimeout(timer);
    stopListening();
  }
}
