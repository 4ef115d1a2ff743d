/** Alarms on the table, which verifiers can do without and consumers cannot. */
import { PROVIDERS } from '@meetbus/events';
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING } from './definitions';
import { filledSum, type MonitoredParts, minutes, over, ownMetric, SUM, tableMetric } from './metrics';

const FIVE = minutes(5);

/** Deliveries that were enqueued without the table, and calls that the table refuses. */
export function tableAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const operations = ['PutItem', 'UpdateItem', 'DeleteItem'] as const;
  const byProvider = PROVIDERS.map((provider) => ownMetric(parts, METRIC.failOpen, reading, { provider }));
  return [
    {
      name: 'fail-open',
      severity: 'ticket',
      section: 'Fail-open',
      meaning: 'The table did not answer a verifier, which enqueued all the same. Nothing is lost.',
      metric: over('SUM', byProvider, FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'table-throttled',
      severity: 'ticket',
      section: 'Table throttled',
      meaning: 'DynamoDB throttles the table or fails: verifiers go on without it, consumers wait.',
      metric: filledSum(
        operations.flatMap((operation) => [
          tableMetric(parts, 'ThrottledRequests', operation, reading),
          tableMetric(parts, 'SystemErrors', operation, reading),
        ]),
        FIVE,
      ),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
  ];
}
