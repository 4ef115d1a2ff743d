/** Alarms on the probe: it does not come back, a family of it does not, or it takes long. docs/adr/0016-probe.md explains the rules. */

import { IN_TIME_MS, METRIC } from '../../lambdas/platform/metric-names';
import { PROBED_FAMILIES } from '../../providers/probe/types';
import { type CompositeAlarm, type MetricAlarm, MISSING } from './definitions';
import { filled, type MonitoredParts, math, minutes, ownMetric, SAMPLE_COUNT, SUM } from './metrics';

const SECTION = 'Probe';

/** One missing run may be a lost message that is retried; three in a row are a broken way. */
const MISSED_RUNS = 3;
const LEAST_MINUTES = 5;

/** Every family has a share of a sixth, so that a single slow one shows. */
const SLOW_PERCENTILE = 'p90';

/** The alarms; none if the probe is off. */
export function probeAlarms(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const { probe, configuration } = parts;
  if (!probe) return { metric: [], composite: [] };
  const { everyMinutes } = configuration.probe;
  const windowMinutes = Math.max(LEAST_MINUTES, MISSED_RUNS * everyMinutes);
  const period = minutes(windowMinutes);
  const arrivals = (dimensions = {}) =>
    ownMetric(parts, METRIC.probeTime, { statistic: SAMPLE_COUNT, period }, dimensions);
  return {
    metric: [
      {
        name: 'probe-none',
        severity: 'part',
        section: SECTION,
        meaning: `No event of the probe has come back for ${windowMinutes} minutes.`,
        metric: filled(arrivals(), period),
        threshold: 1,
        below: true,
        missing: MISSING.silence,
      },
      {
        // A new deployment has no events yet. This part lets it begin: it fires once the prober has run in two windows, and then
        // keeps its state, because the metric has no values below 1.
        name: 'probe-begun',
        severity: 'part',
        section: SECTION,
        meaning: `The prober has run for more than ${windowMinutes} minutes.`,
        metric: probe.function.metricInvocations({ statistic: SUM, period }),
        threshold: 1,
        periods: 2,
        missing: MISSING.onceBegun,
      },
      {
        name: 'probe-family',
        severity: 'page',
        section: SECTION,
        meaning: 'Events of the probe come back, but not those of every family: a queue or consumer does not work.',
        // Two windows, because a window may begin between the arrivals of one run.
        metric: math(...missingFamilies(arrivals), period),
        threshold: 1,
        periods: 2,
        missing: MISSING.nothingHappened,
      },
      {
        name: 'probe-slow',
        severity: 'ticket',
        section: SECTION,
        meaning: `A tenth or more of the probe's events take longer than ${IN_TIME_MS / 1_000} seconds to the shared bus and back.`,
        metric: ownMetric(parts, METRIC.probeTime, { statistic: SLOW_PERCENTILE, period }),
        threshold: IN_TIME_MS,
        periods: 2,
        missing: MISSING.noTraffic,
      },
    ],
    composite: [
      {
        name: 'probe-absent',
        severity: 'page',
        section: SECTION,
        meaning: `The probe has not come back for ${windowMinutes} minutes: deliveries may not reach the shared bus.`,
        allOf: ['probe-none', 'probe-begun'],
      },
    ],
  };
}

type Metrics = Parameters<typeof math>[1];

/** The number of families without an event while other events come back. If none does, `probe-absent` fires instead. */
function missingFamilies(arrivals: (dimensions?: { family: string }) => Metrics[string]): [string, Metrics] {
  const families = PROBED_FAMILIES.map((family, index) => [`m${index}`, arrivals({ family })] as const);
  const missing = families.map(([id]) => `IF(FILL(${id}, 0) < 1, 1, 0)`).join(' + ');
  return [`IF(FILL(every, 0) < 1, 0, ${missing})`, { every: arrivals(), ...Object.fromEntries(families) }];
}
