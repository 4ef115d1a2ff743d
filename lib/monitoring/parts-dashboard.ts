/** The second dashboard: the state of each part. One row for each kind of part, one line for each part. */

import { FAMILIES, type Family, MEETING_EVENT_TYPES } from '@meetbus/events';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { METRIC, type MetricName } from '../../lambdas/platform/metric-names';
import { PROBE_ROUTE } from '../../providers/probe/names';
import type { FamilyLane } from '../family-lane';
import type { MeetbusFunction } from '../meetbus-function';
import {
  apiMetric,
  loadSources,
  MAXIMUM,
  type MonitoredParts,
  minutes,
  ofProvider,
  ownMetric,
  type Reading,
  republishMetric,
  SUM,
  secretSources,
  tableMetric,
} from './metrics';
import { graph } from './widgets';

const MINUTE = minutes(1);
const TOTAL: Reading = { statistic: SUM, period: MINUTE };
const HIGHEST: Reading = { statistic: MAXIMUM, period: MINUTE };
const SLOWEST: Reading = { statistic: 'p99', period: MINUTE };

/** The rows of the dashboard. */
export function partsWidgets(parts: MonitoredParts): cloudwatch.IWidget[][] {
  const { name, ingress, lanes, fallback, probe, repair: asks } = parts;
  const byFamily = FAMILIES.map((family) => [family, lanes[family].consumer] as const);
  const consumers = {
    ...Object.fromEntries(byFamily),
    fallback: fallback.function,
    ...(probe && { prober: probe.function }),
    ...(asks && { repair: asks.function }),
  };
  const verifiers = { ...ingress.verifiers, ...(ingress.probeVerifier && { [PROBE_ROUTE]: ingress.probeVerifier }) };
  return [
    [new cloudwatch.TextWidget({ markdown: `## ${name}: the parts`, width: 24, height: 1 })],
    api(parts),
    ...functions('Verifiers', verifiers),
    ...functions('Consumers', consumers),
    queues(lanes),
    table(parts),
    republish(parts),
    published(parts),
    oddities(parts),
    standing(parts),
    ...repair(parts),
  ];
}

function api(parts: MonitoredParts): cloudwatch.IWidget[] {
  const slowest = (metricName: 'Latency' | 'IntegrationLatency') => apiMetric(parts, metricName, SLOWEST);
  return [
    graph('API: requests', 8, [apiMetric(parts, 'Count', TOTAL)]),
    graph('API: errors', 8, [apiMetric(parts, '4XXError', TOTAL), apiMetric(parts, '5XXError', TOTAL)]),
    graph('API: p99 (milliseconds)', 8, [slowest('Latency'), slowest('IntegrationLatency')]),
  ];
}

function functions(title: string, all: Readonly<Record<string, MeetbusFunction>>): cloudwatch.IWidget[][] {
  const lines = (of: (one: MeetbusFunction, label: string) => cloudwatch.Metric) =>
    Object.entries(all).map(([label, one]) => of(one, label));
  return [
    [
      graph(
        `${title}: invocations`,
        8,
        lines((one, label) => one.metricInvocations({ ...TOTAL, label })),
      ),
      graph(
        `${title}: p99 (milliseconds)`,
        8,
        lines((one, label) => one.metricDuration({ ...SLOWEST, label })),
      ),
      graph(
        `${title}: running at a time`,
        8,
        lines((one, label) => one.metric('ConcurrentExecutions', { ...HIGHEST, label })),
      ),
    ],
    [
      graph(
        `${title}: errors`,
        12,
        lines((one, label) => one.metricErrors({ ...TOTAL, label })),
      ),
      graph(
        `${title}: throttles`,
        12,
        lines((one, label) => one.metricThrottles({ ...TOTAL, label })),
      ),
    ],
  ];
}

