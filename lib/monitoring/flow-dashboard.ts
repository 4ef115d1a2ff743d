/** The first dashboard to open: do events flow? */

import { FAMILIES } from '@meetbus/events';
import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { ANSWERS, isRefusal, type Outcome } from '../../lambdas/ingest/answers';
import { IN_TIME_MS, LATE_AFTER_MS, METRIC, type MetricName } from '../../lambdas/platform/metric-names';
import type { Provider } from '../../providers/provider';
import {
  apiMetric,
  byProvider,
  deadEndpoints,
  MAXIMUM,
  type MonitoredParts,
  math,
  minutes,
  ownMetric,
  SAMPLE_COUNT,
  SUM,
  setAside,
} from './metrics';
import { dashboardNameOf } from './names';
import { LIVE_WINDOW } from './silence';
import { badPercent, objectiveOf } from './slo';
import { graph } from './widgets';

/** A dashboard is 24 columns wide. */
const WIDTH = 24;

const MINUTE = minutes(1);
const FIVE = minutes(5);
const OUTCOMES = Object.keys(ANSWERS) as Outcome[];

/** The rows of the dashboard, from the providers to the subscribers. */
export function flowWidgets(parts: MonitoredParts, alarms: readonly cloudwatch.IAlarm[]): cloudwatch.IWidget[][] {
  return [
    [header(parts)],
    numbers(parts),
    [new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WIDTH, height: 5 })],
    [
      graph('Accepted and published', 12, [
        ownMetric(parts, METRIC.accepted, { statistic: SUM, period: MINUTE }).with({ label: 'accepted' }),
        ownMetric(parts, METRIC.publishDelay, { statistic: SAMPLE_COUNT, period: MINUTE }).with({ label: 'published' }),
      ]),
      delay(parts),
    ],
    // A row wraps if it has more graphs than fit.
    parts.configuration.providers.map((provider) => answers(parts, provider)),
    parts.configuration.providers.map((provider) => refusals(parts, provider)),
    ...(parts.probe ? [probe(parts)] : []),
    queues(parts),
    stored(parts),
    troubles(parts),
  ];
}

function header({ name, configuration }: MonitoredParts): cloudwatch.TextWidget {
  const markdown = [
    `## ${name}: do events flow?`,
    'From left to right and from top to bottom an event goes from its provider to the shared bus.',
    `What to do about an alarm: ${configuration.alarms.runbookUrl ?? 'docs/runbook.md'}. The parts: dashboard ${dashboardNameOf(name, 'parts')}.`,
  ].join('\n');
  return new cloudwatch.TextWidget({ markdown, width: WIDTH, height: 2 });
}

/** The last hour in six numbers; the number of live ones is of the last eight hours. */
function numbers(parts: MonitoredParts): cloudwatch.IWidget[] {
  const hour = { statistic: SUM, period: Duration.hours(1) };
  const good = (name: 'answered' | 'in-time', label: string) =>
    math('100 - share', { share: badPercent(objectiveOf(name), parts, hour.period) }, hour.period, label);
  // In earlier versions, ends did not count at the time of their beginning, so a sum could be negative; such datapoints
  // remain for some hours.
  const live = parts.configuration.providers.map(({ name: provider, title }, index) => {
    const id = `live${index}`;
    const sum = ownMetric(parts, METRIC.live, { statistic: SUM, period: LIVE_WINDOW }, { provider });
    return math(`IF(${id} > 0, ${id}, 0)`, { [id]: sum }, LIVE_WINDOW, title);
  });
  const dead = deadEndpoints(parts, hour, 'dead');
  // The latest period alone would be the current clock hour: at five past, only five minutes.
  const tile = (title: string, metrics: cloudwatch.IMetric[], window = hour.period) =>
    new cloudwatch.SingleValueWidget({
      title,
      metrics,
      width: 4,
      height: 3,
      start: `-PT${window.toHours()}H`,
      setPeriodToTimeRange: true,
    });
  return [
    tile('Accepted in an hour', [ownMetric(parts, METRIC.accepted, hour).with({ label: 'deliveries' })]),
    tile('Published in an hour', [
      ownMetric(parts, METRIC.publishDelay, { ...hour, statistic: SAMPLE_COUNT }).with({ label: 'events' }),
    ]),
    tile('Answered (goal 99.9 %)', [good('answered', '%')]),
    tile('In time (goal 99 %)', [good('in-time', '%')]),
    tile('Live', live, LIVE_WINDOW),
    ...(dead.length > 0 ? [tile('Dead endpoints', dead)] : []),
  ];
}

