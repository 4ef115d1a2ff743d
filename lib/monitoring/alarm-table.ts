/** All alarms. Each subject has its own file. */
import type { CompositeAlarm, MetricAlarm } from './definitions';
import { eventAlarms } from './event-alarms';
import { fallbackAlarms } from './fallback-alarms';
import { gatewayAlarms, verifierAlarms } from './ingress-alarms';
import type { MonitoredParts } from './metrics';
import { probeAlarms } from './probe-alarms';
import { providerAlarms } from './provider-alarms';
import { queueAlarms } from './queue-alarms';
import { repairAlarms } from './repair-alarms';
import { secretAlarms } from './secret-alarms';
import { silenceAlarms } from './silence';
import { burnRateAlarms } from './slo';
import { tableAlarms } from './table-alarms';

/** The definitions of all alarms of Meetbus. */
export function alarmsOf(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const burnRates = burnRateAlarms(parts);
  const silence = silenceAlarms(parts);
  const probe = probeAlarms(parts);
  return {
    metric: [
      ...queueAlarms(parts),
      ...verifierAlarms(parts),
      ...gatewayAlarms(parts),
      ...providerAlarms(parts),
      ...secretAlarms(parts),
      ...tableAlarms(parts),
      ...eventAlarms(parts),
      ...fallbackAlarms(parts),
      ...probe.metric,
      ...repairAlarms(parts),
      ...silence.metric,
      ...burnRates.metric,
    ],
    composite: [...burnRates.composite, ...probe.composite, ...silence.composite],
  };
}
