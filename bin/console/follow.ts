/** Gives what work reports while it runs, for server-sent events. */

/**
 * Runs work that reports values, and gives them in order. It ends when the work does, and throws what the work throws. Whoever no
 * longer reads must stop the work by other means, such as its signal.
 */
export async function* follow<T>(work: (tell: (value: T) => void) => Promise<void>): AsyncGenerator<T> {
  let waiting: T[] = [];
  let isDone = false;
  let wake = () => {};
  const working = work((value) => {
    waiting.push(value);
    wake();
  }).finally(() => {
    isDone = true;
    wake();
  });
  // It is thrown below, unless nobody reads any more.
  working.catch(() => {});
  while (true) {
    const values = waiting;
    waiting = [];
    yield* values;
    if (waiting.length > 0) continue;
    if (isDone) break;
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  await working;
}
