/** The alarm on silence: nothing comes in although something is live. Why this rule: docs/adr/0010-silence.md. */
import { Duration } from 'aws-cdk-lib';
import { PROVIDERS } from '../../events';
import { METRIC } from '../../lambdas/platform/metric-names';
import { type CompositeAlarm, type MetricAlarm, MISSING } from './definitions';
import { type MonitoredParts, minutes, ownMetric, SUM } from './metrics';

/** What began before that is no longer counted as live: an end that never came must not keep the alarm armed for ever. */
const LIVE_WINDOW = Duration.hours(8);

const SECTION = 'Silence';

/** For each provider: quiet, live, and both. */
export function silenceAlarms(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const { silenceMinutes } = parts.configuration.alarms;
  return {
    metric: PROVIDERS.flatMap((provider) => [
      {
        name: `quiet-${provider}`,
        severity: 'part' as const,
        section: SECTION,
        meaning: `No new delivery of ${provider} has been accepted for ${silenceMinutes} minutes.`,
        metric: ownMetric(parts, METRIC.accepted, { statistic: SUM, period: minutes(silenceMinutes) }, { provider }),
        threshold: 1,
        below: true as const,
        missing: MISSING.silence,
      },
      {
        name: `live-${provider}`,
        severity: 'part' as const,
        section: SECTION,
        meaning: `Of what began at ${provider} in the last ${LIVE_WINDOW.toHours()} hours, not all has ended.`,
        metric: ownMetric(parts, METRIC.live, { statistic: SUM, period: LIVE_WINDOW }, { provider }),
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
