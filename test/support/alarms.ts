/** Alarms as an operator sees them: through CloudWatch's client. */
import {
  type CloudWatchClient,
  GetMetricDataCommand,
  type MetricAlarm,
  type MetricDataQuery,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';

/** An alarm, and the state in which it is. */
export interface AlarmNow {
  readonly name: string;
  readonly isFiring: boolean;
  readonly notifies: boolean;
  /** Absent for an alarm that is made of others. */
  readonly metric?: MetricAlarm;
}

/** Every alarm of the stack. */
export async function alarmsNow(client: CloudWatchClient): Promise<AlarmNow[]> {
  const alarms: AlarmNow[] = [];
  const query = { AlarmNamePrefix: 'Meetbus-', AlarmTypes: ['MetricAlarm' as const, 'CompositeAlarm' as const] };
  for await (const { MetricAlarms = [], CompositeAlarms = [] } of paginateDescribeAlarms({ client }, query)) {
    for (const alarm of [...MetricAlarms, ...CompositeAlarms]) {
      alarms.push({
        name: alarm.AlarmName!.slice('Meetbus-'.length),
        isFiring: alarm.StateValue === 'ALARM',
        notifies: (alarm.AlarmActions ?? []).length > 0,
        ...('TreatMissingData' in alarm && { metric: alarm }),
      });
    }
  }
  return alarms;
}

/** The value of an alarm's metric in the period that ends with this minute, as an alarm reads it. */
async function latest(
  client: CloudWatchClient,
  { Metrics, Namespace, MetricName, Dimensions, Period = 60, ...alarm }: MetricAlarm,
): Promise<number> {
  const Stat = alarm.Statistic ?? alarm.ExtendedStatistic;
  const single = { Id: 'one', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } };
  const MetricDataQueries: MetricDataQuery[] = Metrics && Metrics.length > 0 ? Metrics : [single];
  const seconds = Math.max(Period, ...(Metrics ?? []).map(({ MetricStat }) => MetricStat?.Period ?? 0));
  // Windows begin where the question does. A second one, of this minute alone, would part what is accepted from what is
  // published, and show a loss.
  const end = (Math.floor(Date.now() / 60_000) + 1) * 60_000;
  const { MetricDataResults = [] } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries,
      StartTime: new Date(end - seconds * 1_000),
      EndTime: new Date(end),
    }),
  );
  return Math.max(...MetricDataResults.flatMap(({ Values = [] }) => Values));
}

/** An alarm of one period fires; of one that wants several in a row, the latest is over its threshold. */
export async function isOver(client: CloudWatchClient, name: string, percentile?: 'p50'): Promise<boolean> {
  const alarm = (await alarmsNow(client)).find((one) => one.name === name)!;
  if (alarm.isFiring || !alarm.metric || alarm.metric.EvaluationPeriods === 1) return alarm.isFiring;
  const { ExtendedStatistic } = alarm.metric;
  const metric = { ...alarm.metric, ...(ExtendedStatistic && { ExtendedStatistic: percentile ?? ExtendedStatistic }) };
  return (await latest(client, metric)) >= metric.Threshold!;
}
