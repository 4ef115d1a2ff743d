/** Gives what work reports while it runs, for server-sent events. */

/** Reports a value. The promise is kept once the value was taken, or nobody takes any more. */
export type Tell<T> = (value: T) => Promise<void>;

/**
 * Runs work that reports values, and gives them in order. It ends when the work does, and throws what the work throws. Whoever no
 * longer reads must stop the work by other means, such as its signal.
 */
export async function* follow<T>(work: (tell: Tell<T>) => Promise<void>): AsyncGenerator<T> {
  const waiting: { readonly value: T; readonly taken: () => void }[] = [];
  let [isDone, isLeft] = [false, false];
  let wake = () => {};
  const tell: Tell<T> = (value) =>
    new Promise((taken) => {
      if (isLeft) return taken();
      waiting.push({ value, taken });
      wake();
    });
  const working = work(tell).finally(() => {
    isDone = true;
    wake();
  });
  // It is thrown below, unless nobody reads any more.
  working.catch(() => {});
  try {
    while (true) {
      const next = waiting[0];
      if (next) {
        yield next.value;
        waiting.shift();
        next.taken();
      } else if (isDone) {
        break;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    isLeft = true;
    for (const { taken } of waiting) taken();
  }
  await working;
}
