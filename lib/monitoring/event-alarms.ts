/** Alarms on events: set aside, unrecognized, not forwarded to the shared bus; and on dead endpoints. */
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING, onSum } from './definitions';
import {
  byProvider,
  deadEndpoints,
  type MonitoredParts,
  minutes,
  over,
  republishMetric,
  SUM,
  setAside,
} from './metrics';
import { sentences } from './sentences';

const FIVE = minutes(5);

/** Events that subscribers do not receive, or will soon no longer receive. */
export function eventAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const { providers } = parts.configuration;
  const undelivered = ['FailedInvocations', 'InvocationsFailedToBeSentToDlq'];
  const setAsideBecause = providers.flatMap(({ title, setAside = [] }) =>
    setAside.map(({ why }) => `At ${title}, ${why}.`),
  );
  const deadBecause = providers.flatMap((provider) => provider.deadEndpoints?.meaning ?? []);
  return [
    ...onSum(
      {
        name: 'set-aside',
        severity: 'ticket',
        section: 'Deliveries set aside',
        meaning: `Genuine deliveries did not come to subscribers, because they prove too little. They are kept.${sentences(setAsideBecause)}`,
        missing: MISSING.nothingHappened,
      },
      setAside(parts, reading),
      FIVE,
    ),
    ...onSum(
      {
        name: 'dead-endpoint',
        severity: 'page',
        section: 'Dead real-time endpoint',
        meaning: `A provider has given up a real-time endpoint.${sentences(deadBecause)}`,
        missing: MISSING.nothingHappened,
      },
      deadEndpoints(parts, reading),
      FIVE,
    ),
    ...onSum(
      {
        name: 'unrecognized',
        severity: 'ticket',
        section: 'Unrecognized events',
        meaning: 'Genuine deliveries were not understood. They are on the intake bus; subscribers do not see them.',
        missing: MISSING.nothingHappened,
      },
      byProvider(parts, METRIC.unrecognized, reading),
      FIVE,
    ),
    {
      name: 'republish-failed',
      severity: 'page',
      section: 'Events not brought to the shared bus',
      meaning:
        'EventBridge gave up bringing events from the intake bus to the shared bus. The archive of the intake bus has them.',
      metric: over(
        'SUM',
        undelivered.map((name) => republishMetric(parts, name, reading)),
        FIVE,
      ),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
  ];
}
