/** Calls the API of a provider: with a rate limit, and with retries of what may pass. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Api, type ApiAccess, ApiError, type Query, REFUSED_KEY } from '../../providers/backfill';
import { withCause } from '../platform/network-errors';
import { createPace } from '../platform/pace';

/** Tries of a request. */
const TRIES = 5;

/** Milliseconds of the first back-off, which doubles each time. Up to half of each is random. */
const FIRST_WAIT_MS = 1_000;

/** The longest wait that an answer may ask for. Beyond this, the list is a gap. */
const LONGEST_WAIT_MS = 5 * 60_000;

/** Milliseconds for one try. */
const TIMEOUT_MS = 30_000;

const TOO_MANY_REQUESTS = 429;

interface Options {
  readonly perSecond: number;
  /** Ends waits and requests; then every call rejects. */
  readonly signal: AbortSignal;
  /** Called after each request, with the numbers of those done and of those announced. */
  readonly onRequest?: (done: number, expected: number) => void;
  /** Called before each wait for another try, with the failure and the milliseconds. */
  readonly onWait?: (failure: ApiError, waitMs: number) => void;
  /** Requests after which every call rejects, retries included. @default any number */
  readonly budget?: number;
  /** No request begins after it; then every call rejects, as with a budget that is used up. @default requests begin until `signal` */
  readonly lastCall?: AbortSignal;
  /** Once a call has failed after its retries, no other request is made. @default each list is asked for */
  readonly isOverAfterFailure?: boolean;
  /** Milliseconds: a longer wait that an answer asks for fails the call. @default five minutes */
  readonly longestWaitMs?: number;
  /** @default one second */
  readonly firstWaitMs?: number;
}

/** The API, and the number of requests that were made. */
export interface CountingApi extends Api {
  readonly requests: () => number;
  /** Whether the budget, or the time, is used up. */
  readonly isSpent: () => boolean;
  /** The last failure that a later try may mend: no answer, a rate limit, a budget that is used up. */
  readonly failure: () => ApiError | undefined;
}

/** How one try ended: with an answer, or with a failure that a retry may mend. */
type Tried = { readonly json: unknown } | { readonly failure: ApiError; readonly waitMs: number | undefined };

export function createApi(access: ApiAccess, options: Options): CountingApi {
  const { signal, lastCall, onRequest, onWait, budget = Number.POSITIVE_INFINITY } = options;
  const { firstWaitMs = FIRST_WAIT_MS, longestWaitMs = LONGEST_WAIT_MS, isOverAfterFailure = false } = options;
  const pace = createPace(options.perSecond);
  let requests = 0;
  let expected = 0;
  let lastFailure: ApiError | undefined;

  const tryOnce = async (path: string, query: Query): Promise<Tried> => {
    await pace(1, signal);
    signal.throwIfAborted();
    if (requests >= budget)
      throw new ApiError(`${path} was not asked for: the budget of ${budget} requests is used up`);
    if (lastCall?.aborted) throw new ApiError(`${path} was not asked for: no time is left`);
    requests += 1;
    try {
      return await read(access, path, query, signal);
    } finally {
      onRequest?.(requests, expected);
    }
  };

  const get = async (path: string, query: Query = {}): Promise<unknown> => {
    if (lastFailure && isOverAfterFailure) throw lastFailure;
    try {
      return await getWithRetries(path, query);
    } catch (error) {
      if (error instanceof ApiError && isTemporary(error)) lastFailure = error;
      throw error;
    }
  };

  const getWithRetries = async (path: string, query: Query): Promise<unknown> => {
    for (let tries = 1; ; tries++) {
      const tried = await tryOnce(path, query);
      if ('json' in tried) return tried.json;
      const { failure, waitMs = backOff(firstWaitMs, tries) } = tried;
      if (waitMs > longestWaitMs) {
        const seconds = Math.ceil(waitMs / 1_000);
        const message = `${failure.message}: it asks to wait for ${seconds} s. Try again then.`;
        throw new ApiError(message, failure.status, waitMs);
      }
      if (tries === TRIES) throw new ApiError(`${failure.message} (in ${TRIES} tries)`, failure.status, tried.waitMs);
      onWait?.(failure, waitMs);
      // A little later than asked for, so that several users of a limit do not come back at once.
      await sleep(waitMs * (1 + Math.random() / 10), undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  };

  const expect = (more: number): void => {
    expected += more;
  };
  return {
    get,
    expect,
    requests: () => requests,
    isSpent: () => requests >= budget || lastCall?.aborted === true,
    failure: () => lastFailure,
  };
}

const isTemporary = ({ status = 500 }: ApiError): boolean => status === TOO_MANY_REQUESTS || status >= 500;

const backOff = (firstWaitMs: number, tries: number): number =>
  firstWaitMs * 2 ** (tries - 1) * (0.5 + Math.random() / 2);

/**
 * Sends one request. No redirect is followed, because it would take the key to another host.
 *
 * @throws ApiError for a failure that no retry mends; the signal's reason, once it is aborted
 */
async function read(
  { url, headers, remedy }: ApiAccess,
  path: string,
  query: Query,
  signal: AbortSignal,
): Promise<Tried> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const init = { headers: { accept: 'application/json', ...headers }, redirect: 'manual', signal: within } as const;
  let response: Response;
  let text: string;
  try {
    response = await fetch(urlOf(url, path, query), init);
    text = await response.text();
  } catch (error) {
    signal.throwIfAborted();
    const why = within.aborted ? `no answer within ${TIMEOUT_MS / 1_000} s` : reasonOf(error, headers);
    return { failure: new ApiError(`${path}: ${why}`), waitMs: undefined };
  }
  const { status } = response;
  const failure = new ApiError(`${path} was answered ${status}`, status);
  if (status === TOO_MANY_REQUESTS || status >= 500) return { failure, waitMs: askedWaitMs(response.headers) };
  if (REFUSED_KEY.includes(status)) throw new ApiError(`${failure.message}. ${remedy}`, status);
  if (status !== 200) throw failure;
  try {
    return { json: JSON.parse(text) };
  } catch {
    // The parser's own message would quote the answer, which may hold links.
    return { failure: new ApiError(`${path}: the answer is no JSON, or was cut off`), waitMs: undefined };
  }
}

/** Why there was no answer. An error of `fetch` may quote a header that it cannot send. */
function reasonOf(error: unknown, headers: ApiAccess['headers']): string {
  const text = withCause(error);
  return Object.values(headers).some((value) => text.includes(value)) ? 'the key cannot be sent' : text;
}

function urlOf(root: string, path: string, query: Query): URL {
  const url = new URL(root.replace(/\/$/, '') + path);
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined) url.searchParams.append(name, String(one));
    }
  }
  return url;
}

/** The wait that an answer asks for: `Retry-After` is in seconds, or a date. */
function askedWaitMs(headers: Headers): number | undefined {
  const asked = headers.get('retry-after')?.trim();
  if (!asked) return undefined;
  const waitMs = /^\d+$/.test(asked) ? Number(asked) * 1_000 : Date.parse(asked) - Date.now();
  return Number.isFinite(waitMs) ? Math.max(0, waitMs) : undefined;
}
