/**
 * Asks the API of a provider about what is overdue, and sends what is missing to the queues. docs/adr/0018-repair.md
 * explains the decision and its limits.
 */
import { randomUUID } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type ApiAccess, ApiError, type BackfillWindow, isApiError, isTrouble } from '../../providers/backfill';
import { toJson } from '../../providers/kit/json';
import { isNotConfigured } from '../../providers/kit/stale-if-error-cache';
import type { QueueMessage } from '../ingest/queues';
import type { Source } from '../platform/bundled-providers';
import { describeError, logger } from '../platform/logger';
import { count, METRIC, record } from '../platform/metrics';
import { type AddDue, createAddDue, type Due } from '../publish/due';
import { type CountingApi, createApi } from '../reconcile/api';
import { Notes } from '../reconcile/notes';
import { type Found, findingOf, isKnown } from '../reconcile/plan';
import { readEvents, reconciledMessageOf } from '../reconcile/read';
import { deleteItems, endKeysOf, type Passed, readPassed } from './overdue';
import { type RepairState, readState, writeState } from './state';

/** What a run may do, and with what. */
export interface RepairOptions {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly sendToQueue: (message: QueueMessage) => Promise<void>;
  /** The secret with the key of the provider's API. @throws NotConfiguredError if there is none */
  readonly readKey: (provider: string) => Promise<unknown>;
  /** Root of the deployment's HTTP API. */
  readonly apiUrl: string;
  readonly requestsPerRun: number;
  /** @default the first wait of an API call */
  readonly firstWaitMs?: number;
  /** @default the rate of the provider */
  readonly perSecond?: number;
}

/** When a run has to end. */
export interface RunTimes {
  /** Ends requests that are under way; the run fails. */
  readonly signal: AbortSignal;
  /** No request begins after it; the run ends as if its budget were used up. */
  readonly lastCall: AbortSignal;
}

/** Runs whose requests a day allows. */
const RUNS_A_DAY = 20;

/** Times that the API is asked about one thing. */
export const MOST_TRIES = 6;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What happened later may still come by itself. */
const SETTLED_MS = 2 * MINUTE_MS;

/** When the next run may ask about what the budget did not allow. */
const SOON_MS = 10 * MINUTE_MS;

/** Events can be older than what a subject begins with. */
const BEFORE_MS = 10 * MINUTE_MS;

/** An answer may ask for a longer wait, even for years; the API is asked again after a day. */
const LONGEST_PAUSE_MS = 24 * HOUR_MS;

/** Since its beginning. A subject that no budget suffices for is given up then. */
const LONGEST_OVERDUE_MS = 8 * 24 * HOUR_MS;

/** How far back the sender's troubles are looked for. */
const INSPECTED_MS = 24 * HOUR_MS;

/** A run does not wait for longer within its time. */
const LONGEST_WAIT_MS = 20_000;

/** Makes the function that repairs one provider. @throws Error if the table or a queue does not respond */
export function createRepair(options: RepairOptions) {
  const { client, tableName } = options;
  const notes = new Notes(client, tableName);

  /**
   * @param now milliseconds since 1970
   * @param times ends requests; and, before that, `lastCall`, after which none begins
   */
  return async (source: Source, now: number, times: RunTimes): Promise<void> => {
    const { name: provider } = source;
    let state = await readState(notes, provider, now);
    const begun = performance.now();
    let api: CountingApi | undefined;
    let failure: unknown;
    try {
      const access = source.backfill.access(textsIn(await options.readKey(provider)));
      api = apiOf(access, source, state, options, now, times);
      const run = new Run(source, api, options, notes, now);
      state = { ...state, slot: await run.repair(state.slot) };
      if (now >= state.inspectedAt + HOUR_MS) {
        state = { ...state, troubles: await run.inspect(), inspectedAt: now };
      }
      failure = api.failure();
    } catch (error) {
      if (!isOfProvider(error)) throw error;
      failure = error;
    } finally {
      const pauseMs = Math.min(api?.failure()?.retryAfterMs ?? 0, LONGEST_PAUSE_MS);
      // The answer came later than the run began.
      const pausedUntil = Math.max(state.pausedUntil, Math.ceil(now + performance.now() - begun + pauseMs));
      const requests = state.requests + (api?.requests() ?? 0);
      await writeState(client, tableName, provider, { ...state, requests, pausedUntil });
    }
    if (failure !== undefined) logger.error('repair_failed', { provider, error: describeError(failure) });
    record(
      { [METRIC.repairFailed]: failure === undefined ? 0 : 1, [METRIC.senderTrouble]: state.troubles },
      { provider },
    );
  };
}

