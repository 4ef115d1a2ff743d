/**
 * Recovers events whose webhooks never arrived. A provider reads what its API still reports, and returns it as bodies of
 * its webhooks; `npx meetbus backfill` and the function `repair` do the rest. The module runs in Lambda too, so it imports
 * what a runtime may import.
 */

/** The events of a time window. Times in milliseconds since 1970; `from` is inclusive, `to` is not. */
export interface BackfillWindow {
  readonly from: number;
  readonly to: number;
  /** Only what is about these subjects, such as `bot/<id>`. @default everything */
  readonly subjects?: readonly string[] | undefined;
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

  /**
   * @param status of the answer; undefined if there was none, or one that cannot be read
   * @param retryAfterMs the wait that the answer asked for, in milliseconds
   */
  constructor(
    message: string,
    readonly status?: number,
    readonly retryAfterMs?: number,
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
  /** Members that {@link access} reads: names of environment variables, and of members of the secret for `repair`. */
  readonly variables: readonly string[];
  /**
   * How the API is reached, with a key from the environment, or from a secret with the same names.
   *
   * @throws NotConfiguredError that names what is missing or wrong, and never quotes a value
   */
  access(environment: Readonly<Record<string, string | undefined>>): ApiAccess;
  /**
   * Reads the API. It does not know what Meetbus has published. For a single subject it asks for that one; for several it asks
   * for lists, never for one after the other where a list has them all.
   *
   * @throws ApiError if the key is refused; any other failure is a gap
   */
  read(api: Api, window: BackfillWindow): AsyncIterable<ApiEvent | Gap>;
  /**
   * Looks whether the provider still sends, with one request or a few: `repair` calls it once an hour. It returns what is wrong
   * with the sender, and events that say the same.
   *
   * @default nothing is looked at
   */
  inspect?(api: Api, target: InspectionTarget): AsyncIterable<ApiEvent | Trouble>;
}

/** The deployment to which a provider should send. */
export interface InspectionTarget extends Omit<BackfillWindow, 'subjects'> {
  /** Root of the deployment's HTTP API. */
  readonly apiUrl: string;
}

/** Why deliveries do not come: the provider sends none. */
export interface Trouble {
  /** A sentence that holds no secret. */
  readonly trouble: string;
}

export const isTrouble = (said: object): said is Trouble => Object.hasOwn(said, 'trouble');

/** By name: the module of a provider is compiled apart from the function that calls it, so each has a class of its own. */
export const isApiError = (error: unknown): error is ApiError => error instanceof Error && error.name === 'ApiError';

/** Statuses of an answer that refuses the key. */
export const REFUSED_KEY: readonly (number | undefined)[] = [401, 403];

/** The events of a list. If reading it fails, the rest of it is a gap, and other lists are still read. */
export async function* orGap(what: string, list: AsyncIterable<ApiEvent | Gap>): AsyncGenerator<ApiEvent | Gap> {
  try {
    yield* list;
  } catch (error) {
    if (!isApiError(error) || error.status === 401) throw error;
    yield { gap: `${what}: not read to the end. ${error.message}`, isIncomplete: true };
  }
}
