/** Emits metrics in CloudWatch's embedded format: lines of the log, which cost no call. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC, METRIC_NAMESPACE } from './metric-names';

export { METRIC } from './metric-names';

/** Units of what is not a count. */
const UNITS: Readonly<Record<string, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRIC.publishDelay]: MetricUnit.Milliseconds,
  [METRIC.fallbackAge]: MetricUnit.Seconds,
};

/** Few and bounded: never an id, never a name that a provider chose. */
type Dimensions = Readonly<Record<string, string>>;

const metrics = new Metrics({
  namespace: METRIC_NAMESPACE,
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'meetbus',
});

/** Records values as one line. CloudWatch keeps each metric once for every set of dimensions. */
export function record(values: Readonly<Record<string, number>>, ...dimensionSets: readonly Dimensions[]): void {
  for (const [name, value] of Object.entries(values)) {
    metrics.addMetric(name, UNITS[name] ?? MetricUnit.Count, value);
  }
  for (const dimensions of dimensionSets) metrics.addDimensions({ ...dimensions });
  metrics.publishStoredMetrics();
}

/**
 * Records values of another time, as {@link record} does. CloudWatch shows what is more than three hours old after up to two
 * hours (API reference, PutMetricData).
 *
 * @param at milliseconds since 1970, two weeks ago at the most
 */
export function recordAt(
  at: number,
  values: Readonly<Record<string, number>>,
  ...dimensionSets: readonly Dimensions[]
): void {
  metrics.setTimestamp(at);
  record(values, ...dimensionSets);
}

/** Counts one occurrence. */
export const count = (name: string, dimensions: Dimensions): void => record({ [name]: 1 }, dimensions);
