/** Whether events were published in time. */
import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { LATE_AFTER_MS, METRIC, METRIC_NAMESPACE } from '../../../lambdas/platform/metric-names';
import { type Deployment, type DeploymentFlags, outputOf } from '../../deployment';
import { type Finding, ok, warning } from '../../findings';
import type { LookBack } from './look-back';

const CHECK = 'lateness';

/** The objective: 99 % of events are published in time. */
const MOST_LATE = 0.01;

const REMEDY = 'npx meetbus dlq list; docs/runbook.md#error-budget-in-time';

/** CloudWatch keeps old metrics in periods of an hour. */
const PERIOD_SECONDS = 3_600;

export async function checkLateness(deployment: Deployment, _: DeploymentFlags, back: LookBack): Promise<Finding[]> {
  const [late, published] = await sumsOf(deployment, back);
  if (late === 0)
    return [ok(CHECK, `${published} published ${back.words}, each within ${LATE_AFTER_MS / 1_000} seconds`)];
  const message = `${late} of ${published} published ${back.words} were later than ${LATE_AFTER_MS / 1_000} seconds.`;
  return late > MOST_LATE * published ? [warning(CHECK, message, REMEDY)] : [ok(CHECK, message)];
}

/** The number of late events, and of all events. */
async function sumsOf(deployment: Deployment, { from, to }: LookBack): Promise<[number, number]> {
  const service = outputOf(deployment, 'SharedBusName').replace(/-shared$/, '');
  const Dimensions = [{ Name: 'service', Value: service }];
  const Metric = { Namespace: METRIC_NAMESPACE, MetricName: METRIC.late, Dimensions };
  const client = new CloudWatchClient(deployment.clientConfig);
  try {
    const { MetricDataResults = [] } = await client.send(
      new GetMetricDataCommand({
        StartTime: new Date(from),
        EndTime: new Date(to),
        MetricDataQueries: ['Sum', 'SampleCount'].map((Stat) => ({
          Id: Stat.toLowerCase(),
          MetricStat: { Metric, Period: PERIOD_SECONDS, Stat },
        })),
      }),
    );
    const sumOf = (id: string) =>
      (MetricDataResults.find(({ Id }) => Id === id)?.Values ?? []).reduce((sum, value) => sum + value, 0);
    return [sumOf('sum'), sumOf('samplecount')];
  } finally {
    client.destroy();
  }
}
