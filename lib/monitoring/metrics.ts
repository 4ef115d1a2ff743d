/** The metrics that alarms and dashboards use: Meetbus's own, and AWS's metrics of its parts. */

import type { Family } from '@meetbus/events';
import { Duration, Fn } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC, METRIC_NAMESPACE } from '../../lambdas/platform/metric-names';
import { PROBE_ROUTE } from '../../providers/probe/names';
import type { Provider } from '../../providers/provider';
import type { Configuration } from '../configuration';
import type { EventBuses } from '../event-buses';
import type { Fallback } from '../fallback';
import type { FamilyLane } from '../family-lane';
import type { Ingress } from '../ingress';
import type { Probe } from '../probe';
import type { Repair } from '../repair';
import type { Storage } from '../storage';

/** The monitored parts. */
export interface MonitoredParts {
  /** Name of the Meetbus: prefix of the names of alarms and dashboards, and dimension `service` of its metrics. */
  readonly name: string;
  readonly ingress: Ingress;
  readonly lanes: Readonly<Record<Family, FamilyLane>>;
  readonly fallback: Fallback;
  /** Undefined if the settings do not enable it. */
  readonly repair: Repair | undefined;
  readonly buses: EventBuses;
  readonly storage: Storage;
  /** Undefined if it is off. */
  readonly probe: Probe | undefined;
  readonly configuration: Configuration;
}

/** Statistic and period of a metric. */
export interface Reading {
  readonly statistic: string;
  readonly period: Duration;
  /** Label in a graph. @default CloudWatch's label */
  readonly label?: string;
}

export const SUM = cloudwatch.Stats.SUM;
export const MAXIMUM = cloudwatch.Stats.MAXIMUM;
export const SAMPLE_COUNT = cloudwatch.Stats.SAMPLE_COUNT;

/** A metric that functions emit. Without dimensions it is the total over all providers. */
export const ownMetric = (
  { name }: Pick<MonitoredParts, 'name'>,
  metricName: string,
  reading: Reading,
  dimensions: Readonly<Record<string, string>> = {},
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName,
    dimensionsMap: { service: name, ...dimensions },
    ...reading,
  });

/** A metric of the API's one stage. */
export const apiMetric = (
  { ingress: { api } }: Pick<MonitoredParts, 'ingress'>,
  metricName: 'Count' | '4XXError' | '5XXError' | 'Latency' | 'IntegrationLatency',
  reading: Reading,
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiName: api.restApiName, Stage: api.deploymentStage.stageName },
    ...reading,
  });

/** {@link apiMetric} without the requests of the probe, which come whether or not a provider sends anything. */
export function providersApiMetric(
  parts: Pick<MonitoredParts, 'ingress' | 'probe'>,
  metricName: 'Count' | '5XXError',
  reading: Reading,
): cloudwatch.IMetric {
  const all = apiMetric(parts, metricName, reading);
  if (!parts.probe) return all;
  const { ApiName, Stage } = all.dimensions as Record<string, string>;
  const ofProbe = all.with({
    dimensionsMap: { ApiName: ApiName!, Stage: Stage!, Method: 'POST', Resource: `/${PROBE_ROUTE}` },
  });
  const [whole, part] = [`all${metricName}`, `probe${metricName}`];
  return math(`${whole} - FILL(${part}, 0)`, { [whole]: all, [part]: ofProbe }, reading.period);
}

/**
 * A metric that functions emit, of each provider.
 *
 * @param what prefix of the labels in a graph, such as `stored: Acme`; alarms have no labels
 */
export const byProvider = (
  parts: MonitoredParts,
  metricName: string,
  reading: Reading,
  what?: string,
): cloudwatch.Metric[] =>
  parts.configuration.providers.map((provider) => ofProvider(parts, provider, metricName, reading, what));

/** A metric that functions emit, of one provider. See {@link byProvider}. */
export const ofProvider = (
  parts: MonitoredParts,
  { name: provider, title }: Provider,
  metricName: string,
  reading: Reading,
  what?: string,
): cloudwatch.Metric =>
  ownMetric(parts, metricName, { ...reading, ...(what && { label: `${what}: ${title}` }) }, { provider });

/** Deliveries that were set aside, by provider and reason. */
export const setAside = (parts: MonitoredParts, reading: Reading): cloudwatch.Metric[] =>
  parts.configuration.providers.flatMap(({ name: provider, setAside = [] }) =>
    setAside.map(({ reason }) => ownMetric(parts, METRIC.setAside, reading, { provider, reason })),
  );

