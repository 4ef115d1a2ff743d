/** Calls of the page to its server. Paths are relative to the page's own address, which has the key. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Failure } from '../api';

const GONE = 'The console does not answer. If it was started again, open the address that it printed.';

async function call(path: string, init?: RequestInit): Promise<Response> {
  const response = await fetch(path, init).catch((error: Error) => {
    throw error.name === 'AbortError' ? error : new Error(GONE);
  });
  if (response.ok) return response;
  const { error } = (await response.json().catch(() => ({ error: GONE }))) as Failure;
  throw new Error(error);
}

/** Reads, such as `api/about`. */
export const get = async <T>(path: string, signal?: AbortSignal): Promise<T> =>
  (await call(path, signal && { signal })).json() as Promise<T>;

const posted = (body: unknown, signal?: AbortSignal): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  ...(signal && { signal }),
});

/** Sends JSON, and gives the answer. */
export const post = async <T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> =>
  (await call(path, posted(body, signal))).json() as Promise<T>;

/** Sends JSON to a route that answers with server-sent events, and gives their values until the last. */
export async function* stream<T>(path: string, body: unknown, signal?: AbortSignal): AsyncGenerator<T> {
  const response = await call(path, posted(body, signal));
  const reader = (response.body as ReadableStream<BufferSource>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const blocks = (text + part.value).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = fieldIn(block, 'event');
      const data = fieldIn(block, 'data');
      if (event === 'failure') throw new Error((JSON.parse(data ?? '{}') as Failure).error);
      if (event === undefined && data !== undefined) yield JSON.parse(data) as T;
    }
  }
}

/** A field of a server-sent event. A regular expression would end its line at U+2028 too, which JSON may contain. */
const fieldIn = (block: string, name: string): string | undefined =>
  block
    .split('\n')
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2);

/** What was read from a path, or why it could not be. */
export interface Loaded<T> {
  readonly data?: T;
  readonly error?: string;
  readonly isLoading: boolean;
  /** Reads again; the old data stays until the new is there. */
  readonly reload: () => void;
}

/** Reads a path when the component appears, and whenever the path changes. */
export function useLoaded<T>(path: string): Loaded<T> {
  const [round, setRound] = useState(0);
  const [state, setState] = useState<Omit<Loaded<T>, 'reload'>>({ isLoading: true });
  useEffect(() => {
    const gone = new AbortController();
    setState((before) => ({ ...before, isLoading: true }));
    get<T>(path, gone.signal).then(
      (data) => setState({ data, isLoading: false }),
      (error: Error) => gone.signal.aborted || setState({ error: error.message, isLoading: false }),
    );
    return () => gone.abort();
  }, [path, round]);
  const reload = useCallback(() => setRound((number) => number + 1), []);
  return { ...state, reload };
}