function delay(parts: MonitoredParts): cloudwatch.GraphWidget {
  const percentile = (statistic: string) =>
    ownMetric(parts, METRIC.publishDelay, { statistic, period: MINUTE }).with({ label: statistic });
  return graph('From receipt to the bus (milliseconds)', 12, [percentile('p50'), percentile('p99')], {
    leftAnnotations: [{ value: LATE_AFTER_MS, label: 'late', color: cloudwatch.Color.RED }],
  });
}

/** The responses to a provider, except refusals. */
const answers = (parts: MonitoredParts, provider: Provider): cloudwatch.GraphWidget =>
  byOutcome(parts, provider, 'deliveries by outcome', (outcome) => !isRefusal(outcome));

const refusals = (parts: MonitoredParts, provider: Provider): cloudwatch.GraphWidget =>
  byOutcome(parts, provider, 'refusals by reason', isRefusal);

function byOutcome(
  parts: MonitoredParts,
  { name: provider, title }: Provider,
  what: string,
  isShown: (outcome: Outcome) => boolean,
): cloudwatch.GraphWidget {
  const lines = OUTCOMES.filter(isShown).map((outcome) =>
    ownMetric(parts, METRIC.delivery, { statistic: SUM, period: MINUTE, label: outcome }, { provider, outcome }),
  );
  return graph(`${title}: ${what}`, 12, lines, { stacked: true });
}

/** The percentiles of a day, and the legs over time. */
function probe(parts: MonitoredParts): cloudwatch.IWidget[] {
  const day = Duration.hours(24);
  const ofDay = (statistic: string) =>
    ownMetric(parts, METRIC.probeTime, { statistic, period: day }).with({ label: `${statistic} (ms)` });
  const leg = (name: MetricName, label: string) =>
    ownMetric(parts, name, { statistic: 'p50', period: FIVE }).with({ label: `p50 ${label}` });
  return [
    new cloudwatch.SingleValueWidget({
      title: 'Probe: end to end in a day',
      metrics: [ofDay('p50'), ofDay('p99')],
      width: 6,
      height: 6,
      start: `-PT${day.toHours()}H`,
      setPeriodToTimeRange: true,
    }),
    graph(
      'Probe: end to end, and its legs (milliseconds)',
      18,
      [
        ownMetric(parts, METRIC.probeTime, { statistic: 'p99', period: FIVE }).with({ label: 'p99 total' }),
        leg(METRIC.probeTime, 'total'),
        leg(METRIC.probeAnswer, 'API'),
        leg(METRIC.probeQueue, 'queue'),
        leg(METRIC.probeBuses, 'buses'),
      ],
      { leftAnnotations: [{ value: IN_TIME_MS, label: 'objective', color: cloudwatch.Color.RED }] },
    ),
  ];
}

function queues({ lanes, buses }: MonitoredParts): cloudwatch.IWidget[] {
  const reading = { statistic: MAXIMUM, period: MINUTE };
  const depths = FAMILIES.map((family) =>
    lanes[family].deadLetterQueue.metricApproximateNumberOfMessagesVisible({ ...reading, label: family }),
  );
  const republish = buses.republishDeadLetterQueue.metricApproximateNumberOfMessagesVisible({
    ...reading,
    label: 'republish',
  });
  const ages = FAMILIES.map((family) =>
    lanes[family].queue.metricApproximateAgeOfOldestMessage({ ...reading, label: family }),
  );
  return [
    graph('Oldest message by queue (seconds)', 12, ages),
    graph('Messages in dead-letter queues', 12, [...depths, republish]),
  ];
}

function stored(parts: MonitoredParts): cloudwatch.IWidget[] {
  const reading = { statistic: SUM, period: MINUTE };
  return [
    graph('Deliveries stored because a queue was down', 12, [
      ...byProvider(parts, METRIC.fallback, reading, 'stored'),
      ...byProvider(parts, METRIC.broughtBack, reading, 'brought back'),
    ]),
    graph('Oldest stored delivery (seconds)', 12, [
      ownMetric(parts, METRIC.fallbackAge, { statistic: MAXIMUM, period: MINUTE }).with({ label: 'age' }),
    ]),
  ];
}

function troubles(parts: MonitoredParts): cloudwatch.IWidget[] {
  const reading = { statistic: SUM, period: MINUTE };
  return [
    graph('API errors', 12, [
      apiMetric(parts, '4XXError', reading).with({ label: '4xx' }),
      apiMetric(parts, '5XXError', reading).with({ label: '5xx', color: cloudwatch.Color.RED }),
    ]),
    graph('Unrecognized, set aside, enqueued without the table, dead endpoints', 12, [
      ...byProvider(parts, METRIC.unrecognized, reading, 'unrecognized'),
      ...setAside(parts, reading),
      ...byProvider(parts, METRIC.failOpen, reading, 'fail-open'),
      ...deadEndpoints(parts, reading, 'dead endpoints'),
    ]),
  ];
}
