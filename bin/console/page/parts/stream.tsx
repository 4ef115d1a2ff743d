/** Follows work of the server whose progress comes as server-sent events. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { stream } from '../server';
import { Notice } from './notice';

/** The error of what the person has stopped. */
const STOPPED = 'Stopped.';

interface State<T> {
  readonly values: readonly T[];
  readonly isRunning: boolean;
  /** What went wrong. */
  readonly error?: string;
}

/** Work of the server. */
interface Followed<T> extends State<T> {
  /** Starts it, and ends what ran before. */
  readonly start: (path: string, body: unknown) => Promise<void>;
  readonly stop: () => void;
  /** Stops it, and forgets what came. */
  readonly clear: () => void;
}

/** Values that come faster are shown together: a person sees no more, and thousands may come. */
const SHOW_EVERY_MS = 50;

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
    const values: T[] = [];
    let timer: number | undefined;
    const show = (ended?: { readonly error?: string }) => {
      clearTimeout(timer);
      timer = undefined;
      if (running.current === own) setState({ values: [...values], isRunning: !ended, ...ended });
    };
    show();
    try {
      for await (const value of stream<T>(path, body, own.signal)) {
        if (values.push(value) > mostKept) values.shift();
        timer ??= window.setTimeout(show, SHOW_EVERY_MS);
      }
      show({});
    } catch (error) {
      show({ error: own.signal.aborted ? STOPPED : (error as Error).message });
    }
  };
  const clear = () => {
    stop();
    running.current = undefined;
    setState({ values: [], isRunning: false });
  };
  return { ...state, start, stop, clear };
}

/** Stops work that runs. */
export const StopButton = ({ isRunning, stop }: Pick<Followed<unknown>, 'isRunning' | 'stop'>) =>
  isRunning ? (
    <button type="button" onClick={stop}>
      Stop
    </button>
  ) : null;

/** Why work has ended early, if it has. */
export const EndNotice = ({ error }: Pick<Followed<unknown>, 'error'>) =>
  error === undefined ? null : <Notice kind={error === STOPPED ? 'note' : 'bad'}>{error}</Notice>;
