/** Alarms on the secrets and keys that prove deliveries. */
import type { Outcome } from '../../lambdas/ingest/answers';
import { METRIC } from '../../lambdas/platform/metric-names';
import { GIVEN_UP, type MetricAlarm, MISSING } from './definitions';
import { loadSources, type MonitoredParts, minutes, over, ownMetric, SUM, secretSources } from './metrics';

const FIVE = minutes(5);

/** Secrets that are missing, hold something unusable, or cannot be loaded. */
export function secretAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const notConfigured = { provider: 'recall', outcome: 'not_configured' satisfies Outcome } as const;
  const ignored = secretSources(parts).map((source) => ownMetric(parts, METRIC.ignoredEntry, reading, { source }));
  return [
    {
      name: 'not-configured',
      severity: 'page',
      section: 'Secret not configured',
      meaning: `Deliveries of Recall.ai cannot be checked: its secret is missing or holds nothing usable. They are answered 503: webhooks come again for 28 hours; ${GIVEN_UP}.`,
      metric: ownMetric(parts, METRIC.delivery, reading, notConfigured),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'secret-entry-ignored',
      severity: 'ticket',
      section: 'Secret or key not loaded',
      meaning: 'A secret holds an entry that cannot be used, such as a token that is too short. It proves nothing.',
      metric: over('SUM', ignored, FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    ...loadSources(parts).map((source) => ({
      name: `load-${source}`,
      severity: 'ticket' as const,
      section: 'Secret or key not loaded',
      meaning: `The ${source} cannot be loaded. The last good one serves, so a rotation would not be noticed; a verifier that has none answers 503.`,
      metric: ownMetric(parts, METRIC.load, reading, { source, result: 'failed' }),
      threshold: 1,
      periods: 3,
      missing: MISSING.nothingHappened,
    })),
  ];
}
