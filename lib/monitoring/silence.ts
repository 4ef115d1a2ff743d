/** The alarm on silence: nothing comes in although something is live. Why this rule: docs/adr/0010-silence.md. */

import { PROVIDERS, type ProviderName } from '@meetbus/events';
import { Duration } from 'aws-cdk-lib';
import { METRIC, type MetricName } from '../../lambdas/platform/metric-names';
import { type CompositeAlarm, type MetricAlarm, MISSING } from './definitions';
import { filled, type MonitoredParts, minutes, ownMetric, SUM } from './metrics';

/** What began before that is no longer counted as live: an end that never came must not keep the alarm armed for ever. */
export const LIVE_WINDOW = Duration.hours(8);

const SECTION = 'Silence';

/** For each provider: quiet, live, and both. */
export function silenceAlarms(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const { silenceMinutes } = parts.configuration.alarms;
  const filledSumOf = (name: MetricName, period: Duration, provider: ProviderName) =>
    filled(ownMetric(parts, name, { statistic: SUM, period }, { provider }), period);
  return {
    metric: PROVIDERS.flatMap((provider) => [
      {
        name: `quiet-${provider}`,
        severity: 'part' as const,
        section: SECTION,
        meaning: `No new delivery of ${provider} has been accepted for ${silenceMinutes} minutes.`,
        metric: filledSumOf(METRIC.accepted, minutes(silenceMinutes), provider),
        threshold: 1,
        below: true as const,
        missing: MISSING.silence,
      },
      {
        name: `live-${provider}`,
        severity: 'part' as const,
        section: SECTION,
        meaning: `Of what began at ${provider} in the last ${LIVE_WINDOW.toHours()} hours, not all has ended.`,
        metric: filledSumOf(METRIC.live, LIVE_WINDOW, provider),
        threshold: 1,
        missing: MISSING.nothingHappened,
      },
    ]),
    composite: PROVIDERS.map((provider) => ({
      name: `silence-${provider}`,
      severity: 'page' as const,
      section: SECTION,
      meaning: `Bots or meetings of ${provider} are live, and for ${silenceMinutes} minutes nothing has come from it.`,
      allOf: [`quiet-${provider}`, `live-${provider}`],
    })),
  };
}
