/** Finds log lines by the ids in them, in every log group of a deployment. */
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { LoggedBy } from '../../../lib/monitoring/queries';
import type { ClientConfig, Deployment } from '../../deployment';
import { logGroupsOf, quoted } from '../../insights';

/** A line, and where it was found. Times are in milliseconds since the epoch. */
export interface LogLine {
  readonly logGroup: string;
  /** The same for no other line. */
  readonly id: string;
  readonly timestamp: number;
  /** When CloudWatch received it. */
  readonly ingestionTime: number;
  readonly message: string;
}

/** FilterLogEvents accepts no longer pattern. */
const MAX_PATTERN_LENGTH = 1_024;

/** The smallest number of patterns that together match every line with one of these texts. */
export function filterPatternsOf(texts: readonly string[]): string[] {
  const patterns: string[] = [];
  for (const text of texts) {
    const term = `?${quoted(text)}`;
    const last = patterns.at(-1);
    if (last === undefined || last.length + 1 + term.length > MAX_PATTERN_LENGTH) patterns.push(term);
    else patterns[patterns.length - 1] = `${last} ${term}`;
  }
  return patterns;
}

/** A search in some log groups, from a time on. */
export class LogSearch {
  readonly #client: CloudWatchLogsClient;

  constructor(
    config: ClientConfig,
    private readonly logGroups: readonly string[],
    private readonly startTime: number,
  ) {
    // An account has a rate limit of a few such calls per second, and every log group needs some: they run one after
    // the other.
    this.#client = new CloudWatchLogsClient({ ...config, maxAttempts: 10 });
  }

  /** Every line that contains one of these texts. */
  async linesWith(texts: readonly string[]): Promise<LogLine[]> {
    const patterns = filterPatternsOf(texts);
    const searches = this.logGroups.flatMap((logGroup) => patterns.map((pattern) => this.#linesIn(logGroup, pattern)));
    return (await Promise.all(searches)).flat();
  }

  /** The region from the environment or the profile. */
  region(): Promise<string> {
    return this.#client.config.region();
  }

  close(): void {
    this.#client.destroy();
  }

  async #linesIn(logGroup: string, filterPattern: string): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    const input = { logGroupName: logGroup, startTime: this.startTime, filterPattern };
    for await (const { events = [] } of paginateFilterLogEvents({ client: this.#client }, input)) {
      for (const { eventId = '', timestamp = 0, ingestionTime = timestamp, message = '' } of events) {
        lines.push({ logGroup, id: eventId, timestamp, ingestionTime, message });
      }
    }
    return lines;
  }
}

/** Lets work search log groups from a time on, in milliseconds since 1970, and closes the search after it. */
export async function withLogSearch<T>(
  deployment: Deployment,
  logGroups: LoggedBy | readonly string[],
  startTime: number,
  work: (search: LogSearch) => Promise<T>,
): Promise<T> {
  const groups = typeof logGroups === 'string' ? logGroupsOf(deployment, logGroups) : logGroups;
  const search = new LogSearch(deployment.clientConfig, groups, startTime);
  try {
    return await work(search);
  } finally {
    search.close();
  }
}
