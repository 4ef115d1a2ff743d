/** The alarms of a stack, and the state of each by what its metrics are now. */
import { AwsError } from '../service';
import type { ResolvedStack, StackResource } from '../template/stack';
import { type AlarmRule, type AlarmState, parseAlarmRule } from './alarm-rule';
import { type Dimension, evaluateQueries, latestGrid, type MetricDataQuery } from './metric-queries';
import type { MetricStore } from './metric-store';

/** The properties of an `AWS::CloudWatch::Alarm` that the local cloud acts on. */
interface AlarmProperties {
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Dimensions?: Dimension[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Metrics?: readonly MetricDataQuery[];
  readonly ComparisonOperator: string;
  readonly Threshold?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData?: string;
}

/** An alarm with its state. */
export interface EvaluatedAlarm {
  readonly kind: 'MetricAlarm' | 'CompositeAlarm';
  readonly name: string;
  readonly arn: string;
  /** As the template has them. */
  readonly properties: StackResource['properties'];
  readonly state: AlarmState;
  readonly reason: string;
  /** Since when it has been so, in milliseconds since the epoch. */
  readonly since: number;
}

/** A change of an alarm's state. */
export interface StateChange {
  readonly kind: EvaluatedAlarm['kind'];
  readonly name: string;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
  /** In milliseconds since the epoch. */
  readonly at: number;
}

/** So many changes are remembered; AWS remembers those of 30 days. */
const REMEMBERED_CHANGES = 1_000;

const COMPARISONS: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
}

/** One alarm and its state. */
interface Alarm {
  readonly kind: EvaluatedAlarm['kind'];
  readonly resource: StackResource;
  readonly judge: () => Verdict;
}

/** The alarms of a stack. */
export class Alarms {
  readonly #alarms: ReadonlyMap<string, Alarm>;
  readonly #states = new Map<string, { readonly state: AlarmState; readonly since: number }>();
  readonly #underWay = new Set<string>();
  readonly #changes: StateChange[] = [];

  /** @throws Error that names the alarm that the local cloud cannot evaluate */
  constructor(
    stack: ResolvedStack,
    private readonly store: MetricStore,
  ) {
    const alarms = [
      ...stack.ofType('AWS::CloudWatch::Alarm').map((resource) => this.#metricAlarm(resource)),
      ...stack.ofType('AWS::CloudWatch::CompositeAlarm').map((resource) => this.#compositeAlarm(resource)),
    ];
    this.#alarms = new Map(alarms.map((alarm) => [alarm.resource.name, alarm]));
  }

  /** Every alarm with its state of this moment, ordered by name. */
  evaluate(): EvaluatedAlarm[] {
    this.store.sample();
    return [...this.#alarms.keys()].sort().map((name) => this.#evaluateOne(name));
  }

  /** The changes of state that were seen so far, the oldest first. */
  get changes(): readonly StateChange[] {
    return this.#changes;
  }

  #evaluateOne(name: string): EvaluatedAlarm {
    const { kind, resource, judge } = this.#alarms.get(name)!;
    const { state, reason } = judge();
    const known = this.#states.get(name);
    const { since } = known?.state === state ? known : { since: this.store.now() };
    this.#states.set(name, { state, since });
    if (known && known.state !== state) {
      this.#changes.push({ kind, name, from: known.state, to: state, reason, at: since });
      if (this.#changes.length > REMEMBERED_CHANGES) this.#changes.shift();
    }
    const { attributes, properties } = resource;
    return { kind, name, arn: attributes.Arn ?? '', properties, state, reason, since };
  }

  #metricAlarm(resource: StackResource): Alarm {
    const properties = resource.properties as unknown as AlarmProperties;
    const { ComparisonOperator: operator, Threshold: threshold } = properties;
    const compares = COMPARISONS[operator];
    if (!compares || threshold === undefined) {
      throw new Error(`${resource.logicalId}: the local cloud has no alarms with ${operator}, or without a threshold.`);
    }
    const queries = queriesOf(properties);
    const judge = (): Verdict => {
      const { EvaluationPeriods: periods } = properties;
      const values = this.#latestValues(queries, periods);
      const breaching = values.filter((value) => compares(value, threshold)).length;
      const known = this.#states.get(resource.name)?.state ?? 'INSUFFICIENT_DATA';
      const state = stateOf(properties, breaching, values.length, known);
      const found = values.length === 0 ? 'no value' : `the values ${values.join(', ')}`;
      const reason = `In the last ${periods} periods there are ${found}; ${breaching} breach ${operator} ${threshold}.`;
      return { state, reason };
    };
    return { kind: 'MetricAlarm', resource, judge };
  }

  #latestValues(queries: readonly MetricDataQuery[], periods: number): number[] {
    const [result] = evaluateQueries(this.store, queries, latestGrid(this.store.now(), periods));
    return [...(result?.series.values() ?? [])];
  }

  #compositeAlarm(resource: StackResource): Alarm {
    const text = String(resource.properties.AlarmRule);
    let rule: AlarmRule;
    try {
      rule = parseAlarmRule(text);
    } catch (error) {
      throw new Error(`${resource.logicalId}: ${(error as Error).message}`);
    }
    const judge = (): Verdict => ({
      state: rule((name) => this.#stateFor(resource, name)) ? 'ALARM' : 'OK',
      reason: `The rule is ${text}`,
    });
    return { kind: 'CompositeAlarm', resource, judge };
  }

  #stateFor({ name: parent }: StackResource, child: string): AlarmState {
    if (!this.#alarms.has(child))
      throw new AwsError('ValidationError', `The rule of ${parent} names ${child}, which is no alarm.`);
    if (this.#underWay.has(child))
      throw new AwsError('ValidationError', `The composite alarm ${child} refers to itself.`);
    this.#underWay.add(child);
    try {
      return this.#evaluateOne(child).state;
    } finally {
      this.#underWay.delete(child);
    }
  }
}

/** An alarm on one metric is one with a single query. */
function queriesOf(properties: AlarmProperties): readonly MetricDataQuery[] {
  if (properties.Metrics) return properties.Metrics;
  const { Namespace = '', MetricName = '', Dimensions = [], Period = 60 } = properties;
  const Stat = properties.ExtendedStatistic ?? properties.Statistic ?? 'Average';
  return [{ Id: 'm1', MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat } }];
}

/**
 * The state by how many windows breach and how many have a value. Missing ones count as `TreatMissingData` says; where
 * it says `missing`, values that are there decide, and none at all is INSUFFICIENT_DATA.
 */
function stateOf(
  {
    EvaluationPeriods: periods,
    DatapointsToAlarm: needed = periods,
    TreatMissingData: missing = 'missing',
  }: AlarmProperties,
  breaching: number,
  present: number,
  known: AlarmState,
): AlarmState {
  const absent = periods - present;
  const isInAlarm = (count: number): AlarmState => (count >= needed ? 'ALARM' : 'OK');
  if (missing === 'breaching') return isInAlarm(breaching + absent);
  if (missing === 'notBreaching') return isInAlarm(breaching);
  if (missing === 'ignore') {
    const isDecided = breaching >= needed || breaching + absent < needed;
    return isDecided ? isInAlarm(breaching) : known;
  }
  if (present === 0) return 'INSUFFICIENT_DATA';
  return breaching === present ? 'ALARM' : isInAlarm(breaching);
}
