/** The CloudWatch API of the local cloud. */
import { AwsError, type AwsService } from '../service';
import { required } from '../sqs/parameters';
import type { Alarms, EvaluatedAlarm, StateChange } from './alarms';
import { type Dashboards, getDashboard } from './dashboards';
import { type Dimension, evaluateQueries, type MetricDataQuery, metricOf, requestedGrid } from './metric-queries';
import { type Metric, type MetricStore, merge, type Summary, summaryOf } from './metric-store';

/** Times come as seconds since 1970. */
interface Period {
  readonly StartTime: number;
  readonly EndTime: number;
}

interface GetMetricDataInput extends Period {
  readonly MetricDataQueries: readonly MetricDataQuery[];
  readonly ScanBy?: string;
}

interface ListMetricsInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly Partial<Dimension>[];
  readonly NextToken?: string;
}

interface MetricDatum {
  readonly MetricName: string;
  readonly Dimensions?: Dimension[];
  readonly Timestamp?: number;
  readonly Value?: number;
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly StatisticValues?: { SampleCount: number; Sum: number; Minimum: number; Maximum: number };
}

interface DescribeAlarmsInput {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

interface DescribeAlarmHistoryInput {
  readonly AlarmName?: string;
  readonly AlarmTypes?: readonly string[];
  readonly HistoryItemType?: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly ScanBy?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

/** Most items of one answer, as on AWS. */
const METRICS_PAGE = 500;
const ALARMS_PAGE = 50;
const HISTORY_PAGE = 100;

/** Serves metrics, alarms and dashboards. Alarms and dashboards are those of the template. */
export function createCloudWatchService(store: MetricStore, alarms: Alarms, dashboards: Dashboards): AwsService {
  return {
    targetPrefix: 'GraniteServiceVersion20100801',
    client: () => import('@aws-sdk/client-cloudwatch'),
    missing: 'MissingRequiredParameterException',
    operations: {
      GetMetricData: (input: GetMetricDataInput) => getMetricData(store, input),
      ListMetrics: (input: ListMetricsInput) => listMetrics(store, input),
      PutMetricData: (input: { Namespace: string; MetricData?: MetricDatum[] }) => putMetricData(store, input),
      GetDashboard: (input: object) => getDashboard(dashboards, input),
      DescribeAlarms: (input: DescribeAlarmsInput) => describeAlarms(alarms, input),
      DescribeAlarmHistory: (input: DescribeAlarmHistoryInput) => describeAlarmHistory(alarms, input),
    },
  };
}

function getMetricData(store: MetricStore, input: GetMetricDataInput): object {
  const queries = required<GetMetricDataInput['MetricDataQueries']>(input, 'MetricDataQueries');
  const [from, to] = [required<number>(input, 'StartTime') * 1_000, required<number>(input, 'EndTime') * 1_000];
  if (from >= to)
    throw new AwsError('ValidationError', 'The parameter StartTime must be less than the parameter EndTime.');
  store.sample();
  const results = evaluateQueries(store, queries, requestedGrid(from, to)).map(({ query, series }) => {
    const points = [...series].sort(([a], [b]) => (input.ScanBy === 'TimestampAscending' ? a - b : b - a));
    return {
      Id: query.Id,
      Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
      Timestamps: points.map(([at]) => at / 1_000),
      Values: points.map(([, value]) => value),
      StatusCode: 'Complete',
    };
  });
  return { MetricDataResults: results, Messages: [] };
}

function listMetrics(
  store: MetricStore,
  { Namespace, MetricName, Dimensions = [], NextToken = '0' }: ListMetricsInput,
) {
  store.sample();
  const isWanted = ({ namespace, name, dimensions }: Metric) =>
    (Namespace === undefined || namespace === Namespace) &&
    (MetricName === undefined || name === MetricName) &&
    Dimensions.every(
      ({ Name = '', Value }) => Name in dimensions && (Value === undefined || dimensions[Name] === Value),
    );
  const found = store.metrics().filter(isWanted);
  const end = Number(NextToken) + METRICS_PAGE;
  return {
    Metrics: found.slice(Number(NextToken), end).map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    ...(end < found.length && { NextToken: String(end) }),
  };
}

/** Unlike AWS it takes namespaces that begin with `AWS/` too, so that a test can make a past for any alarm. */
function putMetricData(store: MetricStore, input: { Namespace: string; MetricData?: MetricDatum[] }): object {
  const Namespace = required<string>(input, 'Namespace');
  for (const datum of input.MetricData ?? []) {
    const { MetricName, Dimensions, Timestamp } = datum;
    const at = Timestamp === undefined ? store.now() : Timestamp * 1_000;
    store.add(metricOf({ Namespace, MetricName, ...(Dimensions && { Dimensions }) }), summaryOfDatum(datum), at);
  }
  return {};
}

function summaryOfDatum({ MetricName, Value, Values = [], Counts = [], StatisticValues }: MetricDatum): Summary {
  if (StatisticValues) {
    const { SampleCount: count, Sum: sum, Minimum: minimum, Maximum: maximum } = StatisticValues;
    return { count, sum, minimum, maximum, values: new Map([[sum / count, count]]) };
  }
  const values = Value === undefined ? Values : [Value];
  const [first, ...others] = values.map((value, index) => summaryOf(value, Counts[index] ?? 1));
  if (!first) throw new AwsError('InvalidParameterValue', `The metric ${MetricName} has no value.`);
  for (const other of others) merge(first, other);
  return first;
}

/** As on AWS, composite alarms are listed only where `AlarmTypes` names them. */
function describeAlarms(alarms: Alarms, input: DescribeAlarmsInput): object {
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], StateValue, NextToken = '' } = input;
  const found = alarms
    .evaluate()
    .filter(
      ({ kind, name, state }) =>
        AlarmTypes.includes(kind) &&
        (AlarmNames === undefined || AlarmNames.includes(name)) &&
        name.startsWith(AlarmNamePrefix) &&
        (StateValue === undefined || state === StateValue) &&
        name > NextToken,
    );
  const page = found.slice(0, input.MaxRecords ?? ALARMS_PAGE);
  const itemsOf = (wanted: EvaluatedAlarm['kind']) => page.filter(({ kind }) => kind === wanted).map(alarmItem);
  return {
    MetricAlarms: itemsOf('MetricAlarm'),
    CompositeAlarms: itemsOf('CompositeAlarm'),
    ...(page.length < found.length && { NextToken: page.at(-1)?.name }),
  };
}

