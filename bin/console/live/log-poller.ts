/** Reads new lines of log groups again and again with FilterLogEvents, which costs nothing on AWS but has a quota. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LogLine } from '../../commands/trace/log-search';
import type { ClientConfig } from '../../deployment';

/** How often the logs are read. Times are in milliseconds. */
export interface Pace {
  /** How far back the first look goes. */
  readonly lookBackMs: number;
  /** Between two calls. */
  readonly callMs: number;
  /** Between two looks at all groups. */
  readonly roundMs: number;
  /** How late a line may arrive, measured by its own time. The log of requests has the time when a request began. */
  readonly lateMs: { readonly requests: number; readonly others: number };
}

/** The local cloud has no quota, and keeps 2,000 lines of a group. */
export const LOCAL_PACE: Pace = {
  ...{ lookBackMs: 3_600_000, callMs: 0, roundMs: 300 },
  lateMs: { requests: 35_000, others: 3_000 },
};

/**
 * AWS allows an account five calls of FilterLogEvents per second in a region, and cannot raise that: half of it is left to
 * others. Lines take some seconds to arrive.
 */
export const AWS_PACE: Pace = {
  ...{ lookBackMs: 600_000, callMs: 400, roundMs: 1_000 },
  lateMs: { requests: 45_000, others: 20_000 },
};

/** Lines of one group that one look reads. What is left is read by the next one. */
const MAX_LINES = 10_000;

/** A look that ends this far behind the present gives up what lies between. */
const MAX_LAG_MS = 120_000;

/** The longest pause after failures. */
const MAX_PAUSE_MS = 60_000;

/** Lines that tell of a delivery, an event or a request; those with metrics are three times as many. */
const FILTER_PATTERN = '?correlationId ?correlationid ?extendedRequestId ?messageId';

/** Settings of a {@link LogPoller}. */
export interface LogPollerOptions {
  readonly config: ClientConfig;
  readonly logGroups: readonly string[];
  /** Those of them that hold the log of requests. */
  readonly requestLogGroups: readonly string[];
  readonly pace: Pace;
  readonly onLines: (lines: readonly LogLine[]) => void;
  /** Called after each look at all groups, and after each failure. */
  readonly onRound: (round: Round) => void;
}

/** A look at all groups. */
export interface Round {
  readonly tookMs: number;
  readonly error?: unknown;
  /** Lines were given up because too many came. */
  readonly leavesOut: boolean;
}

/** Where the reading of a group stands. */
interface Place {
  readonly startTime: number;
  /** Lines from `startTime` on that were read already. */
  readonly known: ReadonlySet<string>;
}

/** Reads groups while its {@link LogPoller.run} runs. Each line comes once. */
export class LogPoller {
  readonly #places = new Map<string, Place>();
  readonly #client: CloudWatchLogsClient;
  #leavesOut = false;

  constructor(private readonly options: LogPollerOptions) {
    this.#client = new CloudWatchLogsClient(options.config);
  }

  /** Reads until the signal; may be called again after that, and goes on where it was. Failures are tried again, ever later. */
  async run(signal: AbortSignal): Promise<void> {
    const { pace, onRound } = this.options;
    let pauseMs = pace.roundMs;
    while (!signal.aborted) {
      const started = Date.now();
      this.#leavesOut = false;
      try {
        await this.#readAll(signal);
        pauseMs = pace.roundMs;
        onRound({ tookMs: Date.now() - started, leavesOut: this.#leavesOut });
      } catch (error) {
        if (signal.aborted) return;
        pauseMs = Math.min(2 * Math.max(pauseMs, 1_000), MAX_PAUSE_MS);
        onRound({ tookMs: Date.now() - started, leavesOut: false, error });
      }
      await pause(pauseMs, signal);
    }
  }

  close(): void {
    this.#client.destroy();
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const { logGroups, pace } = this.options;
    if (pace.callMs === 0) {
      await Promise.all(logGroups.map((group) => this.#readGroup(group, signal)));
      return;
    }
    for (const group of logGroups) await this.#readGroup(group, signal);
  }

  async #readGroup(logGroupName: string, signal: AbortSignal): Promise<void> {
    const { pace, requestLogGroups, onLines } = this.options;
    const lateMs = requestLogGroups.includes(logGroupName) ? pace.lateMs.requests : pace.lateMs.others;
    const { startTime, known } = this.#placeOf(logGroupName);
    const input = { logGroupName, startTime, filterPattern: FILTER_PATTERN };
    const now = Date.now();
    const read = new Map<string, number>();
    let isWhole = true;
    for await (const page of paginateFilterLogEvents({ client: this.#client }, input, { abortSignal: signal })) {
      const events = page.events ?? [];
      const lines = events.map(({ eventId = '', timestamp = 0, ingestionTime = timestamp, message = '' }): LogLine => {
        read.set(eventId, timestamp);
        return { logGroup: logGroupName, id: eventId, timestamp, ingestionTime, message };
      });
      onLines(lines.filter(({ id }) => !known.has(id)));
      await pause(pace.callMs, signal);
      isWhole = read.size < MAX_LINES;
      if (!isWhole) break;
    }
    const reached = isWhole ? now : Math.max(startTime, ...read.values());
    const lags = now - reached > MAX_LAG_MS;
    this.#leavesOut ||= lags && startTime > now - pace.lookBackMs;
    const next = lags || isWhole ? Math.max(startTime, now - lateMs) : reached;
    const stillKnown = [...read].filter(([, timestamp]) => timestamp >= next).map(([id]) => id);
    this.#places.set(logGroupName, { startTime: next, known: new Set(stillKnown) });
  }

  /** After a long pause nobody wants all that came meanwhile. */
  #placeOf(logGroup: string): Place {
    const place = this.#places.get(logGroup);
    const earliest = Date.now() - this.options.pace.lookBackMs;
    return place && place.startTime > earliest ? place : { startTime: earliest, known: new Set() };
  }
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  ms === 0 ? Promise.resolve() : sleep(ms, undefined, { signal }).catch(() => {});
