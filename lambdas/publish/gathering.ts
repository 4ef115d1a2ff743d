/** Has the records of a batch wait for each other, so that their events share a call of PutEvents in order of time. */

/** Milliseconds after which what there is goes out: a record whose lock hangs must not hold up the others for long. */
const LONGEST_WAIT_MS = 250;

/** The records of one batch at a time. */
export interface Gathering {
  /** A batch of so many records begins. */
  readonly start: (records: number) => void;
  /**
   * One record's part in it.
   *
   * @returns a function to be called when the others need not wait for the record any more, as it has handed its event in or
   * will not; calling it again does nothing
   */
  readonly join: () => () => void;
  /** Calls back once no record is waited for, or after a quarter of a second. */
  readonly whenComplete: (callback: () => void) => void;
}

/** Makes a gathering, for one batch after the other. */
export function createGathering(): Gathering {
  let awaited = 0;
  const waiting = new Map<() => void, NodeJS.Timeout>();

  const release = (callback: () => void): void => {
    clearTimeout(waiting.get(callback));
    if (waiting.delete(callback)) callback();
  };

  const releaseIfComplete = (): void => {
    if (awaited <= 0) for (const callback of [...waiting.keys()]) release(callback);
  };

  return {
    start: (records) => {
      awaited = records;
    },
    join: () => {
      let isAwaited = true;
      return () => {
        if (!isAwaited) return;
        isAwaited = false;
        awaited -= 1;
        releaseIfComplete();
      };
    },
    whenComplete: (callback) => {
      waiting.set(
        callback,
        setTimeout(() => release(callback), LONGEST_WAIT_MS),
      );
      // What was handed in at the same moment still belongs to it.
      setImmediate(releaseIfComplete);
    },
  };
}
