/** Log groups in memory: of each, the last lines. */
import { AwsError } from '../service';

/** A line of a log group. Times are in milliseconds since the epoch. */
export interface LogEvent {
  /** Counts up over all groups, so that it tells which came first. */
  readonly sequence: number;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly logStreamName: string;
  readonly message: string;
}

/** A log group, as long as its lines are few enough. */
export interface LogGroup {
  readonly name: string;
  readonly createdAt: number;
  readonly retentionInDays: number | undefined;
  readonly events: readonly LogEvent[];
  /** Characters of all lines together. */
  readonly size: number;
}

/** What a group may hold; beyond, its oldest lines go. AWS keeps all until they are too old. */
export const MAX_LINES = 2_000;
export const MAX_CHARACTERS = 512 * 1024;

/** Old lines go so many at a time: taking away one by one would move all others each time. */
const CUT = 0.1;

class Group implements LogGroup {
  readonly events: LogEvent[] = [];
  size = 0;

  constructor(
    readonly name: string,
    readonly createdAt: number,
    readonly retentionInDays: number | undefined,
  ) {}

  add(event: LogEvent): void {
    this.events.push(event);
    this.size += event.message.length;
    while (this.events.length > MAX_LINES || this.size > MAX_CHARACTERS) {
      const gone = this.events.splice(0, Math.max(1, Math.floor(this.events.length * CUT)));
      for (const { message } of gone) this.size -= message.length;
    }
  }
}

/** Every log group of the local cloud. */
export class LogGroups {
  readonly #groups = new Map<string, Group>();
  #sequence = 0;

  /** @param now the clock, in milliseconds since the epoch */
  constructor(readonly now: () => number = Date.now) {}

  /** Creates a group where there is none of that name. */
  create(name: string, retentionInDays?: number): void {
    if (!this.#groups.has(name)) this.#groups.set(name, new Group(name, this.now(), retentionInDays));
  }

  /** Adds a line. A log group that does not exist is created, as Lambda does for its functions. */
  put(groupName: string, logStreamName: string, message: string, timestamp = this.now()): void {
    this.create(groupName);
    this.#sequence += 1;
    const event = { sequence: this.#sequence, timestamp, ingestionTime: this.now(), logStreamName, message };
    this.#groups.get(groupName)?.add(event);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string): LogGroup {
    const group = this.#groups.get(name);
    if (group) return group;
    throw new AwsError(
      'ResourceNotFoundException',
      `There is no log group ${name}. DescribeLogGroups shows those that there are.`,
    );
  }

  /** Ordered by name. */
  list(): LogGroup[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** Name of a group that is given by its name or its ARN. */
export const logGroupNameOf = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? (nameOrArn.split(':')[6] ?? '') : nameOrArn;
