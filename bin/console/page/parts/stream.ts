/** Follows work of the server whose progress comes as server-sent events. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { stream } from '../server';

/** The error of what the person has stopped. */
export const STOPPED = 'Stopped.';

/** Work of the server. */
export interface Followed<T> {
  readonly values: readonly T[];
  readonly isRunning: boolean;
  /** What went wrong. */
  readonly error?: string;
  /** Starts it, and ends what ran before. */
  readonly start: (path: string, body: unknown) => Promise<void>;
  readonly stop: () => void;
  /** Stops it, and forgets what came. */
  readonly clear: () => void;
}

interface State<T> {
  readonly values: readonly T[];
  readonly isRunning: boolean;
  readonly error?: string;
}

/**
 * Work that ends when the component goes.
 *
 * @param mostKept most values that are kept, for work that only its latest values tell of. @default all
 */
export function useStream<T>(mostKept = Number.POSITIVE_INFINITY): Followed<T> {
  const [state, setState] = useState<State<T>>({ values: [], isRunning: false });
  const running = useRef<AbortController | undefined>(undefined);
  const stop = () => running.current?.abort();
  useEffect(() => stop, []);
  const start = async (path: string, body: unknown) => {
    stop();
    const own = new AbortController();
    running.current = own;
    const set = (next: (before: State<T>) => State<T>) => {
      if (running.current === own) setState(next);
    };
    set(() => ({ values: [], isRunning: true }));
    try {
      for await (const value of stream<T>(path, body, own.signal)) {
        set((before) => ({ ...before, values: [...before.values, value].slice(-mostKept) }));
      }
      set((before) => ({ ...before, isRunning: false }));
    } catch (error) {
      const message = own.signal.aborted ? STOPPED : (error as Error).message;
      set((before) => ({ ...before, isRunning: false, error: message }));
    }
  };
  const clear = () => {
    stop();
    running.current = undefined;
    setState({ values: [], isRunning: false });
  };
  return { ...state, start, stop, clear };
}
