import { useEffect, useRef, useState } from 'preact/hooks';
import { stream } from '../server';

/** Something that is under way on the server, and what it has said so far. */
export interface Stoppable<T> {
  readonly isRunning: boolean;
  readonly values: readonly T[];
  readonly error?: string;
  /** Starts it. What was said before is forgotten. */
  readonly start: (body: object) => Promise<void>;
  readonly stop: () => void;
}

/** Runs a route that answers with server-sent events, until its end, the person's stop, or until the component is gone. */
export function useStoppable<T>(path: string): Stoppable<T> {
  const [state, setState] = useState<Omit<Stoppable<T>, 'start' | 'stop'>>({ isRunning: false, values: [] });
  const running = useRef<AbortController | undefined>(undefined);
  const stop = () => running.current?.abort();
  useEffect(() => stop, []);
  const start = async (body: object) => {
    stop();
    const own = new AbortController();
    running.current = own;
    const { signal } = own;
    setState({ isRunning: true, values: [] });
    try {
      for await (const value of stream<T>(path, body, signal)) {
        if (signal.aborted) return;
        setState(({ values }) => ({ isRunning: true, values: [...values, value] }));
      }
      setState(({ values }) => ({ isRunning: false, values }));
    } catch (error) {
      // Where another run was started, the state is that of the other.
      if (running.current?.signal !== signal) return;
      const message = signal.aborted ? undefined : (error as Error).message;
      setState(({ values }) => ({ isRunning: false, values, ...(message !== undefined && { error: message }) }));
    }
  };
  return { ...state, start, stop };
}
