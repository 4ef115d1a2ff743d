/** Emits metrics in CloudWatch's embedded format: lines of the log, which cost no call. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC, METRIC_NAMESPACE, type MetricName } from './metric-names';

export { METRIC } from './metric-names';

/** Few and bounded: never an id, never a name that a provider chose. */
type Dimensions = Readonly<Record<string, string>>;

const metrics = new Metrics({
  namespace: METRIC_NAMESPACE,
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'meetbus',
});

/** Records values as one line. CloudWatch keeps each metric once for every set of dimensions. */
export function record(values: Partial<Record<MetricName, number>>, ...dimensionSets: readonly Dimensions[]): void {
  for (const [name, value] of Object.entries(values)) {
    metrics.addMetric(name, name === METRIC.publishDelay ? MetricUnit.Milliseconds : MetricUnit.Count, value);
  }
  for (const dimensions of dimensionSets) metrics.addDimensions({ ...dimensions });
  metrics.publishStoredMetrics();
}

/** Counts one occurrence. */
export const count = (name: MetricName, dimensions: Dimensions): void => record({ [name]: 1 }, dimensions);
