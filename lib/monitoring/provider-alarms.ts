/** Alarms on the outcomes of each provider's deliveries. */
import type { Outcome } from '../../lambdas/ingest/answers';
import { METRIC } from '../../lambdas/platform/metric-names';
import type { Provider } from '../../providers/provider';
import { type MetricAlarm, MISSING } from './definitions';
import { type MonitoredParts, math, minutes, ownMetric, SAMPLE_COUNT, SUM } from './metrics';
import { sentences } from './sentences';

const FIVE = minutes(5);
const HOUR = minutes(60);

/** Deliveries that are refused, and those that are accepted and not published. */
export function providerAlarms(parts: MonitoredParts): MetricAlarm[] {
  return parts.configuration.providers.flatMap((one): MetricAlarm[] => {
    const { name: provider, title, afterRefusal } = one;
    const refused = ownMetric(parts, METRIC.refused, { statistic: SUM, period: FIVE }, { provider });
    const all = ownMetric(parts, METRIC.refused, { statistic: SAMPLE_COUNT, period: FIVE }, { provider });
    const accepted = ownMetric(parts, METRIC.accepted, { statistic: SUM, period: FIVE }, { provider });
    const published = ownMetric(parts, METRIC.publishDelay, { statistic: SAMPLE_COUNT, period: FIVE }, { provider });
    return [
      {
        name: `refused-${provider}`,
        severity: 'page',
        section: 'Refused deliveries',
        meaning: `A fifth or more of the deliveries of ${title} are refused.${sentences([afterRefusal])}`,
        metric: math('IF(refused >= 10, 100 * refused / all, 0)', { refused, all }, FIVE),
        threshold: 20,
        periods: 2,
        missing: MISSING.noTraffic,
      },
      onlyRefused(parts, one),
      {
        name: `unpublished-${provider}`,
        severity: 'page',
        section: 'Accepted but not published',
        meaning: `More deliveries of ${title} are accepted than published, for a quarter of an hour.`,
        // A delivery in transit at the end of a period is missing there, and is one too many in the next: so only the
        // difference between the in-transit deliveries at its end and at its beginning counts. In three seconds, one
        // percent of the deliveries of five minutes arrive. An event takes less, so traffic may grow at any rate. Two
        // failures in each period cause an alarm, one does not.
        metric: math('0.99 * accepted - FILL(published, 0)', { accepted, published }, FIVE),
        threshold: 1.5,
        periods: 3,
        missing: MISSING.noTraffic,
      },
    ];
  });
}

/**
 * Few refusals and nothing else: too little traffic for a share to mean anything. A request without any signature or
 * token does not count, because `meetbus doctor` sends one to each route.
 */
function onlyRefused(parts: MonitoredParts, { name: provider, title, afterRefusal }: Provider): MetricAlarm {
  const reading = { statistic: SUM, period: HOUR };
  const withOutcome = (outcome: Outcome) => ownMetric(parts, METRIC.delivery, reading, { provider, outcome });
  const usingMetrics = {
    refused: ownMetric(parts, METRIC.refused, reading, { provider }),
    accepted: ownMetric(parts, METRIC.accepted, reading, { provider }),
    unsigned: withOutcome('missing_header'),
    tokenless: withOutcome('missing_token'),
  };
  return {
    name: `only-refused-${provider}`,
    severity: 'ticket',
    section: 'Refused deliveries',
    meaning: `In an hour deliveries of ${title} were refused, and none was accepted.${sentences([afterRefusal])}`,
    // A sum ignores metrics without data; `accepted` always has data, and is 0 here.
    metric: math('IF(accepted < 1, refused - SUM([accepted, unsigned, tokenless]), 0)', usingMetrics, HOUR),
    threshold: 3,
    missing: MISSING.noTraffic,
  };
}
