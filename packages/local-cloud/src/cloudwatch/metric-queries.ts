/** Evaluates the queries that GetMetricData and alarms are made of: metrics with a statistic, and metric math on them. */
import { AwsError } from '../service';
import { parseExpression } from './expression';
import { compute, toList, type Value } from './math';
import { type Grid, type Metric, type MetricStore, MINUTE_MS, type Series } from './metric-store';
import { statisticNamed } from './statistics';

/** A dimension as CloudWatch's API spells it. */
export interface Dimension {
  readonly Name: string;
  readonly Value: string;
}

/** A query of GetMetricData, or an item of an alarm's `Metrics`. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions?: Dimension[] };
    /** Seconds. */
    readonly Period: number;
    readonly Stat: string;
  };
  readonly Label?: string;
  /** The default is true. */
  readonly ReturnData?: boolean;
  /** Seconds. */
  readonly Period?: number;
}

/** Lays windows of a period over the time that is asked for. */
export type GridOf = (periodMs: number) => Grid;

/**
 * Evaluates queries that may name each other.
 *
 * @returns the series of each query that returns data, in order
 * @throws AwsError for what CloudWatch refuses, or the local cloud does not know
 */
export function evaluateQueries(
  store: MetricStore,
  queries: readonly MetricDataQuery[],
  gridOf: GridOf,
): { readonly query: MetricDataQuery; readonly series: Series }[] {
  const values = new Map<string, Value>();
  const underWay = new Set<string>();
  const valueOfId = (id: string): Value => {
    const known = values.get(id);
    if (known !== undefined) return known;
    const query = queries.find(({ Id }) => Id === id);
    if (!query) throw new AwsError('ValidationError', `No metric query has the id ${id}.`);
    if (underWay.has(id)) throw new AwsError('ValidationError', `The metric query ${id} refers to itself.`);
    underWay.add(id);
    const value = evaluate(query);
    values.set(id, value);
    return value;
  };
  const evaluate = (query: MetricDataQuery): Value => {
    const grid = gridOf(periodOf(query, queries));
    if (query.MetricStat) return seriesOf(store, query.MetricStat, grid);
    const metrics = (text: string) =>
      queries.filter(({ MetricStat, Label = '' }) => MetricStat && Label.includes(text)).map(({ Id }) => valueOfId(Id));
    return compute(parseExpression(query.Expression ?? ''), {
      grid,
      valueOf: valueOfId,
      metrics: (text) => metrics(text).flatMap((value) => toList(value, grid)),
    });
  };
  return queries
    .filter(({ ReturnData = true }) => ReturnData)
    .flatMap((query) =>
      toList(valueOfId(query.Id), gridOf(periodOf(query, queries))).map((series) => ({ query, series })),
    );
}

/** An expression has the longest period of the metrics, unless it tells one. */
function periodOf({ MetricStat, Period }: MetricDataQuery, queries: readonly MetricDataQuery[]): number {
  const seconds =
    MetricStat?.Period ?? Period ?? Math.max(60, ...queries.map(({ MetricStat }) => MetricStat?.Period ?? 60));
  if (seconds > 0 && seconds % 60 === 0) return seconds * 1_000;
  throw new AwsError('InvalidParameterValue', `A period is a multiple of 60 seconds, not ${seconds}.`);
}

function seriesOf(
  store: MetricStore,
  { Metric, Stat }: NonNullable<MetricDataQuery['MetricStat']>,
  grid: Grid,
): Series {
  const statistic = statisticNamed(Stat);
  const summaries = store.summaries(metricOf(Metric), grid);
  return new Map([...summaries].map(([at, summary]) => [at, statistic(summary)]));
}

/** A metric as the local cloud names it. */
export const metricOf = ({
  Namespace,
  MetricName,
  Dimensions = [],
}: NonNullable<MetricDataQuery['MetricStat']>['Metric']): Metric => ({
  namespace: Namespace,
  name: MetricName,
  dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])),
});

/** Windows from a time, cut to its minute, to another, as GetMetricData gives them. Milliseconds. */
export const requestedGrid =
  (from: number, to: number): GridOf =>
  (period) => {
    const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
    return { start, period, count: Math.max(0, Math.ceil((to - start) / period)) };
  };

/** A number of windows. The last one ends with the current minute, so it does not have all its values yet. */
export const latestGrid =
  (now: number, count: number): GridOf =>
  (period) => {
    const end = (Math.floor(now / MINUTE_MS) + 1) * MINUTE_MS;
    return { start: end - count * period, period, count };
  };
