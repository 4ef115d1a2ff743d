/** Alarms of a template through the SDK's client: their state is what their metrics are now. */
import { minutesAgo, NOW, startCloudWatch } from './fixture';

/** An alarm on the sum of a minute, that three of three windows over 10 set off, unless told. */
const alarm = (properties: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'Team',
    MetricName: 'm',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 3,
    Threshold: 10,
    ComparisonOperator: 'GreaterThanThreshold',
    ...properties,
  },
});
const composite = (rule: unknown) => ({ Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmRule: rule } });

let cloud: Awaited<ReturnType<typeof startCloudWatch>> | undefined;
afterEach(() => cloud?.close());

const start = async (resources: Record<string, object>) => {
  cloud = await startCloudWatch(resources);
  return cloud;
};

/** Values of the last minutes, the present one last; undefined where a minute has none. */
async function put(values: readonly (number | undefined)[], MetricName = 'm'): Promise<void> {
  const data = values.map((Value, index) => ({ MetricName, Value, Timestamp: minutesAgo(values.length - 1 - index) }));
  await cloud!.client.putMetricData({ Namespace: 'Team', MetricData: data.filter(({ Value }) => Value !== undefined) });
}

/** States by the alarm's logical id. */
async function states(): Promise<Record<string, string>> {
  const found = await cloud!.client.describeAlarms({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] });
  const all = [...(found.MetricAlarms ?? []), ...(found.CompositeAlarms ?? [])];
  return Object.fromEntries(
    all.map(({ AlarmName = '', StateValue = '' }) => [AlarmName.replace('Calls-', ''), StateValue]),
  );
}

const _ = undefined;
const MISSING = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;

