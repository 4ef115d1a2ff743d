/**
 * Recovers events whose webhooks never arrived. A provider reads what its API still reports, and returns it as bodies of
 * its webhooks; `npx meetbus backfill` does the rest.
 */

/** The events of a time window. Times in milliseconds since 1970; `from` is inclusive, `to` is not. */
export interface BackfillWindow {
  readonly from: number;
  readonly to: number;
  /** Only what is about this subject, such as `bot/<id>`. */
  readonly subject?: string | undefined;
}

/** What the API reports, in the form of a webhook. */
export interface ApiEvent {
  /** The provider event name. */
  readonly event: string;
  /** The body, without what a webhook does not have. It may come several times, and be outside of the window. */
  readonly body: object;
}

/** What the API does not report. The command counts equal gaps. */
export interface Gap {
  readonly gap: string;
  /** A list was not read to its end: running the command again may find more. */
  readonly isIncomplete?: true;
}

export const isGap = (said: object): said is Gap => typeof Reflect.get(said, 'gap') === 'string';

/** How a provider's API is reached. */
export interface ApiAccess {
  /** Its root, to which paths are added. */
  readonly url: string;
  /** Headers of each request. They hold the key, so they are never printed. */
  readonly headers: Readonly<Record<string, string>>;
  /** What to do if the API refuses the key: a sentence. */
  readonly remedy: string;
}

/** Values of a query. A list repeats its name; undefined leaves it out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** The API, with a rate limit and retries. */
export interface Api {
  /**
   * Gets JSON.
   *
   * @throws ApiError if the API gives no answer, or not the expected one, after retries
   */
  get(path: string, query?: Query): Promise<unknown>;
  /** Announces requests, for the progress bar. */
  expect(requests: number): void;
}

/** A request failed for good. The message holds no key, no query and nothing of the answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  /** @param status of the answer; undefined if there was none, or one that cannot be read */
  constructor(
    message: string,
    readonly status?: number,
  ) {
    super(message);
  }
}

/** How a provider recovers missed events from its API. */
export interface ProviderBackfill {
  /** Subjects that it can be limited to, such as `bot/<id>`. */
  readonly subjects: readonly string[];
  /** What its API never reports, one phrase each. */
  readonly lost: readonly string[];
  /** Requests per second. Other users of the account need some of its limit too. */
  readonly perSecond: number;
  /** @throws Error that names what the environment lacks */
  access(environment: Readonly<Record<string, string | undefined>>): ApiAccess;
  /**
   * Reads the API. It does not know what Meetbus has published.
   *
   * @throws ApiError if the key is refused; any other failure is a gap
   */
  read(api: Api, window: BackfillWindow): AsyncIterable<ApiEvent | Gap>;
}

/** Statuses of an answer that refuses the key. */
export const REFUSED_KEY: readonly (number | undefined)[] = [401, 403];

/** The events of a list. If reading it fails, the rest of it is a gap, and other lists are still read. */
export async function* orGap(what: string, list: AsyncIterable<ApiEvent | Gap>): AsyncGenerator<ApiEvent | Gap> {
  try {
    yield* list;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status === 401) throw error;
    yield { gap: `${what}: not read to the end. ${error.message}`, isIncomplete: true };
  }
}
