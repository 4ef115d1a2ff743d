/** Each built-in provider alone, and all of them together: cdk-nag finds nothing, and no limit of AWS is near. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { MeetbusStack } from '../../lib/meetbus-stack';
import { checkAwsSolutions } from '../../lib/nag';
import { BUILT_IN } from '../../providers';
import { probe } from '../../providers/probe';
import type { Provider } from '../../providers/provider';
import { newTestApp, resourcesOf } from '../support/template';

interface Report {
  readonly pluginReports: readonly {
    readonly pluginName: string;
    readonly violations: readonly object[];
    readonly suppressedViolations: readonly object[];
  }[];
}

/** The stack with these providers, and what cdk-nag reports of it. */
function synthesized(providers: readonly Provider[]): { readonly template: Template; readonly report: Report } {
  const app = newTestApp();
  const stack = new MeetbusStack(app, 'Meetbus', { settings: { providers } });
  checkAwsSolutions(app, stack.meetbus);
  const template = Template.fromStack(stack);
  const report = JSON.parse(readFileSync(join(app.outdir, 'validation-report.json'), 'utf8')) as Report;
  return { template, report };
}

/** About as long as what AWS puts in place of a reference. */
const RESOLVED = 'x'.repeat(100);

const isFunction = (key: string): boolean => key === 'Ref' || key.startsWith('Fn::');

/** A value with its references resolved, as far as its length is concerned. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if ('Fn::Join' in value) {
    const [separator, parts] = value['Fn::Join'] as [string, unknown[]];
    return parts.map(resolved).join(separator);
  }
  const entries = Object.entries(value);
  return entries.some(([key]) => isFunction(key))
    ? RESOLVED
    : Object.fromEntries(entries.map(([key, one]) => [key, resolved(one)]));
}

function textOf(value: unknown): string {
  const result = resolved(value);
  return typeof result === 'string' ? result : JSON.stringify(result);
}

/** The longest text of a property, among resources of a type. */
const longest = (template: Template, type: string, property: string): number =>
  Math.max(...resourcesOf(template, type).map(([, { Properties }]) => textOf(Properties[property] ?? '').length));

interface Widget {
  readonly properties: { readonly metrics?: readonly unknown[] };
}

const widgetsOf = (template: Template): Widget[][] =>
  resourcesOf(template, 'AWS::CloudWatch::Dashboard').map(
    ([, { Properties }]) => (JSON.parse(textOf(Properties.DashboardBody)) as { widgets: Widget[] }).widgets,
  );

/** What AWS limits, by its documentation of quotas: how much of it a template has, and how much it may have. */
const LIMITS: Readonly<Record<string, readonly [(template: Template) => number, number]>> = {
  resources: [(template) => Object.keys(template.toJSON().Resources).length, 500],
  outputs: [(template) => Object.keys(template.toJSON().Outputs).length, 200],
  'bytes of the template': [(template) => JSON.stringify(template.toJSON(), null, 1).length, 1_048_576],
  'resources of the API': [(template) => resourcesOf(template, 'AWS::ApiGateway::Resource').length, 300],
  'characters of an event pattern': [(template) => longest(template, 'AWS::Events::Rule', 'EventPattern'), 2_048],
  'characters of a bus policy': [(template) => longest(template, 'AWS::Events::EventBusPolicy', 'Statement'), 10_240],
  'bytes of a queue policy': [(template) => longest(template, 'AWS::SQS::QueuePolicy', 'PolicyDocument'), 8_192],
  'characters of a role policy': [(template) => longest(template, 'AWS::IAM::Policy', 'PolicyDocument'), 10_240],
  'characters of the rule of a composite alarm': [
    (template) => longest(template, 'AWS::CloudWatch::CompositeAlarm', 'AlarmRule'),
    10_240,
  ],
  'characters of a saved query': [(template) => longest(template, 'AWS::Logs::QueryDefinition', 'QueryString'), 10_000],
  'log groups of a saved query': [
    (template) =>
      Math.max(
        ...resourcesOf(template, 'AWS::Logs::QueryDefinition').map(
          ([, { Properties }]) => (Properties.LogGroupNames as unknown[]).length,
        ),
      ),
    50,
  ],
  'bytes of the environment of a function': [
    (template) => longest(template, 'AWS::Lambda::Function', 'Environment'),
    4_096,
  ],
  'widgets of a dashboard': [(template) => Math.max(...widgetsOf(template).map(({ length }) => length)), 500],
  'metrics of a dashboard': [
    (template) =>
      Math.max(
        ...widgetsOf(template).map((widgets) =>
          widgets.reduce((sum, { properties }) => sum + (properties.metrics?.length ?? 0), 0),
        ),
      ),
    2_500,
  ],
};

const all: readonly Provider[] = Object.values(BUILT_IN).map((factory) => factory());

describe.each<[string, readonly Provider[]]>([
  ...all.map((provider): [string, Provider[]] => [provider.name, [provider]]),
  ['all together', all],
])('%s', (_, providers) => {
  const { template, report } = synthesized(providers);

  it('has nothing that cdk-nag finds', () => {
    const [checked, ...others] = report.pluginReports;
    expect(others).toEqual([]);
    expect(checked).toMatchObject({ pluginName: 'AwsSolutions', violations: [] });
    // It has looked.
    expect(checked?.suppressedViolations).not.toEqual([]);
  });

  it.each(Object.entries(LIMITS))('leaves a fifth of the %s that AWS allows', (_name, [amountIn, limit]) => {
    const amount = amountIn(template);
    expect(amount).toBeGreaterThan(0);
    expect(amount).toBeLessThanOrEqual(0.8 * limit);
  });

  it('lets the API call the function of each path, and nothing else', () => {
    const permitted = resourcesOf(template, 'AWS::Lambda::Permission')
      .filter(([, { Properties }]) => Properties.Principal === 'apigateway.amazonaws.com')
      .map(([, { Properties }]) => textOf(Properties.SourceArn).split('/POST/')[1]);
    const paths = [...providers, probe()]
      .flatMap(({ routes }) => routes)
      .flatMap(({ path, takesPathToken }) => (takesPathToken ? [path, `${path}/*`] : [path]));
    expect(permitted.sort()).toEqual(paths.sort());
  });
});
