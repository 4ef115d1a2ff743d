/** Alarms on the table. Verifiers work without it; consumers do not. */
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING, onSum } from './definitions';
import { byProvider, filledSum, type MonitoredParts, minutes, SUM, tableMetric } from './metrics';

const FIVE = minutes(5);

/** Deliveries that were enqueued without the table, and calls that DynamoDB throttles or fails. */
export function tableAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const operations = ['PutItem', 'UpdateItem', 'DeleteItem'] as const;
  return [
    ...onSum(
      {
        name: 'fail-open',
        severity: 'ticket',
        section: 'Fail-open',
        meaning: 'The table did not answer a verifier, which enqueued all the same. Nothing is lost.',
        missing: MISSING.nothingHappened,
      },
      byProvider(parts, METRIC.failOpen, reading),
      FIVE,
    ),
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
