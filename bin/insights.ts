/** Queries the logs of a deployment with CloudWatch Logs Insights. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type ResultField,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { LOG_GROUPS_OUTPUT, type LoggedBy, queryStringOf, type SavedQuery } from '../lib/monitoring/queries';
import { type Deployment, outputOf } from './deployment';

/** Names of the log groups of some parts of a deployment. */
export const logGroupsOf = (deployment: Deployment, by: LoggedBy): readonly string[] =>
  outputOf(deployment, LOG_GROUPS_OUTPUT[by]).split(',');

/** A query, and the log groups that it searches. */
export type Question = Pick<SavedQuery, 'of' | 'commands'>;

/** Start and end of the search, in milliseconds since 1970. Insights uses whole seconds, both inclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
}

/** A row of a result: fields by name. Fields without a value are absent. */
export type ResultRow = Readonly<Record<string, string>>;

/** The first poll is soon, because most queries finish within a second; then the interval grows, which saves calls. */
const FIRST_POLL_MS = 100;
const LONGEST_POLL_MS = 2_000;

/** A query that was cancelled: nobody needs its result. */
class Interrupted extends Error {
  override readonly message = 'The query was stopped.';
}

/** Queries the logs of a deployment. */
export class Insights {
  readonly #client: CloudWatchLogsClient;

  constructor(private readonly deployment: Deployment) {
    // An account runs a limited number of queries at a time: they wait for their turn.
    this.#client = new CloudWatchLogsClient({ ...deployment.clientConfig, maxAttempts: 10 });
  }

  /**
   * Runs the query, and waits for the result. The signal stops the query, because it costs money while it runs.
   *
   * @throws Error if CloudWatch cannot run the query, or it was stopped
   */
  async ask({ of, commands }: Question, { from, to }: Window, signal: AbortSignal): Promise<ResultRow[]> {
    const { queryId } = await this.#client.send(
      new StartQueryCommand({
        logGroupNames: [...logGroupsOf(this.deployment, of)],
        startTime: Math.floor(from / 1_000),
        endTime: Math.ceil(to / 1_000),
        queryString: queryStringOf(commands),
      }),
    );
    for (let pause = FIRST_POLL_MS; ; pause = Math.min(1.5 * pause, LONGEST_POLL_MS)) {
      await sleep(pause, undefined, { signal }).catch(() => {});
      if (signal.aborted) {
        await this.#stop(queryId);
        throw new Interrupted();
      }
      const { status, results = [] } = await this.#client.send(new GetQueryResultsCommand({ queryId }));
      if (status === 'Complete') return results.map(rowOf);
      if (status !== 'Running' && status !== 'Scheduled') {
        throw new Error(`The query ended as ${status}. Ask for a shorter time, or try again.`);
      }
    }
  }

  close(): void {
    this.#client.destroy();
  }

  /** It may have ended meanwhile, which is fine. */
  async #stop(queryId: string | undefined): Promise<void> {
    await this.#client.send(new StopQueryCommand({ queryId })).catch(() => {});
  }
}

/** Whether a command was interrupted during a query. */
export const isInterrupted = (error: unknown): boolean => error instanceof Interrupted;

/** A row without the pointer to its line. */
const rowOf = (fields: readonly ResultField[]): ResultRow =>
  Object.fromEntries(
    fields.filter(({ field }) => field !== '@ptr').map(({ field = '', value = '' }) => [field, value]),
  );

/** A string in quotes, for queries and filter patterns. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const TIME = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3})$/;

/** Names of time fields, including that of the newest time in queries, which is in milliseconds. */
const TIME_FIELDS: readonly string[] = ['@timestamp', '@ingestionTime', 'latest'];

/** A value as people and machines read it: times in ISO 8601. */
export function readable(field: string, value: string): string {
  if (!TIME_FIELDS.includes(field)) return value;
  const [, date, time] = TIME.exec(value) ?? [];
  if (date !== undefined) return `${date}T${time}Z`;
  return Number.isFinite(Number(value)) ? new Date(Number(value)).toISOString() : value;
}

/** A row with its times in ISO 8601. */
export const readableRow = (row: ResultRow): ResultRow =>
  Object.fromEntries(Object.entries(row).map(([field, value]) => [field, readable(field, value)]));
