/** The CloudWatch Logs API of the local cloud: reading what was logged. */
import { AwsError, type AwsService } from '../service';
import { localArn } from '../template/resource-types';
import type { ResolvedStack } from '../template/stack';
import { compileFilterPattern } from './filter-pattern';
import { queryOperations } from './insights/queries-service';
import { type LogEvent, type LogGroup, type LogGroups, logGroupNameOf } from './log-groups';

interface FilterInput {
  readonly logGroupName?: string;
  readonly logGroupIdentifier?: string;
  readonly logStreamNames?: readonly string[];
  readonly logStreamNamePrefix?: string;
  /** Milliseconds since the epoch, both included. */
  readonly startTime?: number;
  readonly endTime?: number;
  readonly filterPattern?: string;
  readonly limit?: number;
  readonly nextToken?: string;
}

interface DescribeInput {
  readonly logGroupNamePrefix?: string;
  readonly logGroupNamePattern?: string;
  readonly limit?: number;
  readonly nextToken?: string;
}

/** Most items of one answer, as on AWS. */
const EVENTS_PAGE = 10_000;
const GROUPS_PAGE = 50;

/** Serves FilterLogEvents, DescribeLogGroups, and queries of Logs Insights; the saved ones are those of the stack. */
export function createLogsService(groups: LogGroups, stack?: ResolvedStack): AwsService {
  return {
    targetPrefix: 'Logs_20140328',
    client: () => import('@aws-sdk/client-cloudwatch-logs'),
    missing: 'InvalidParameterException',
    operations: {
      FilterLogEvents: (input: FilterInput) => filterLogEvents(groups, input),
      DescribeLogGroups: (input: DescribeInput) => describeLogGroups(groups, input),
      ...queryOperations(groups, stack),
    },
  };
}

function filterLogEvents(groups: LogGroups, input: FilterInput): object {
  const { logGroupName, logGroupIdentifier, startTime = 0, endTime = Number.POSITIVE_INFINITY } = input;
  const nameOrArn = logGroupName ?? logGroupIdentifier;
  if (nameOrArn === undefined) {
    throw new AwsError('InvalidParameterException', 'FilterLogEvents takes a logGroupName or a logGroupIdentifier.');
  }
  const matches = compileFilterPattern(input.filterPattern ?? '');
  const isInStream = (stream: string) =>
    stream.startsWith(input.logStreamNamePrefix ?? '') && (input.logStreamNames?.includes(stream) ?? true);
  const found = groups
    .get(logGroupNameOf(nameOrArn))
    .events.filter(
      ({ timestamp, logStreamName, message }) =>
        timestamp >= startTime && timestamp <= endTime && isInStream(logStreamName) && matches(message),
    )
    .sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
  // Lines may come while somebody reads: the token is the place of the last line read, not a number of lines.
  const rest = input.nextToken === undefined ? found : found.filter((event) => tokenOf(event) > input.nextToken!);
  const page = rest.slice(0, input.limit ?? EVENTS_PAGE);
  const last = page.at(-1);
  return {
    events: page.map(eventItem),
    searchedLogStreams: [],
    ...(last && page.length < rest.length && { nextToken: tokenOf(last) }),
  };
}

/** Ordered as lines are. */
const tokenOf = ({ timestamp, sequence }: LogEvent): string =>
  `${String(timestamp).padStart(16, '0')}-${String(sequence).padStart(16, '0')}`;

const eventItem = ({ sequence, timestamp, ingestionTime, logStreamName, message }: LogEvent): object => ({
  eventId: String(sequence).padStart(56, '0'),
  timestamp,
  ingestionTime,
  logStreamName,
  message,
});

function describeLogGroups(groups: LogGroups, input: DescribeInput): object {
  const { logGroupNamePrefix = '', logGroupNamePattern = '', nextToken = '' } = input;
  const found = groups
    .list()
    .filter(
      ({ name }) => name.startsWith(logGroupNamePrefix) && name.includes(logGroupNamePattern) && name > nextToken,
    );
  const page = found.slice(0, input.limit ?? GROUPS_PAGE);
  return { logGroups: page.map(groupItem), ...(page.length < found.length && { nextToken: page.at(-1)?.name }) };
}

const groupItem = ({ name, createdAt, retentionInDays, size }: LogGroup): object => ({
  logGroupName: name,
  arn: localArn('logs', `log-group:${name}:*`),
  logGroupArn: localArn('logs', `log-group:${name}`),
  creationTime: createdAt,
  storedBytes: size,
  metricFilterCount: 0,
  ...(retentionInDays !== undefined && { retentionInDays }),
});
