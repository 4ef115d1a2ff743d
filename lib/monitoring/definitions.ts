/** Definitions of alarms, from which CloudWatch alarms are made. */
import type { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { MAX_METRICS, over } from './metrics';

/**
 * `page`: somebody gets up, because events are being lost or will be. `ticket`: somebody looks in working hours.
 * `part`: does not notify; it is part of a composite alarm.
 */
export type Severity = 'page' | 'ticket' | 'part';

/** How an alarm treats missing data, and why that is right for it. */
export interface MissingData {
  readonly treatAs: cloudwatch.TreatMissingData;
  readonly because: string;
}

interface Definition {
  /** In kebab case. The alarm's name is `<name of the Meetbus>-<name>`. */
  readonly name: string;
  readonly severity: Severity;
  /** Heading of its section in the runbook. */
  readonly section: string;
  /** What it means when it fires: one sentence. */
  readonly meaning: string;
}

/** An alarm on a metric. */
export interface MetricAlarm extends Definition {
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  /** @default at or above the threshold */
  readonly below?: true;
  /** Datapoints that must all breach the threshold. @default 1 */
  readonly periods?: number;
  readonly missing: MissingData;
}

/** A composite alarm, which fires while all of its parts do. */
export interface CompositeAlarm extends Definition {
  /** Names of the parts. */
  readonly allOf: readonly string[];
}

/**
 * An alarm on the sum of metrics, with a threshold of 1. More metrics than an alarm allows are split among several
 * alarms: the second is called `<name>-2`. Without metrics there is no alarm.
 */
export function onSum(
  definition: Omit<MetricAlarm, 'metric' | 'threshold'>,
  metrics: readonly cloudwatch.IMetric[],
  period: Duration,
): MetricAlarm[] {
  return Array.from({ length: Math.ceil(metrics.length / MAX_METRICS) }, (_, index) => {
    const some = metrics.slice(index * MAX_METRICS, (index + 1) * MAX_METRICS);
    const name = index === 0 ? definition.name : `${definition.name}-${index + 1}`;
    return { ...definition, name, metric: some.length === 1 ? some[0]! : over('SUM', some, period), threshold: 1 };
  });
}

const { BREACHING, NOT_BREACHING, IGNORE } = cloudwatch.TreatMissingData;

/** Reasons for the treatment of missing data, each for several alarms. */
export const MISSING = {
  nothingHappened: { treatAs: NOT_BREACHING, because: 'nothing of the kind has happened' },
  idleQueue: { treatAs: NOT_BREACHING, because: 'SQS tells nothing of a queue that has been idle for six hours' },
  noTraffic: { treatAs: NOT_BREACHING, because: 'without deliveries there is no share; silence has its own alarm' },
  onceBegun: { treatAs: IGNORE, because: 'what has begun stays begun' },
  silence: { treatAs: BREACHING, because: 'no data is what is being looked for' },
} as const satisfies Record<string, MissingData>;
