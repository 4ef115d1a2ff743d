/** Handles Ctrl-C and similar signals: a command that must clean up gets a signal, and ends by itself. */

/** Aborted when nobody reads the output any more. */
const running = new Set<() => void>();

/**
 * Ends a command, as Ctrl-C does, when its output pipe is closed. A reader such as head closes the pipe when it has
 * read enough: that is not a failure, and prints no message. Any other error, such as a full disk, is printed once, and
 * the command exits with 1.
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
 * @param work gets the signal that stops it
 * @param timeoutMs time after which it is aborted too
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