/** Dead real-time endpoints, for each provider that reports them. See {@link byProvider}. */
export const deadEndpoints = (parts: MonitoredParts, reading: Reading, what?: string): cloudwatch.Metric[] =>
  parts.configuration.providers
    .filter((provider) => provider.deadEndpoints !== undefined)
    .map((provider) => ofProvider(parts, provider, METRIC.deadEndpoint, reading, what));

/** A metric of the rule that forwards events from the intake bus to the shared bus. */
export const republishMetric = (
  { buses }: Pick<MonitoredParts, 'buses'>,
  metricName: string,
  reading: Reading,
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/Events',
    metricName,
    dimensionsMap: {
      EventBusName: buses.intake.eventBusName,
      // CDK's `ruleName` is `<bus>|<rule>` for a rule on a custom bus. Its ARN ends with `rule/<bus>/<rule>`.
      RuleName: Fn.select(2, Fn.split('/', buses.republishRule.ruleArn)),
    },
    ...reading,
  });

/** A metric of one operation of the table. */
export const tableMetric = (
  { storage: { table } }: Pick<MonitoredParts, 'storage'>,
  metricName: 'ThrottledRequests' | 'SystemErrors' | 'SuccessfulRequestLatency',
  Operation: 'PutItem' | 'UpdateItem' | 'DeleteItem',
  reading: Reading,
): cloudwatch.Metric =>
  new cloudwatch.Metric({
    namespace: 'AWS/DynamoDB',
    metricName,
    dimensionsMap: { TableName: table.tableName, Operation },
    ...reading,
  });

/** Metrics in the expression of an alarm (CloudWatch user guide, "Create an alarm based on a metric math expression"). */
export const MAX_METRICS = 10;

/** An expression over metrics. That of an alarm may have {@link MAX_METRICS}, and no SEARCH. */
export function math(
  expression: string,
  usingMetrics: Readonly<Record<string, cloudwatch.IMetric>>,
  period: Duration,
  label?: string,
): cloudwatch.MathExpression {
  return new cloudwatch.MathExpression({ expression, usingMetrics: { ...usingMetrics }, period, label });
}

/** Metrics with the ids `m0`, `m1` and so on, which an expression needs. */
const numbered = (metrics: readonly cloudwatch.IMetric[]): Record<string, cloudwatch.IMetric> =>
  Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));

/** The metrics in one function, such as `SUM`. */
export const over = (
  all: 'SUM' | 'MAX',
  metrics: readonly cloudwatch.IMetric[],
  period: Duration,
): cloudwatch.MathExpression => math(`${all}(METRICS())`, numbered(metrics), period);

/**
 * A metric in which a period without data counts as 0 at once. Without this CloudWatch evaluates older datapoints in
 * its evaluation range, whatever the treatment of missing data (CloudWatch user guide, "Configuring how CloudWatch
 * alarms treat missing data"): with long periods that takes hours. For metrics of DynamoDB, missing data keeps the
 * alarm's state instead.
 */
export const filled = (metric: cloudwatch.IMetric, period: Duration): cloudwatch.MathExpression =>
  math('FILL(m0, 0)', { m0: metric }, period);

/** {@link over}, but a period without data counts as 0 at once: see {@link filled}. */
export const filledSum = (metrics: readonly cloudwatch.IMetric[], period: Duration): cloudwatch.MathExpression =>
  math('SUM(FILL(METRICS(), 0))', numbered(metrics), period);

/** Shorthand for a period. */
export const minutes = (amount: number): Duration => Duration.minutes(amount);

/** The values of the dimension `source`: each provider's secret, and the other values that its runtime loads. */
export const loadSources = ({ configuration: { providers } }: Pick<MonitoredParts, 'configuration'>): string[] =>
  providers.flatMap(({ name, secret, loads = [] }) => [
    ...(secret ? [`${name}-secret`] : []),
    ...loads.map((load) => `${name}-${load}`),
  ]);

/** Those of {@link loadSources} that are secrets. */
export const secretSources = ({ configuration: { providers } }: Pick<MonitoredParts, 'configuration'>): string[] =>
  providers.filter(({ secret }) => secret !== undefined).map(({ name }) => `${name}-secret`);
