/** The metrics that functions emit in CloudWatch's embedded format. Names stand here once, for functions and alarms. */
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = 'Meetbus';

/** Metric names, all counts. Powertools adds the dimension `service`, which is `meetbus`, to those named below. */
export const METRIC = {
  /** Deliveries by outcome of the answer table. Dimensions: provider, outcome. */
  delivery: 'Delivery',
  /** Deliveries that were enqueued without the idempotency table, because it did not answer. Dimension: provider. */
  failOpen: 'FailOpen',
  /** Events published. Dimension: type. */
  published: 'Published',
  /** Events published as `event.unrecognized`. Dimension: provider. */
  unrecognized: 'Unrecognized',
} as const;

const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: 'meetbus' });

/**
 * Counts one occurrence.
 *
 * @param name one of {@link METRIC}
 * @param dimensions few and bounded: never an id, never a name that a provider chose
 */
export function count(name: (typeof METRIC)[keyof typeof METRIC], dimensions: Record<string, string>): void {
  const single = metrics.singleMetric();
  single.addDimensions(dimensions);
  single.addMetric(name, MetricUnit.Count, 1);
}
