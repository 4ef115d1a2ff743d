/** Emits metrics in CloudWatch's embedded metric format: log lines, which need no API call. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC, METRIC_NAMESPACE } from './metric-names';

export { METRIC } from './metric-names';

/** Units of metrics that are not counts. */
const UNITS: Readonly<Record<string, (typeof MetricUnit)[keyof typeof MetricUnit]>> = {
  [METRIC.publishDelay]: MetricUnit.Milliseconds,
  [METRIC.fallbackAge]: MetricUnit.Seconds,
  [METRIC.probeAnswer]: MetricUnit.Milliseconds,
  [METRIC.probeTime]: MetricUnit.Milliseconds,
  [METRIC.probeQueue]: MetricUnit.Milliseconds,
  [METRIC.probeBuses]: MetricUnit.Milliseconds,
};

/** Few values, from a fixed set: never an id, never a name that a provider chose. */
type Dimensions = Readonly<Record<string, string>>;

const metrics = new Metrics({
  namespace: METRIC_NAMESPACE,
  serviceName: process.env.POWERTOOLS_SERVICE_NAME ?? 'meetbus',
});

/** Records values as one log line. CloudWatch stores a metric once for every set of dimensions. */
export function record(values: Readonly<Record<string, number>>, ...dimensionSets: readonly Dimensions[]): void {
  for (const [name, value] of Object.entries(values)) {
    metrics.addMetric(name, UNITS[name] ?? MetricUnit.Count, value);
  }
  for (const dimensions of dimensionSets) metrics.addDimensions({ ...dimensions });
  metrics.publishStoredMetrics();
}

/**
 * Records values with another timestamp, as {@link record} does. For datapoints more than three hours old, CloudWatch
 * can take up to two hours to show them (API reference, PutMetricData).
 *
 * @param at milliseconds since 1970, at most two weeks ago
 */
export function recordAt(
  at: number,
  values: Readonly<Record<string, number>>,
  ...dimensionSets: readonly Dimensions[]
): void {
  metrics.setTimestamp(at);
  record(values, ...dimensionSets);
}

/** Records values as {@link record} does. The details are in the log line, which can be searched for them; they are no dimensions. */
export function recordWith(
  details: Readonly<Record<string, string>>,
  values: Readonly<Record<string, number>>,
  ...dimensionSets: readonly Dimensions[]
): void {
  for (const [name, value] of Object.entries(details)) metrics.addMetadata(name, value);
  record(values, ...dimensionSets);
}

/** Counts one occurrence. */
export const count = (name: string, dimensions: Dimensions): void => record({ [name]: 1 }, dimensions);
