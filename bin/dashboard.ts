/** Reads a dashboard's widgets, and the data of metric widgets. */
import { type CloudWatchClient, GetMetricDataCommand, type MetricDataQuery } from '@aws-sdk/client-cloudwatch';

/** The drawn parts of a widget in a dashboard body (CloudWatch API reference, "Dashboard Body Structure and Syntax"). */
export interface Widget {
  readonly type: 'text' | 'metric' | 'alarm';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly markdown?: string;
    readonly alarms?: readonly string[];
    readonly view?: 'timeSeries' | 'singleValue';
    readonly stacked?: boolean;
    readonly stat?: string;
    readonly period?: number;
    readonly metrics?: readonly (readonly (string | MetricOptions)[])[];
    readonly annotations?: { readonly horizontal?: readonly { readonly value: number; readonly label?: string }[] };
  };
}

interface MetricOptions {
  readonly id?: string;
  readonly label?: string;
  readonly stat?: string;
  readonly period?: number;
  readonly visible?: boolean;
  readonly expression?: string;
}

/** Start and end in milliseconds since 1970; whole minutes. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A line of a graph. */
export interface Line {
  readonly label: string;
  /** Values by time, oldest first. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** Whether a widget shows numbers, and no graph. */
export const isNumbers = ({ properties }: Widget): boolean => properties.view === 'singleValue';

/** The widgets of a dashboard's body. */
export const widgetsOf = (body: string): readonly Widget[] => (JSON.parse(body) as { widgets: Widget[] }).widgets;

/**
 * The lines of a widget with at least one value.
 *
 * @param leastPeriod shortest period of a graph's values, in seconds. @default what the widget says
 */
export async function readGraph(
  client: CloudWatchClient,
  widget: Widget,
  { from, to }: Range,
  leastPeriod = 60,
): Promise<Line[]> {
  const queries = queriesOf(widget, isNumbers(widget) ? 60 : leastPeriod);
  // A number widget shows one period up to the end, which may be longer than the drawn time.
  const start = isNumbers(widget) ? to - periodOf(queries) * 1_000 : from;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: queries,
      StartTime: new Date(start),
      EndTime: new Date(to),
      ScanBy: 'TimestampAscending',
    }),
  );
  return MetricDataResults.map(({ Label = '', Timestamps = [], Values = [] }) => ({
    label: Label,
    points: Timestamps.map((at, index) => [at.getTime(), Values[index] ?? 0] as const),
  })).filter(({ points }) => points.length > 0);
}

/** The longest period of some queries, in seconds. */
export const periodOf = (queries: readonly MetricDataQuery[]): number =>
  Math.max(60, ...queries.map(({ MetricStat }) => MetricStat?.Period ?? 60));

/** The GetMetricData queries for the metrics of a widget, in which `.` repeats the value above. */
export function queriesOf(
  { properties: { metrics = [], stat = 'Average', period = 300 } }: Widget,
  leastPeriod = 60,
): MetricDataQuery[] {
  let above: readonly string[] = [];
  return metrics.map((row, index) => {
    const last = row.at(-1);
    const options: MetricOptions = typeof last === 'object' ? last : {};
    const id = options.id ?? `q${index}`;
    const shared = { Id: id, Label: options.label ?? '', ReturnData: options.visible ?? true };
    if (options.expression !== undefined) return { ...shared, Expression: options.expression };
    const words = row.filter((word): word is string => typeof word === 'string');
    const filled = words.map((word, place) => (word === '.' ? (above[place] ?? '') : word));
    above = filled;
    const [Namespace, MetricName, ...dimensions] = filled;
    const Dimensions = dimensions.flatMap((Name, place) =>
      place % 2 === 0 ? [{ Name, Value: dimensions[place + 1] ?? '' }] : [],
    );
    const Metric = { Namespace, MetricName, Dimensions };
    const Period = Math.max(leastPeriod, options.period ?? period);
    return { ...shared, MetricStat: { Metric, Period, Stat: options.stat ?? stat } };
  });
}