/** Changes of state alone: alarms are never changed here, and act on nobody. */
function describeAlarmHistory(alarms: Alarms, input: DescribeAlarmHistoryInput): object {
  const { AlarmName, AlarmTypes = ['MetricAlarm'], HistoryItemType = 'StateUpdate', ScanBy, NextToken = '0' } = input;
  const { StartDate = 0, EndDate = Number.POSITIVE_INFINITY, MaxRecords = HISTORY_PAGE } = input;
  alarms.evaluate();
  const found = alarms.changes.filter(
    ({ kind, name, at }) =>
      HistoryItemType === 'StateUpdate' &&
      AlarmTypes.includes(kind) &&
      (AlarmName === undefined || AlarmName === name) &&
      at >= StartDate * 1_000 &&
      at <= EndDate * 1_000,
  );
  const ordered = ScanBy === 'TimestampAscending' ? found : found.toReversed();
  const end = Number(NextToken) + MaxRecords;
  return {
    AlarmHistoryItems: ordered.slice(Number(NextToken), end).map(historyItem),
    ...(end < ordered.length && { NextToken: String(end) }),
  };
}

const historyItem = ({ kind, name, from, to, reason, at }: StateChange): object => ({
  AlarmName: name,
  AlarmType: kind,
  Timestamp: at / 1_000,
  HistoryItemType: 'StateUpdate',
  HistorySummary: `Alarm updated from ${from} to ${to}`,
  HistoryData: JSON.stringify({
    version: '1.0',
    oldState: { stateValue: from },
    newState: { stateValue: to, stateReason: reason },
  }),
});

/** The template's properties are named as the API's; `Tags` are no part of the answer. */
function alarmItem({ name, arn, properties, state, reason, since }: EvaluatedAlarm): object {
  const { Tags: _, ...described } = properties;
  return {
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...described,
    AlarmName: name,
    AlarmArn: arn,
    StateValue: state,
    StateReason: reason,
    StateUpdatedTimestamp: since / 1_000,
    StateTransitionedTimestamp: since / 1_000,
  };
}
