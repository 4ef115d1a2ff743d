/** Alarms on the secrets and keys that prove deliveries. */
import type { Outcome } from '../../lambdas/ingest/answers';
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING, onSum } from './definitions';
import { loadSources, type MonitoredParts, minutes, ownMetric, SUM, secretSources } from './metrics';
import { afterFailure, anyOf } from './sentences';

const FIVE = minutes(5);

/** Secrets that are missing, contain invalid entries, or cannot be loaded. */
export function secretAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const requiring = parts.configuration.providers.filter(({ secret }) => secret?.isRequired);
  const outcome: Outcome = 'not_configured';
  return [
    ...onSum(
      {
        name: 'not-configured',
        severity: 'page',
        section: 'Secret not configured',
        meaning: `Deliveries of ${anyOf(requiring)} cannot be verified: the secret is missing or holds nothing usable. They are answered 503.${afterFailure(requiring)}`,
        missing: MISSING.nothingHappened,
      },
      requiring.map(({ name: provider }) => ownMetric(parts, METRIC.delivery, reading, { provider, outcome })),
      FIVE,
    ),
    ...onSum(
      {
        name: 'secret-entry-ignored',
        severity: 'ticket',
        section: 'Secret or key not loaded',
        meaning: 'A secret holds an entry that cannot be used, such as a token that is too short. It proves nothing.',
        missing: MISSING.nothingHappened,
      },
      secretSources(parts).map((source) => ownMetric(parts, METRIC.ignoredEntry, reading, { source })),
      FIVE,
    ),
    ...loadSources(parts).map((source) => ({
      name: `load-${source}`,
      severity: 'ticket' as const,
      section: 'Secret or key not loaded',
      meaning: `The ${source} cannot be loaded. The last good one serves, so a rotation would not be noticed. A verifier that has none answers 503.`,
      metric: ownMetric(parts, METRIC.load, reading, { source, result: 'failed' }),
      threshold: 1,
      periods: 3,
      missing: MISSING.nothingHappened,
    })),
  ];
}
