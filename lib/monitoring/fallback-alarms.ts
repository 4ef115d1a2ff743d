/** Alarms on stored deliveries, which wait in the bucket because their queue did not accept them. */
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING, onSum } from './definitions';
import { byProvider, MAXIMUM, type MonitoredParts, minutes, ownMetric, SUM } from './metrics';

const FIVE = minutes(5);
const SECTION = 'Stored deliveries';

/** Seconds for which a stored delivery may wait: several runs of the function `fallback`. */
const LONG_SECONDS = 15 * 60;

/** Deliveries were stored; a delivery stays stored; the function `fallback` fails. */
export function fallbackAlarms(parts: MonitoredParts): MetricAlarm[] {
  return [
    ...onSum(
      {
        name: 'fallback',
        severity: 'ticket',
        section: SECTION,
        meaning:
          'A queue did not take deliveries, which were stored in the bucket. They are brought to it each minute. Nothing is lost.',
        missing: MISSING.nothingHappened,
      },
      byProvider(parts, METRIC.fallback, { statistic: SUM, period: FIVE }),
      FIVE,
    ),
    {
      name: 'fallback-waiting',
      severity: 'page',
      section: SECTION,
      meaning:
        'Stored deliveries wait for more than a quarter of an hour: their queue is down, or an object is broken.',
      metric: ownMetric(parts, METRIC.fallbackAge, { statistic: MAXIMUM, period: FIVE }),
      threshold: LONG_SECONDS,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'fallback-errors',
      severity: 'ticket',
      section: SECTION,
      meaning: 'For a quarter of an hour the function that brings stored deliveries back has failed.',
      metric: parts.fallback.function.metricErrors({ statistic: SUM, period: FIVE }),
      threshold: 1,
      periods: 3,
      missing: MISSING.nothingHappened,
    },
  ];
}