/** The texts of a secret. Any other value counts as missing, and the provider's error names it. */
const textsIn = (secret: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(Object(secret)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );

/** No key, or an API that does not work, concerns one provider; anything else is a failure of the function. */
const isOfProvider = (error: unknown): boolean => isApiError(error) || isNotConfigured(error);

/** The API, with what is left of the budget. @throws ApiError while it is not to be asked */
function apiOf(
  access: ApiAccess,
  { backfill }: Source,
  { pausedUntil, requests }: RepairState,
  { requestsPerRun, firstWaitMs, perSecond = backfill.perSecond }: RepairOptions,
  now: number,
  { signal, lastCall }: RunTimes,
): CountingApi {
  if (now < pausedUntil) throw new ApiError(`The API asks to wait until ${new Date(pausedUntil).toISOString()}`);
  const budget = Math.min(requestsPerRun, requestsPerRun * RUNS_A_DAY - requests);
  if (budget <= 0) throw new ApiError(`The ${requests} requests of this day are used up`);
  return createApi(access, {
    ...{ perSecond, signal, lastCall, budget, isOverAfterFailure: true, longestWaitMs: LONGEST_WAIT_MS },
    ...(firstWaitMs !== undefined && { firstWaitMs }),
  });
}

/** One run for one provider. */
class Run {
  readonly #correlationId = `repair-${randomUUID()}`;
  readonly #addDue: AddDue;

  constructor(
    private readonly source: Source,
    private readonly api: CountingApi,
    private readonly options: RepairOptions,
    private readonly notes: Notes,
    private readonly now: number,
  ) {
    this.#addDue = createAddDue(options.client, options.tableName);
  }

  /** Looks whether the provider still sends. Returns how much is wrong. */
  async inspect(): Promise<number> {
    const { name: provider, backfill } = this.source;
    if (!backfill.inspect) return 0;
    const window = await this.#windowFrom(this.now - INSPECTED_MS);
    const found: Found[] = [];
    let troubles = 0;
    for await (const said of backfill.inspect(this.api, { ...window, apiUrl: this.options.apiUrl })) {
      if (isTrouble(said)) {
        troubles += 1;
        logger.error('sender_trouble', { provider, trouble: said.trouble });
        continue;
      }
      const event = findingOf(this.source, said, window);
      if (typeof event === 'object') found.push(event);
    }
    await this.#sendMissing(found);
    return troubles;
  }

  /** Handles the slots that have passed since `last`. Returns the last one of them. */
  async repair(last: number): Promise<number> {
    const { name: provider } = this.source;
    const passed = await readPassed(this.notes, provider, last, this.now);
    if (passed.overdue.length > 0) await this.#ask(passed);
    // Last, because a run that ends before does everything again.
    await deleteItems(this.options.client, this.options.tableName, passed.keys);
    return passed.slot;
  }

  async #ask({ overdue }: Passed): Promise<void> {
    const { name: provider } = this.source;
    const subjects = [...new Set(overdue.map(({ subject }) => subject))];
    const oldest = Math.min(...overdue.map(({ begunAt }) => begunAt));
    const { found } = await readEvents(this.source, this.api, {
      ...(await this.#windowFrom(oldest - BEFORE_MS)),
      subjects,
    });
    const foundKeys = new Set(found.map(({ noteKey }) => noteKey));
    const hasEnded = (due: Due) => endKeysOf(provider, due).some((key) => foundKeys.has(key));
    const ended = new Set(overdue.filter(hasEnded).map(({ subject }) => subject));
    // What is going on still is not overdue: nothing of it needs to be missing.
    const recovered = await this.#sendMissing(found.filter(({ about }) => about.some((one) => ended.has(one))));
    if (recovered > 0) record({ [METRIC.recovered]: recovered }, { provider });
    const open = overdue.filter((due) => !hasEnded(due));
    for (const due of open) await this.#askAgain(due);
    const counts = { overdue: overdue.length, open: open.length, recovered, requests: this.api.requests() };
    logger.info('repair', { provider, ...counts });
  }

  /** Asks later, with growing distance. What the budget did not allow was not asked. */
  async #askAgain(due: Due): Promise<void> {
    const { name: provider } = this.source;
    if (this.api.isSpent() && this.now < due.begunAt + LONGEST_OVERDUE_MS) {
      await this.#addDue(provider, due, this.now + SOON_MS);
      return;
    }
    const tries = due.tries + 1;
    if (tries < MOST_TRIES && !this.api.isSpent()) {
      await this.#addDue(provider, { ...due, tries }, this.now + HOUR_MS * 2 ** (tries - 1));
      return;
    }
    count(METRIC.repairGivenUp, { provider });
    const error = this.api.failure();
    logger.error('repair_given_up', {
      ...{ provider, subject: due.subject, tries, begunAt: new Date(due.begunAt).toISOString() },
      error: error && describeError(error),
    });
  }

  /** The window from a time on, without what may have been published before there were notes. */
  async #windowFrom(from: number): Promise<BackfillWindow> {
    const to = this.now - SETTLED_MS;
    const since = (await this.notes.since(this.source.name)) ?? to;
    return { from: Math.min(Math.max(from, since), to), to };
  }

  /** Sends what no consumer has noted. Returns how much that is. */
  async #sendMissing(found: readonly Found[]): Promise<number> {
    const { name: provider } = this.source;
    const known = await this.notes.read(found.map(({ noteKey }) => noteKey));
    const missing = found.filter((one) => !isKnown(one, known));
    for (const event of missing) {
      const message = reconciledMessageOf(provider, event, this.#correlationId);
      const text = toJson({ ...message, body: { base64: event.body.toString('base64') } });
      await this.options.sendToQueue({ family: event.family, text, groupId: event.groupId });
      const { eventId, subject, type, providerEvent } = event;
      logger.info('recovered', { provider, eventId, subject, type, providerEvent });
    }
    return missing.length;
  }
}
