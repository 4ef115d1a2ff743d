/**
 * The alarm on silence: no delivery arrives although a bot or meeting is live. docs/adr/0010-silence.md explains the
 * rule.
 */
import { Duration } from 'aws-cdk-lib';
import { METRIC, type MetricName } from '../../lambdas/platform/metric-names';
import { type CompositeAlarm, type MetricAlarm, MISSING } from './definitions';
import { filled, type MonitoredParts, minutes, ownMetric, SUM } from './metrics';

/** What began earlier no longer counts as live: a missing end must not keep the alarm armed forever. */
export const LIVE_WINDOW = Duration.hours(8);

const SECTION = 'Silence';

/** For each provider: quiet, live, and both. */
export function silenceAlarms(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const { providers, alarms } = parts.configuration;
  const { silenceMinutes } = alarms;
  const filledSumOf = (name: MetricName, period: Duration, provider: string) =>
    filled(ownMetric(parts, name, { statistic: SUM, period }, { provider }), period);
  return {
    metric: providers.flatMap(({ name: provider, title }) => [
      {
        name: `quiet-${provider}`,
        severity: 'part' as const,
        section: SECTION,
        meaning: `No new delivery of ${title} has been accepted for ${silenceMinutes} minutes.`,
        metric: filledSumOf(METRIC.accepted, minutes(silenceMinutes), provider),
        threshold: 1,
        below: true as const,
        missing: MISSING.silence,
      },
      {
        name: `live-${provider}`,
        severity: 'part' as const,
        section: SECTION,
        meaning: `Of what began at ${title} in the last ${LIVE_WINDOW.toHours()} hours, not all has ended.`,
        metric: filledSumOf(METRIC.live, LIVE_WINDOW, provider),
        threshold: 1,
        missing: MISSING.nothingHappened,
      },
    ]),
    composite: providers.map(({ name: provider, title }) => ({
      name: `silence-${provider}`,
      severity: 'page' as const,
      section: SECTION,
      meaning: `Bots or meetings of ${title} are live, and nothing has come from it for ${silenceMinutes} minutes.`,
      allOf: [`quiet-${provider}`, `live-${provider}`],
    })),
  };
}
