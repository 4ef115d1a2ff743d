/** Alarms on the function `repair`; none without it. */
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING, onSum } from './definitions';
import { type MonitoredParts, minutes, ofProvider, SUM } from './metrics';

const FIFTEEN = minutes(15);
const HOUR = minutes(60);

/** Events were recovered; the function gave up, cannot ask, or fails; a provider does not send. */
export function repairAlarms(parts: MonitoredParts): MetricAlarm[] {
  const { repair } = parts;
  if (!repair) return [];
  // An hour with few runs has no three that can fail.
  const failures = Math.min(3, Math.floor(60 / repair.everyMinutes));
  const each = (metricName: string) =>
    repair.providers.map((provider) => ofProvider(parts, provider, metricName, { statistic: SUM, period: FIFTEEN }));
  return [
    ...onSum(
      {
        name: 'events-recovered',
        severity: 'page',
        section: 'Events recovered',
        meaning:
          'The API of a provider reported ends whose webhooks never came. They were brought back. The way of its webhooks is broken, and other events are lost.',
        missing: MISSING.nothingHappened,
      },
      each(METRIC.recovered),
      FIFTEEN,
    ),
    ...onSum(
      {
        name: 'repair-given-up',
        severity: 'ticket',
        section: 'Repair given up',
        meaning:
          'A bot, a recording or a session has begun, its end never came, and its API did not report it for more than a day.',
        missing: MISSING.nothingHappened,
      },
      each(METRIC.repairGivenUp),
      FIFTEEN,
    ),
    ...repair.providers.flatMap((provider): MetricAlarm[] => [
      {
        name: `repair-failed-${provider.name}`,
        severity: 'ticket',
        section: 'Repair cannot ask',
        meaning: `For an hour the API of ${provider.title} could not be asked about what is overdue: it has no key, refuses it, or does not respond.`,
        metric: ofProvider(parts, provider, METRIC.repairFailed, { statistic: 'Minimum', period: HOUR }),
        threshold: 1,
        missing: MISSING.nothingHappened,
      },
    ]),
    ...repair.providers
      .filter(({ inspectsSender }) => inspectsSender)
      .map(
        (provider): MetricAlarm => ({
          name: `sender-${provider.name}`,
          severity: 'page',
          section: 'Provider does not send',
          meaning: `${provider.title} does not send all events to this deployment: its webhook is disabled, is gone, has another URL, or lacks events.`,
          metric: ofProvider(parts, provider, METRIC.senderTrouble, { statistic: 'Maximum', period: HOUR }),
          threshold: 1,
          missing: MISSING.nothingHappened,
        }),
      ),
    {
      name: 'repair-errors',
      severity: 'ticket',
      section: 'Repair cannot ask',
      meaning: `The function that asks the APIs of providers about what is overdue has failed in an hour: ${failures} ${failures === 1 ? 'run' : 'runs'}.`,
      metric: repair.function.metricErrors({ statistic: SUM, period: HOUR }),
      threshold: failures,
      missing: MISSING.nothingHappened,
    },
  ];
}
