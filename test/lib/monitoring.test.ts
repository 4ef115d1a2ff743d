/** Alarms, dashboards and saved queries as the template declares them, and that the runbook keeps up with them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from 'aws-cdk-lib/assertions';
import { QUEUE_NAMES } from '../../bin/commands/dlq/queues';
import { ANSWERS } from '../../lambdas/ingest/answers';
import { METRIC, METRIC_NAMESPACE } from '../../lambdas/platform/metric-names';
import { DEFAULT_PROVIDERS } from '../../providers';
import { PROJECT_ROOT } from '../support/project';
import { resourcesOf, synthTemplate, templateWith } from '../support/template';

interface Alarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly OKActions?: readonly unknown[];
  readonly TreatMissingData?: string;
  readonly AlarmRule?: unknown;
  readonly Period?: number;
  readonly EvaluationPeriods?: number;
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Metrics?: readonly {
    readonly Expression?: string;
    readonly MetricStat?: { readonly Period: number; readonly Metric: { Namespace: string; MetricName: string } };
  }[];
}

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title?: string;
    readonly metrics?: readonly unknown[][];
    readonly alarms?: string[];
    readonly view?: string;
    readonly start?: string;
    readonly setPeriodToTimeRange?: boolean;
  };
}

const runbook = readFileSync(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');

/** The anchor of a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .replaceAll(' ', '-');

/** Sections of the runbook: heading, and the line below that says which alarms lead here. */
const sections = [...runbook.matchAll(/^## (.+)\n\n(.+)$/gm)].map(([, heading = '', alarms = '']) => ({
  heading,
  alarms,
}));

const alarmsIn = (template: Template, ...types: readonly string[]): Alarm[] =>
  types
    .flatMap((type) => resourcesOf(template, `AWS::CloudWatch::${type}`))
    .map(([, { Properties }]) => Properties as unknown as Alarm);

/** With everything that has alarms. */
const template = templateWith({ repair: { enabled: true } });
const other = synthTemplate({ name: 'other.one', alarms: { email: 'on-call@example.com', silenceMinutes: 10 } });
const metricAlarms = alarmsIn(template, 'Alarm');
const compositeAlarms = alarmsIn(template, 'CompositeAlarm');
const alarms = [...metricAlarms, ...compositeAlarms];

const DESCRIPTION =
  /^\[(page|ticket|part)\] [A-Z].+?\. (No data counts as (\w+): .+\. )?Runbook: docs\/runbook\.md, "(.+)"$/;
const severityOf = ({ AlarmDescription }: Alarm) => DESCRIPTION.exec(AlarmDescription)?.[1];
const sectionOf = ({ AlarmDescription }: Alarm) => DESCRIPTION.exec(AlarmDescription)?.[4];
const kebabNameOf = ({ AlarmName }: Alarm) => AlarmName.slice('Meetbus-'.length);

/** The text of a dashboard or a rule, with a stand-in for what CloudFormation fills in. */
const textOf = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const [, parts] = (value as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return parts.map((part) => (typeof part === 'string' ? part : JSON.stringify(part).replace(/\W/g, ''))).join('');
};

const dashboards = resourcesOf(template, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => ({
  name: Properties.DashboardName as string,
  widgets: (JSON.parse(textOf(Properties.DashboardBody)) as { widgets: Widget[] }).widgets,
}));

it('has alarms for every dead-letter queue, and a name of its own for each alarm', () => {
  const names = alarms.map(({ AlarmName }) => AlarmName);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^Meetbus-[a-z0-9]+(-[a-z0-9]+)+$|^Meetbus-(unrecognized|fallback)$/);
  const ofQueues = names.filter((name) => name.startsWith('Meetbus-dlq-'));
  expect(ofQueues.sort()).toEqual(QUEUE_NAMES.map((name) => `Meetbus-dlq-${name}`).sort());
});

