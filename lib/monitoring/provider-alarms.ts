/** Alarms on what becomes of each provider's deliveries. */
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
        // What is on its way when a period ends is missing there, and too many in the next one: only what is on its way
        // at its end beyond what was at its beginning counts. A hundredth of five minutes comes in three seconds. An
        // event takes less, so traffic may grow as it likes. Two that fail in each period are an alarm, one alone is not.
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
    // A sum leaves out metrics without data; `accepted` always has some, and is 0 here.
    metric: math('IF(accepted < 1, refused - SUM([accepted, unsigned, tokenless]), 0)', usingMetrics, HOUR),
    threshold: 3,
    missing: MISSING.noTraffic,
  };
}
