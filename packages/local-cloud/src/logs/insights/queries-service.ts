/** Logs Insights of the local cloud: starts queries, gives their results, and knows the saved ones of the template. */
import { randomUUID } from 'node:crypto';
import { AwsError, LOCAL_ACCOUNT, type Operation } from '../../service';
import { required } from '../../sqs/parameters';
import type { ResolvedStack } from '../../template/stack';
import { type LogGroups, logGroupNameOf } from '../log-groups';
import { compileQuery, type ResultField } from './query';
import { rowOf } from './rows';

interface StartQueryInput {
  readonly logGroupName?: string;
  readonly logGroupNames?: readonly string[];
  readonly logGroupIdentifiers?: readonly string[];
  /** Seconds since the epoch, both included. */
  readonly startTime: number;
  readonly endTime: number;
  readonly queryString: string;
  readonly queryLanguage?: string;
  readonly limit?: number;
}

interface DescribeInput {
  readonly queryDefinitionNamePrefix?: string;
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** A query that was started. */
interface Started {
  status: 'Running' | 'Complete' | 'Cancelled';
  results: readonly ResultField[][];
  recordsScanned: number;
  recordsMatched: number;
}

/** As on AWS. */
const MOST_GROUPS = 50;
const MOST_RESULTS = 10_000;
const DEFINITIONS_PAGE = 1_000;

/** A query runs for a moment, so that an early call sees the state Running, as on AWS. */
const RUNNING_MS = 20;

/** Results of older queries are forgotten. */
const REMEMBERED = 100;

/** Serves StartQuery, GetQueryResults, StopQuery and DescribeQueryDefinitions. */
export function queryOperations(groups: LogGroups, stack?: ResolvedStack): Record<string, Operation> {
  const queries = new Map<string, Started>();
  return {
    StartQuery: (input: StartQueryInput) => startQuery(groups, queries, input),
    GetQueryResults: ({ queryId }: { queryId: string }) => getResults(queryOf(queries, queryId)),
    StopQuery: ({ queryId }: { queryId: string }) => stopQuery(queryOf(queries, queryId), queryId),
    DescribeQueryDefinitions: (input: DescribeInput) => describeDefinitions(stack, input),
  };
}

function startQuery(groups: LogGroups, queries: Map<string, Started>, input: StartQueryInput): object {
  const { queryLanguage = 'CWLI', limit = MOST_RESULTS } = input;
  const [from, to] = [required<number>(input, 'startTime') * 1_000, required<number>(input, 'endTime') * 1_000 + 999];
  if (queryLanguage !== 'CWLI') throw invalid(`The local cloud has no query language ${queryLanguage}, only CWLI.`);
  if (from > to) throw invalid('startTime must not be later than endTime.');
  if (!(limit >= 1 && limit <= MOST_RESULTS)) throw invalid(`limit must be from 1 to ${MOST_RESULTS}.`);
  const query = compileQuery(required<string>(input, 'queryString'));
  const rows = namesIn(input)
    .map((name) => groups.get(name))
    .flatMap(({ name, events }) =>
      events
        .filter(({ timestamp }) => timestamp >= from && timestamp <= to)
        .map((event) => ({ ...rowOf(event, name, LOCAL_ACCOUNT), '@ptr': String(event.sequence) })),
    );
  const results = query(rows, limit);
  const started: Started = { status: 'Running', results, recordsScanned: rows.length, recordsMatched: results.length };
  setTimeout(() => {
    if (started.status === 'Running') started.status = 'Complete';
  }, RUNNING_MS).unref();
  const queryId = randomUUID();
  queries.set(queryId, started);
  for (const old of [...queries.keys()].slice(0, -REMEMBERED)) queries.delete(old);
  return { queryId };
}

function namesIn({ logGroupName, logGroupNames = [], logGroupIdentifiers = [] }: StartQueryInput): string[] {
  const named = [...(logGroupName === undefined ? [] : [logGroupName]), ...logGroupNames, ...logGroupIdentifiers];
  if (named.length === 0) throw invalid('StartQuery takes a logGroupName, logGroupNames or logGroupIdentifiers.');
  if (named.length > MOST_GROUPS) throw invalid(`StartQuery takes ${MOST_GROUPS} log groups at most.`);
  return [...new Set(named.map(logGroupNameOf))];
}

function getResults({ status, results, recordsScanned, recordsMatched }: Started): object {
  const isComplete = status === 'Complete';
  return {
    queryLanguage: 'CWLI',
    status,
    results: isComplete ? results : [],
    statistics: { recordsScanned, recordsMatched: isComplete ? recordsMatched : 0, bytesScanned: 0 },
  };
}

function stopQuery(query: Started, queryId: string): object {
  if (query.status !== 'Running') throw invalid(`The query ${queryId} has ended already, as ${query.status}.`);
  query.status = 'Cancelled';
  return { success: true };
}

function queryOf(queries: ReadonlyMap<string, Started>, queryId: string): Started {
  const query = queries.get(queryId);
  if (query) return query;
  throw new AwsError('ResourceNotFoundException', `There is no query ${queryId}, or its result is forgotten.`);
}

function describeDefinitions(stack: ResolvedStack | undefined, input: DescribeInput): object {
  const { queryDefinitionNamePrefix = '', maxResults = DEFINITIONS_PAGE, nextToken = '' } = input;
  const found = (stack?.ofType('AWS::Logs::QueryDefinition') ?? [])
    .map(({ name, properties }) => ({
      queryLanguage: 'CWLI',
      queryDefinitionId: name,
      name: String(properties.Name),
      queryString: properties.QueryString,
      logGroupNames: properties.LogGroupNames ?? [],
    }))
    .filter(({ name }) => name.startsWith(queryDefinitionNamePrefix) && name > nextToken)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const page = found.slice(0, maxResults);
  return { queryDefinitions: page, ...(page.length < found.length && { nextToken: page.at(-1)?.name }) };
}

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);