it.each(alarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
  '%s says how urgent it is and what to read',
  (_, alarm) => {
    expect(alarm.AlarmDescription).toMatch(DESCRIPTION);
    expect(sections.map(({ heading }) => heading)).toContain(sectionOf(alarm));
  },
);

it.each(metricAlarms.map((alarm) => [alarm.AlarmName, alarm] as const))(
  '%s says how it takes missing data, and why',
  (_, alarm) => {
    expect(['breaching', 'notBreaching', 'ignore']).toContain(alarm.TreatMissingData);
    expect(DESCRIPTION.exec(alarm.AlarmDescription)?.[3]).toBe(alarm.TreatMissingData);
  },
);

it('notifies the one topic of every alarm, save of those that are part of another', () => {
  const [[topicId]] = resourcesOf(template, 'AWS::SNS::Topic') as [[string, unknown]];
  const parts = alarms.filter((alarm) => severityOf(alarm) === 'part');
  for (const alarm of alarms) {
    const actions = parts.includes(alarm) ? undefined : [{ Ref: topicId }];
    expect({ name: alarm.AlarmName, on: alarm.AlarmActions, off: alarm.OKActions }).toEqual({
      name: alarm.AlarmName,
      on: actions,
      off: actions,
    });
  }
  const rules = compositeAlarms.map(({ AlarmRule }) => textOf(AlarmRule)).join('\n');
  const partIds = resourcesOf(template, 'AWS::CloudWatch::Alarm').filter(
    ([, { Properties }]) => severityOf(Properties as unknown as Alarm) === 'part',
  );
  expect(partIds).toHaveLength(parts.length);
  for (const [id] of partIds) expect(rules).toContain(id);
});

it('keeps to what CloudWatch takes: ten metrics in an expression, no search, one day of data', () => {
  for (const { AlarmName, Metrics = [], Period, EvaluationPeriods = 1 } of metricAlarms) {
    const metrics = Metrics.filter(({ MetricStat }) => MetricStat);
    const period = Math.max(Period ?? 0, ...metrics.map(({ MetricStat }) => MetricStat!.Period));
    const seconds = period * EvaluationPeriods;
    expect({ AlarmName, metrics: metrics.length <= 10, seconds: seconds > 0 && seconds <= 86_400 }).toEqual({
      AlarmName,
      metrics: true,
      seconds: true,
    });
    expect(JSON.stringify(Metrics)).not.toContain('SEARCH');
  }
});

