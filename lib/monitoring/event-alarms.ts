/** Alarms on events: set aside, not understood, not brought to the shared bus; and endpoints from which none will come. */
import { PROVIDERS } from '@meetbus/events';
import { METRIC } from '../../lambdas/platform/metric-names';
import { type MetricAlarm, MISSING } from './definitions';
import { type MonitoredParts, minutes, over, ownMetric, republishMetric, SUM, setAside } from './metrics';

const FIVE = minutes(5);

/** Events that subscribers do not get, or soon get no more. */
export function eventAlarms(parts: MonitoredParts): MetricAlarm[] {
  const reading = { statistic: SUM, period: FIVE };
  const undelivered = ['FailedInvocations', 'InvocationsFailedToBeSentToDlq'];
  const byProvider = PROVIDERS.map((provider) => ownMetric(parts, METRIC.unrecognized, reading, { provider }));
  return [
    {
      name: 'set-aside',
      severity: 'ticket',
      section: 'Deliveries set aside',
      meaning:
        'Genuine deliveries did not come to subscribers, because nothing proved enough: of RealtimeKit whose webhook sent them, of Recall.ai more than a token. They are kept.',
      metric: over('SUM', setAside(parts, reading), FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'dead-endpoint',
      severity: 'page',
      section: 'Dead real-time endpoint',
      meaning:
        'Recall.ai has given up a real-time endpoint: no more real-time events of that bot come, and none is replayed. Its webhooks still come.',
      metric: ownMetric(parts, METRIC.deadEndpoint, reading, { provider: 'recall' }),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
    {
      name: 'unrecognized',
      severity: 'ticket',
      section: 'Unrecognized events',
      meaning: 'Genuine deliveries were not understood. They are on the intake bus; subscribers do not see them.',
      metric: over('SUM', byProvider, FIVE),
      threshold: 1,
      missing: MISSING.nothingHappened,
    },
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