function queues(lanes: Readonly<Record<Family, FamilyLane>>): cloudwatch.IWidget[] {
  const lines = (of: (lane: FamilyLane, label: string) => cloudwatch.Metric) =>
    FAMILIES.map((label) => of(lanes[label], label));
  return [
    graph(
      'Queues: messages sent',
      8,
      lines(({ queue }, label) => queue.metricNumberOfMessagesSent({ ...TOTAL, label })),
    ),
    graph(
      'Queues: messages waiting',
      8,
      lines(({ queue }, label) => queue.metricApproximateNumberOfMessagesVisible({ ...HIGHEST, label })),
    ),
    graph(
      'Dead-letter queues: messages',
      8,
      lines(({ deadLetterQueue }, label) =>
        deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...HIGHEST, label }),
      ),
    ),
  ];
}

function table(parts: MonitoredParts): cloudwatch.IWidget[] {
  const lines = (metricName: Parameters<typeof tableMetric>[1], reading: Reading) =>
    (['PutItem', 'UpdateItem', 'DeleteItem'] as const).map((operation) =>
      tableMetric(parts, metricName, operation, reading).with({ label: operation }),
    );
  return [
    graph('Table: p99 (milliseconds)', 8, lines('SuccessfulRequestLatency', SLOWEST)),
    graph('Table: throttled requests', 8, lines('ThrottledRequests', TOTAL)),
    graph('Table: system errors', 8, lines('SystemErrors', TOTAL)),
  ];
}

function republish(parts: MonitoredParts): cloudwatch.IWidget[] {
  const counts = ['MatchedEvents', 'Invocations', 'FailedInvocations', 'InvocationsSentToDlq'];
  return [
    graph(
      'From the intake bus to the shared bus: events',
      12,
      counts.map((name) => republishMetric(parts, name, TOTAL)),
    ),
    graph('From the intake bus to the shared bus: p99 (milliseconds)', 12, [
      republishMetric(parts, 'IngestionToInvocationSuccessLatency', SLOWEST),
    ]),
  ];
}

function published(parts: MonitoredParts): cloudwatch.IWidget[] {
  const bySource = loadSources(parts).flatMap((source) =>
    ['ok', 'failed'].map((result) =>
      ownMetric(parts, METRIC.load, TOTAL, { source, result }).with({ label: `${source}: ${result}` }),
    ),
  );
  const byStep = ['ingest', 'publish'].map((step) =>
    ownMetric(parts, METRIC.claimCheck, TOTAL, { step }).with({ label: step }),
  );
  return [
    byType(parts, 'Published by type', METRIC.published),
    graph('Secrets and keys loaded', 6, bySource),
    graph('Bodies too large to travel', 6, byStep),
  ];
}

function oddities(parts: MonitoredParts): cloudwatch.IWidget[] {
  const ignored = secretSources(parts).map((source) =>
    ownMetric(parts, METRIC.ignoredEntry, TOTAL, { source }).with({ label: source }),
  );
  return [
    graph('Entries of secrets that cannot be used', 12, ignored),
    ...parts.configuration.providers.flatMap(({ name: provider, metrics = [] }) =>
      metrics.map(({ name, title }) => graph(title, 12, [ownMetric(parts, name, TOTAL, { provider })])),
    ),
  ];
}

function standing(parts: MonitoredParts): cloudwatch.IWidget[] {
  return [
    byType(parts, 'Published as stale', METRIC.stale),
    byType(parts, 'Published without knowing whether stale', METRIC.standingUnknown),
  ];
}

/** A row if the function `repair` is enabled. */
function repair(parts: MonitoredParts): cloudwatch.IWidget[][] {
  if (!parts.repair) return [];
  const metrics = {
    recovered: METRIC.recovered,
    'given up': METRIC.repairGivenUp,
    'runs that failed': METRIC.repairFailed,
    'wrong with the sender': METRIC.senderTrouble,
  };
  const lines = parts.repair.providers.flatMap((provider) =>
    Object.entries(metrics).map(([what, metric]) => ofProvider(parts, provider, metric, TOTAL, what)),
  );
  return [[graph('Repair of what is overdue', 24, lines)]];
}

function byType(parts: MonitoredParts, title: string, metric: MetricName): cloudwatch.GraphWidget {
  const lines = MEETING_EVENT_TYPES.map((type) => ownMetric(parts, metric, TOTAL, { type }).with({ label: type }));
  return graph(title, 12, lines, { stacked: true, legendPosition: cloudwatch.LegendPosition.RIGHT });
}