describe('the runbook', () => {
  it('has no section that no alarm leads to', () => {
    const linked = alarms.map(sectionOf);
    expect(sections.map(({ heading }) => heading).filter((heading) => !linked.includes(heading))).toEqual([]);
    expect(sections.length).toBe(new Set(linked).size);
  });

  it.each(sections)('names the alarms of "$heading" and how urgent they are', ({ alarms: line, heading }) => {
    const told = [...line.matchAll(/`(\S+)` · (page|ticket)/g)].map(([, name = '', severity]) => ({
      severity,
      pattern: new RegExp(`^${name.replaceAll('*', '.+')}$`),
    }));
    const notifying = alarms.filter((alarm) => sectionOf(alarm) === heading && severityOf(alarm) !== 'part');
    for (const alarm of notifying) {
      const matching = told.filter(({ pattern }) => pattern.test(kebabNameOf(alarm)));
      expect({ alarm: alarm.AlarmName, told: matching.map(({ severity }) => severity) }).toEqual({
        alarm: alarm.AlarmName,
        told: [severityOf(alarm)],
      });
    }
    for (const { pattern } of told) expect(notifying.some((alarm) => pattern.test(kebabNameOf(alarm)))).toBe(true);
  });

  it('links to sections that exist', () => {
    const links = [...runbook.matchAll(/\]\(#([a-z0-9-]+)\)/g)].map(([, anchor]) => anchor!);
    expect(links.length).toBeGreaterThan(5);
    const anchors = [...runbook.matchAll(/^##+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));
    expect(links.filter((link) => !anchors.includes(link))).toEqual([]);
  });

  it('names saved queries that exist, and every one of them', () => {
    const saved = resourcesOf(template, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) =>
      (Properties.Name as string).replace('Meetbus/', ''),
    );
    const named = [...runbook.matchAll(/`npx meetbus query ([a-z][a-z-]+)/g)].map(([, name]) => name!);
    expect(new Set(named)).toEqual(new Set(saved));
    expect(runbook).not.toMatch(/query `/i);
  });

  it('names graphs of the dashboards as they are called', () => {
    const graphs = [...runbook.matchAll(/`<name>-(flow|parts)`, "([^"]+)"/g)];
    expect(graphs.length).toBeGreaterThan(5);
    for (const [, which, title = ''] of graphs) {
      const { widgets } = dashboards.find(({ name }) => name === `Meetbus-${which}`)!;
      expect(widgets.map(({ properties }) => properties.title).filter((one = '') => one.includes(title))).not.toEqual(
        [],
      );
    }
  });
});

it('asks the log groups that exist, in queries that hold no line break inside a command', () => {
  const groups = new Set(resourcesOf(template, 'AWS::Logs::LogGroup').map(([id]) => id));
  for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::QueryDefinition')) {
    const names = Properties.LogGroupNames as { Ref: string }[];
    expect(names.length).toBeGreaterThan(0);
    for (const { Ref } of names) expect(groups).toContain(Ref);
    for (const line of (Properties.QueryString as string).split('\n').slice(1)) expect(line).toMatch(/^\| \w/);
  }
});

it.each(Object.entries(ANSWERS))(
  'counts a delivery with the outcome %s as a refusal unless it is answered 200',
  (outcome, answer) => {
    const [, { Properties }] = resourcesOf(template, 'AWS::Logs::QueryDefinition').find(
      ([, one]) => one.Properties.Name === 'Meetbus/refusals-by-reason',
    )!;
    const leftOut = JSON.parse(/outcome not in (\[.*?\])/.exec(Properties.QueryString as string)?.[1] ?? '[]');
    expect(leftOut.includes(outcome)).toBe(answer.statusCode === 200);
  },
);

describe.each(dashboards)('the dashboard $name', ({ widgets }) => {
  it('fits on a screen of 24 columns, and has no more than CloudWatch takes', () => {
    expect(widgets.length).toBeLessThanOrEqual(30);
    for (const { x, width, properties } of widgets) {
      expect(x + width).toBeLessThanOrEqual(24);
      expect(properties.metrics?.length ?? 0).toBeLessThanOrEqual(500);
    }
  });

  it('has no graph on top of another', () => {
    const cells = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, index) => `${x + (index % width)}/${y + Math.floor(index / width)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});

it('has numbers of the last hours, whatever the clock and the dashboard show', () => {
  const numbers = dashboards[0]!.widgets.filter(({ properties }) => properties.view === 'singleValue');
  const shown = numbers.map(({ properties: { title, start, setPeriodToTimeRange } }) => {
    expect(setPeriodToTimeRange).toBe(true);
    return [title, start];
  });
  expect(Object.fromEntries(shown)).toMatchObject({ 'Accepted in an hour': '-PT1H', Live: '-PT8H' });
  for (const [title, start] of shown)
    expect({ title, start }).toEqual({ title, start: expect.stringMatching(/^-PT\d+H$/) });
});

it('shows the state of every alarm that notifies', () => {
  const [{ properties }] = dashboards[0]!.widgets.filter(({ type }) => type === 'alarm') as [Widget];
  expect(properties.alarms).toHaveLength(alarms.filter((alarm) => severityOf(alarm) !== 'part').length);
});

it('uses every metric that functions emit, and no other name', () => {
  const inAlarms = metricAlarms.flatMap(({ Namespace, MetricName, Metrics = [] }) => [
    { Namespace, MetricName },
    ...Metrics.map(({ MetricStat }) => ({ ...MetricStat?.Metric })),
  ]);
  const ownInAlarms = inAlarms
    .filter(({ Namespace }) => Namespace === METRIC_NAMESPACE)
    .map(({ MetricName }) => MetricName);
  const ofProviders = DEFAULT_PROVIDERS.flatMap((factory) => factory().metrics ?? []).map(({ name }) => name);
  const shown = dashboards.flatMap(({ widgets }) => widgets.flatMap(({ properties }) => properties.metrics ?? []));
  const ownShown = shown.filter(([namespace]) => namespace === METRIC_NAMESPACE).map(([, name]) => name);
  expect(new Set([...ownInAlarms, ...ownShown])).toEqual(new Set([...Object.values(METRIC), ...ofProviders]));
});

it('tells two Meetbuses of one account apart', () => {
  for (const { AlarmName } of alarmsIn(other, 'Alarm', 'CompositeAlarm')) expect(AlarmName).toMatch(/^other\.one-/);
  const names = resourcesOf(other, 'AWS::CloudWatch::Dashboard').map(([, { Properties }]) => Properties.DashboardName);
  expect(names).toEqual(['other-one-flow', 'other-one-parts']);
  other.hasResourceProperties('AWS::ApiGateway::RestApi', { Name: 'other.one' });
  for (const [, { Properties }] of resourcesOf(other, 'AWS::Lambda::Function')) {
    expect(Properties.Environment).toMatchObject({ Variables: { POWERTOOLS_SERVICE_NAME: 'other.one' } });
  }
  expect(JSON.stringify(alarmsIn(other, 'Alarm'))).not.toMatch(/"Name":"service","Value":"Meetbus"/);
});

it('mails whoever the settings name, over an encrypted topic that CloudWatch may use', () => {
  template.resourceCountIs('AWS::SNS::Subscription', 0);
  other.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'on-call@example.com' });
  const [, key] = resourcesOf(other, 'AWS::KMS::Key')[0]!;
  const [, topic] = resourcesOf(other, 'AWS::SNS::Topic')[0]!;
  expect(topic.Properties.KmsMasterKeyId).toBeDefined();
  for (const [policy, action] of [
    [key.Properties.KeyPolicy, 'kms:GenerateDataKey*'],
    [resourcesOf(other, 'AWS::SNS::TopicPolicy')[0]![1].Properties.PolicyDocument, 'sns:Publish'],
  ] as const) {
    const { Statement } = policy as { Statement: { Action: string | string[]; Principal: unknown; Effect: string }[] };
    const allowed = Statement.filter(({ Action, Effect }) => Effect === 'Allow' && [Action].flat().includes(action));
    expect(allowed).toEqual([
      expect.objectContaining({
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  }
});

it('waits for silence as long as the settings say', () => {
  const periods = (of: Template) =>
    alarmsIn(of, 'Alarm')
      .filter(({ AlarmName }) => AlarmName.includes('-quiet-'))
      .flatMap(({ Metrics = [] }) => Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? []));
  expect(periods(template)).toEqual([7_200, 7_200]);
  expect(periods(other)).toEqual([600, 600]);
});

it('counts a period without data as 0 at once, where CloudWatch would go on with older ones, or keep the alarm', () => {
  const mustFill = metricAlarms.filter(
    ({ AlarmName, Metrics = [] }) =>
      /-(quiet|live)-/.test(AlarmName) ||
      Metrics.some(({ MetricStat }) => MetricStat?.Metric.Namespace === 'AWS/DynamoDB'),
  );
  expect(mustFill.map(kebabNameOf).sort()).toEqual(
    ['live-recall', 'live-realtimekit', 'quiet-recall', 'quiet-realtimekit', 'table-throttled'].sort(),
  );
  for (const alarm of metricAlarms) expect(alarm.Namespace).not.toBe('AWS/DynamoDB');
  for (const { Metrics = [] } of mustFill) expect(JSON.stringify(Metrics)).toMatch(/FILL\((m0|METRICS\(\)), 0\)/);
});
