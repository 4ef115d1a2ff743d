/** Metrics through the SDK's client: what is put in can be asked for, as statistics and by metric math. */
import type { MetricDataQuery } from '@aws-sdk/client-cloudwatch';
import { embeddedMetrics } from '../../src/cloudwatch/embedded-metrics';
import { RETENTION_MS } from '../../src/cloudwatch/metric-store';
import { minutesAgo, NOW, startCloudWatch } from './fixture';

const Namespace = 'Team';
let cloud: Awaited<ReturnType<typeof startCloudWatch>>;
beforeEach(async () => {
  cloud = await startCloudWatch();
});
afterEach(() => cloud.close());

/** Puts values of a metric, each so many minutes ago. */
const put = (MetricName: string, values: Readonly<Record<number, number | number[]>>) =>
  cloud.client.putMetricData({
    Namespace,
    MetricData: Object.entries(values).map(([minutes, value]) => ({
      MetricName,
      Timestamp: minutesAgo(Number(minutes)),
      Values: [value].flat(),
    })),
  });

const stat = (Id: string, Stat = 'Sum', Period = 60): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace, MetricName: Id }, Period, Stat },
});

/** The values of each query that returns data, oldest first. */
async function valuesOf(MetricDataQueries: MetricDataQuery[], minutes = 5): Promise<(number[] | undefined)[]> {
  const { MetricDataResults = [] } = await cloud.client.getMetricData({
    MetricDataQueries,
    StartTime: minutesAgo(minutes),
    EndTime: new Date(NOW),
    ScanBy: 'TimestampAscending',
  });
  return MetricDataResults.map(({ Values }) => Values);
}

it.each([
  ['Sum', 16],
  ['Average', 4],
  ['Minimum', 1],
  ['Maximum', 10],
  ['SampleCount', 4],
  ['p50', 2],
  ['p75', 3],
  ['p99', 10],
  ['p100', 10],
  ['TC(:3)', 3],
  ['PR(:3)', 75],
  ['TC(1:2)', 1],
])('gives the statistic %s', async (name, value) => {
  await put('m', { 1: [10, 1, 3, 2] });
  expect(await valuesOf([stat('m', name)])).toEqual([[value]]);
});

it('gives percentiles of many values to three digits', async () => {
  cloud.store.record(
    Array.from({ length: 20_000 }, (_, value) => ({ namespace: Namespace, name: 'm', dimensions: {}, value })),
  );
  expect(await valuesOf([stat('m', 'p99')])).toEqual([[19_800]]);
});

it('gives windows from the minute of the start, and the present one as far as it has come', async () => {
  await put('m', { 0: 1, 1: 2, 2: 4, 7: 8 });
  const { MetricDataResults } = await cloud.client.getMetricData({
    MetricDataQueries: [stat('m', 'Sum', 300)],
    StartTime: minutesAgo(8),
    EndTime: new Date(NOW),
  });
  expect(MetricDataResults).toMatchObject([
    {
      Id: 'm',
      Label: 'm',
      Timestamps: ['2026-11-21T11:57:00Z', '2026-11-21T11:52:00Z'].map((time) => new Date(time)),
      Values: [7, 8],
      StatusCode: 'Complete',
    },
  ]);
});

it.each<[string, number[]]>([
  ['a + 1', [3, 5]],
  ['-a * 2 + b / 5', [-2, -4]],
  ['(a + b) ^ 2', [144, 576]],
  ['a / (a - 2)', [2]],
  ['a + gaps', [7]],
  ['FILL(gaps, 0)', [0, 3]],
  ['FILL(gaps, b)', [10, 3]],
  ['FILL(a, REPEAT)', [2, 4]],
  ['FILL(none, 7)', [7, 7]],
  ['a + FILL(none, 0)', [2, 4]],
  ['IF(a > 2, b, 0)', [0, 20]],
  ['IF(a >= 2 AND NOT_ == 0, 1, 2)', [1, 1]],
  ['IF(a < 3 || b == 20, a)', [2, 4]],
  ['SUM([a, b, gaps])', [12, 27]],
  ['MAX([a, 3])', [3, 4]],
  ['SUM(METRICS())', [12, 27]],
  ['MIN(METRICS("b"))', [10, 20]],
  ['AVG(METRICS())', [6, 9]],
  ['b / PERIOD(b) * 60', [10, 20]],
  ['DIFF(b)', [10]],
  ['RUNNING_SUM(b)', [10, 30]],
  ['ABS(a - b)', [8, 16]],
  ['a - SUM(a)', [-4, -2]],
])('computes %s', async (Expression, expected) => {
  await put('a', { 1: 2, 0: 4 });
  await put('b', { 1: 10, 0: 20 });
  await put('gaps', { 0: 3 });
  const inputs = ['a', 'b', 'gaps', 'none'].map((id) => ({ ...stat(id), Label: id, ReturnData: false }));
  const zero = { Id: 'NOT_', Expression: 'TIME_SERIES(0)', ReturnData: false };
  expect(await valuesOf([...inputs, zero, { Id: 'e', Expression }], 1)).toEqual([expected]);
});

