/** The two service level objectives, as burn-rate alarms. The arithmetic is explained in the runbook. */
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { IN_TIME_MS, METRIC } from '../../lambdas/platform/metric-names';
import { type CompositeAlarm, type MetricAlarm, MISSING, type Severity } from './definitions';
import {
  type MonitoredParts,
  math,
  minutes,
  ownMetric,
  providersApiMetric,
  type Reading,
  SAMPLE_COUNT,
  SUM,
} from './metrics';

interface Objective {
  readonly name: 'answered' | 'in-time';
  readonly section: string;
  readonly promise: string;
  /** Error budget: share of failures allowed in 30 days, in percent. */
  readonly budgetPercent: number;
  readonly bad: (parts: MonitoredParts, period: Reading['period']) => cloudwatch.IMetric;
  readonly all: (parts: MonitoredParts, period: Reading['period']) => cloudwatch.IMetric;
}

const OBJECTIVES: readonly Objective[] = [
  {
    name: 'answered',
    section: 'Error budget: answered',
    promise: '99.9 % of deliveries are answered 2xx or rightly refused',
    budgetPercent: 0.1,
    bad: (parts, period) => providersApiMetric(parts, '5XXError', { statistic: SUM, period }),
    all: (parts, period) => providersApiMetric(parts, 'Count', { statistic: SUM, period }),
  },
  {
    name: 'in-time',
    section: 'Error budget: in time',
    promise: `99 % of events are on the shared bus within ${IN_TIME_MS / 1_000} seconds`,
    budgetPercent: 1,
    bad: (parts, period) => ownMetric(parts, METRIC.late, { statistic: SUM, period }),
    all: (parts, period) => ownMetric(parts, METRIC.late, { statistic: SAMPLE_COUNT, period }),
  },
];

/**
 * The budget is for 30 days. Burn rate 14.4 spends 2 % of it in an hour (14.4 h of 720 h); burn rate 3 spends 10 % in a
 * day. The short window, a twelfth of the long one, ends the alarm soon after the failures end.
 */
const BURN_RATES = [
  { name: 'fast-burn', rate: 14.4, longMinutes: 60, shortMinutes: 5, severity: 'page' },
  { name: 'slow-burn', rate: 3, longMinutes: 24 * 60, shortMinutes: 2 * 60, severity: 'ticket' },
] as const satisfies readonly { severity: Severity; [key: string]: unknown }[];

/** Fewer failures in a long window cause no alarm: of twenty deliveries in a quiet night, one is already 5 %. */
const FEWEST_FAILURES = 10;

/** Share of failures that count against an objective's budget, in percent. */
export function badPercent(
  objective: Objective,
  parts: MonitoredParts,
  period: Reading['period'],
  fewest = 1,
): cloudwatch.MathExpression {
  const usingMetrics = { bad: objective.bad(parts, period), all: objective.all(parts, period) };
  return math(`IF(bad >= ${fewest}, 100 * bad / all, 0)`, usingMetrics, period);
}

/** The objective with that name. */
export const objectiveOf = (name: Objective['name']): Objective =>
  OBJECTIVES.find((objective) => objective.name === name)!;

/** Burn-rate alarms: each fires while both its windows do. */
export function burnRateAlarms(parts: MonitoredParts): { metric: MetricAlarm[]; composite: CompositeAlarm[] } {
  const pairs = OBJECTIVES.flatMap((objective) => BURN_RATES.map((burn) => ({ objective, burn })));
  return {
    metric: pairs.flatMap(({ objective, burn }) => {
      const { section, budgetPercent, promise } = objective;
      const windows = [
        { window: 'long', period: minutes(burn.longMinutes), fewest: FEWEST_FAILURES },
        { window: 'short', period: minutes(burn.shortMinutes), fewest: 1 },
      ];
      return windows.map(({ window, period, fewest }) => ({
        name: `${objective.name}-${burn.name}-${window}`,
        severity: 'part' as const,
        section,
        meaning: `Over ${period.toHumanString()}, the budget of "${promise}" burns ${burn.rate} times too fast.`,
        metric: badPercent(objective, parts, period, fewest),
        threshold: Number((burn.rate * budgetPercent).toFixed(4)),
        missing: MISSING.noTraffic,
      }));
    }),
    composite: pairs.map(({ objective, burn }) => ({
      name: `${objective.name}-${burn.name}`,
      severity: burn.severity,
      section: objective.section,
      meaning: `The promise that ${objective.promise} breaks: its budget burns ${burn.rate} times too fast.`,
      allOf: [`${objective.name}-${burn.name}-long`, `${objective.name}-${burn.name}-short`],
    })),
  };
}