// The columns are the four ways to treat missing data, in the order above.
it.each<[(number | undefined)[], [string, string, string, string]]>([
  [
    [_, _, _],
    ['INSUFFICIENT_DATA', 'INSUFFICIENT_DATA', 'ALARM', 'OK'],
  ],
  [
    [0, _, _],
    ['OK', 'OK', 'OK', 'OK'],
  ],
  [
    [_, _, 99],
    ['ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK'],
  ],
  [
    [99, _, 99],
    ['ALARM', 'INSUFFICIENT_DATA', 'ALARM', 'OK'],
  ],
  [
    [0, 99, 99],
    ['OK', 'OK', 'OK', 'OK'],
  ],
  [
    [99, 99, 99],
    ['ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ],
  [
    [99, 10, 99],
    ['OK', 'OK', 'OK', 'OK'],
  ],
  [
    [99, 99, 99, 0],
    ['OK', 'OK', 'OK', 'OK'],
  ],
])('with the values %j three of three alarms are %j', async (values, expected) => {
  await start(Object.fromEntries(MISSING.map((TreatMissingData) => [TreatMissingData, alarm({ TreatMissingData })])));
  await put(values);
  expect(await states()).toEqual(Object.fromEntries(MISSING.map((name, index) => [name, expected[index]])));
});

it.each<[string, object, (number | undefined)[], string]>([
  ['two of three', { DatapointsToAlarm: 2 }, [99, 0, 99], 'ALARM'],
  ['one of three', { DatapointsToAlarm: 2 }, [0, 0, 99], 'OK'],
  ['at least', { EvaluationPeriods: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' }, [10], 'ALARM'],
  ['less', { EvaluationPeriods: 1, ComparisonOperator: 'LessThanThreshold' }, [9], 'ALARM'],
  ['at most', { EvaluationPeriods: 1, ComparisonOperator: 'LessThanOrEqualToThreshold' }, [11], 'OK'],
  ['a percentile', { EvaluationPeriods: 1, Statistic: _, ExtendedStatistic: 'p99' }, [11], 'ALARM'],
  ['dimensions', { EvaluationPeriods: 1, Dimensions: [{ Name: 'a', Value: 'b' }] }, [11], 'INSUFFICIENT_DATA'],
  ['the last five minutes', { EvaluationPeriods: 1, Period: 300 }, [6, 0, 0, 0, 6], 'ALARM'],
  ['no more than these', { EvaluationPeriods: 1, Period: 300 }, [6, 0, 0, 0, 0, 6], 'OK'],
])('looks at %s', async (_what, properties, values, expected) => {
  await start({ Alarm: alarm(properties) });
  await put(values);
  expect(await states()).toEqual({ Alarm: expected });
});

it('computes the math of an alarm over its windows', async () => {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: { Metric: { Namespace: 'Team', MetricName }, Period: 300, Stat: 'Sum' },
    ReturnData: false,
  });
  const Expression = 'IF(all >= 10, 100 * FILL(bad, 0) / all, 0)';
  const { ...ratio } = alarm({
    Namespace: _,
    MetricName: _,
    Statistic: _,
    Period: _,
    EvaluationPeriods: 1,
    Threshold: 50,
  });
  await start({
    Ratio: {
      ...ratio,
      Properties: {
        ...ratio.Properties,
        Metrics: [{ Id: 'e', Expression }, metric('all', 'all'), metric('bad', 'bad')],
      },
    },
  });
  expect(await states()).toEqual({ Ratio: 'INSUFFICIENT_DATA' });
  await put([20], 'all');
  expect(await states()).toEqual({ Ratio: 'OK' });
  await put([6, 5], 'bad');
  expect(await states()).toEqual({ Ratio: 'ALARM' });
});

it('remembers since when, and a state that missing data leave as it is', async () => {
  const { client, clock } = await start({ Alarm: alarm({ EvaluationPeriods: 1, TreatMissingData: 'ignore' }) });
  await put([99]);
  const first = (await client.describeAlarms({})).MetricAlarms?.[0];
  expect(first).toMatchObject({
    StateValue: 'ALARM',
    StateUpdatedTimestamp: new Date(NOW),
    StateReason: expect.stringContaining('99'),
  });
  clock.now += 10 * 60_000;
  expect((await client.describeAlarms({})).MetricAlarms?.[0]).toMatchObject({
    StateValue: 'ALARM',
    StateUpdatedTimestamp: new Date(NOW),
  });
});

it('evaluates composite alarms, those of composite alarms too', async () => {
  const arnOf = (name: string) => ({ 'Fn::GetAtt': [name, 'Arn'] });
  const one = (MetricName: string) => alarm({ MetricName, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
  await start({
    High: one('high'),
    Low: one('low'),
    Both: composite('ALARM("Calls-High") AND ALARM(Calls-Low)'),
    Only: composite({
      'Fn::Join': ['', ['(ALARM("', arnOf('High'), '") AND NOT (ALARM("', arnOf('Both'), '") OR FALSE))']],
    }),
    Calm: composite('OK("Calls-High") AND NOT INSUFFICIENT_DATA("Calls-Low") AND TRUE'),
  });
  expect(await states()).toEqual({ High: 'OK', Low: 'OK', Both: 'OK', Only: 'OK', Calm: 'ALARM' });
  await put([99], 'high');
  expect(await states()).toEqual({ High: 'ALARM', Low: 'OK', Both: 'OK', Only: 'ALARM', Calm: 'OK' });
  await put([99], 'low');
  expect(await states()).toEqual({ High: 'ALARM', Low: 'ALARM', Both: 'ALARM', Only: 'OK', Calm: 'OK' });
});

it('describes alarms by name, prefix, state and kind, page by page', async () => {
  const named = (AlarmName: string, properties = {}) => alarm({ AlarmName, AlarmDescription: 'Look.', ...properties });
  const { client } = await start({
    A: named('a-1', { EvaluationPeriods: 1 }),
    B: named('a-2', { MetricName: 'other' }),
    C: named('b-1'),
    D: composite('TRUE'),
  });
  await put([99]);
  const names = async (input: object) =>
    (await client.describeAlarms(input)).MetricAlarms?.map(({ AlarmName }) => AlarmName);
  expect(await names({})).toEqual(['a-1', 'a-2', 'b-1']);
  expect(await names({ AlarmNamePrefix: 'a-' })).toEqual(['a-1', 'a-2']);
  expect(await names({ AlarmNames: ['b-1'] })).toEqual(['b-1']);
  expect(await names({ StateValue: 'INSUFFICIENT_DATA' })).toEqual(['a-2']);
  expect(await names({ AlarmTypes: ['CompositeAlarm'] })).toEqual([]);
  const { NextToken } = await client.describeAlarms({ MaxRecords: 2 });
  expect(await names({ MaxRecords: 2, NextToken })).toEqual(['b-1']);
  expect((await client.describeAlarms({ AlarmNames: ['a-1'] })).MetricAlarms).toMatchObject([
    {
      AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a-1',
      AlarmDescription: 'Look.',
      Threshold: 10,
      ComparisonOperator: 'GreaterThanThreshold',
      StateValue: 'ALARM',
    },
  ]);
});

it.each([
  [
    'anomaly bands',
    alarm({ ComparisonOperator: 'GreaterThanUpperThreshold' }),
    /^Alarm: the local cloud has no alarms with/,
  ],
  ['a rule that breaks off', composite('ALARM(x) AND'), /^Alarm: the alarm rule cannot be read at "its end"/],
  ['a rule of other words', composite('ALARM(x) XOR OK(x)'), /^Alarm: the alarm rule cannot be read at "XOR OK\(x\)"/],
  ['an open parenthesis', composite('(ALARM(x)'), /^Alarm: the alarm rule lacks a closing parenthesis/],
])('does not start with %s', async (_what, resource, message) => {
  cloud = undefined;
  await expect(startCloudWatch({ Alarm: resource })).rejects.toThrow(message);
});

it('remembers changes of state, with their time, each kind of alarm on its own', async () => {
  const { client, clock } = await start({
    Loud: alarm({ EvaluationPeriods: 1 }),
    Both: composite('ALARM(Calls-Loud)'),
  });
  const named = { Loud: 'Calls-Loud', Both: 'Calls-Both' };
  await states();
  await put([99]);
  await states();
  clock.now += 3_600_000;
  await states();
  const history = async (input: object) =>
    (
      await client.describeAlarmHistory({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], ...input })
    ).AlarmHistoryItems!.map(({ AlarmName, HistorySummary, Timestamp }) => [
      AlarmName,
      HistorySummary,
      Timestamp?.getTime(),
    ]);
  const [fired, over] = [NOW, NOW + 3_600_000];
  expect((await history({ ScanBy: 'TimestampAscending' })).toSorted()).toEqual([
    [named.Both, 'Alarm updated from ALARM to OK', over],
    [named.Both, 'Alarm updated from OK to ALARM', fired],
    [named.Loud, 'Alarm updated from ALARM to INSUFFICIENT_DATA', over],
    [named.Loud, 'Alarm updated from INSUFFICIENT_DATA to ALARM', fired],
  ]);
  expect(await history({ AlarmTypes: undefined, StartDate: new Date(over) })).toEqual([
    [named.Loud, 'Alarm updated from ALARM to INSUFFICIENT_DATA', over],
  ]);
  const page = await client.describeAlarmHistory({ AlarmName: named.Loud, MaxRecords: 1 });
  expect(page.AlarmHistoryItems?.map(({ Timestamp }) => Timestamp?.getTime())).toEqual([over]);
  const next = await client.describeAlarmHistory({ AlarmName: named.Loud, MaxRecords: 1, NextToken: page.NextToken });
  expect(next.AlarmHistoryItems?.map(({ HistoryData }) => JSON.parse(HistoryData ?? '').newState.stateValue)).toEqual([
    'ALARM',
  ]);
});