it.each([
  [{ Id: 'e', Expression: 'm +' }, /cannot read the metric math "m \+" at its end/],
  [{ Id: 'e', Expression: 'SUM(m' }, /where "\)" is missing/],
  [{ Id: 'e', Expression: 'm ? 1' }, /at "\? 1"/],
  [{ Id: 'e', Expression: 'SEARCH("x")' }, /has no SEARCH\. It has: SUM, /],
  [{ Id: 'e', Expression: 'n + 1' }, /No metric query has the id n/],
  [{ Id: 'e', Expression: 'e + 1' }, /e refers to itself/],
  [stat('m', 'IQM'), /has no statistic IQM/],
  [stat('m', 'Sum', 90), /multiple of 60 seconds, not 90/],
])('refuses %j', async (query, message) => {
  await put('m', { 1: 1 });
  const input = query.Id === 'm' ? [query] : [{ ...stat('m'), ReturnData: false }, query];
  await expect(valuesOf(input)).rejects.toThrow(message);
});

it('lists metrics by namespace, name and dimensions', async () => {
  const data = (name: string, dimensions: Record<string, string>) => ({
    namespace: Namespace,
    name,
    dimensions,
    value: 1,
  });
  cloud.store.record([
    data('a', { type: 'x' }),
    data('a', { type: 'y' }),
    data('b', {}),
    { ...data('a', {}), namespace: 'Other' },
  ]);
  const list = async (input: object) => (await cloud.client.listMetrics({ Namespace, ...input })).Metrics;
  expect(await list({})).toHaveLength(3);
  expect(await list({ MetricName: 'a', Dimensions: [{ Name: 'type' }] })).toHaveLength(2);
  expect(await list({ Dimensions: [{ Name: 'type', Value: 'y' }] })).toEqual([
    { Namespace, MetricName: 'a', Dimensions: [{ Name: 'type', Value: 'y' }] },
  ]);
});

it('takes what a client has compressed', async () => {
  const MetricData = Array.from({ length: 300 }, (_, index) => ({ MetricName: 'long', Value: index }));
  await cloud.client.putMetricData({ Namespace, MetricData });
  expect(await valuesOf([stat('long', 'SampleCount')])).toEqual([[300]]);
});

it('forgets what is some hours old, and metrics that have nothing else', async () => {
  await put('m', { 0: 1 });
  cloud.clock.now += RETENTION_MS + 2 * 60_000;
  await put('late', { 0: 1 });
  expect((await cloud.client.listMetrics({})).Metrics).toEqual([]);
});

it('reads metrics from log lines in the embedded format, and nothing from others', () => {
  const directive = {
    Namespace,
    Dimensions: [['type'], []],
    Metrics: [{ Name: 'n', Unit: 'Count' }, { Name: 'absent' }],
  };
  const line = { _aws: { Timestamp: 1, CloudWatchMetrics: [directive] }, type: 'x', n: [1, 2] };
  const datum = (dimensions: object, value: number) => ({ namespace: Namespace, name: 'n', dimensions, value, at: 1 });
  expect(embeddedMetrics(JSON.stringify(line))).toEqual([
    datum({ type: 'x' }, 1),
    datum({ type: 'x' }, 2),
    datum({}, 1),
    datum({}, 2),
  ]);
  for (const other of ['', 'START', '{"n":1}', '"_aws"', '{"_aws":{}}']) expect(embeddedMetrics(other)).toEqual([]);
});
