/** Finds log lines by the ids in them, in every log group of a deployment. */
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import type { ClientConfig } from '../../deployment';

/** A line, and where it was found. Times are in milliseconds since the epoch. */
export interface LogLine {
  readonly logGroup: string;
  /** The same for no other line. */
  readonly id: string;
  readonly timestamp: number;
  /** When CloudWatch got it. */
  readonly ingestionTime: number;
  readonly message: string;
}

/** A search in some log groups, from a time on. */
export class LogSearch {
  readonly #client: CloudWatchLogsClient;

  constructor(
    config: ClientConfig,
    private readonly logGroups: readonly string[],
    private readonly startTime: number,
  ) {
    this.#client = new CloudWatchLogsClient(config);
  }

  /** Every line that holds one of these texts. */
  async linesWith(texts: readonly string[]): Promise<LogLine[]> {
    const filterPattern = texts.map((text) => `?"${text.replace(/["\\]/g, '\\$&')}"`).join(' ');
    const found = await Promise.all(this.logGroups.map((logGroup) => this.#linesIn(logGroup, filterPattern)));
    return found.flat();
  }

  /** Where the region is set outside of this program: in the environment, or the profile. */
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
