/** The probe in the template: on by default, off without a trace, and outside of all that counts providers. */
import type { Template } from 'aws-cdk-lib/assertions';
import { defaultTemplate, resourcesOf, templateWith } from '../support/template';

interface Alarm {
  readonly AlarmName: string;
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: { readonly Period: number } }[];
}

const alarmsIn = (template: Template): Alarm[] =>
  resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties as unknown as Alarm);

const periodsOf = (template: Template, name: string): number[] => {
  const { Period, Metrics = [] } = alarmsIn(template).find(({ AlarmName }) => AlarmName === `Meetbus-${name}`)!;
  return [...new Set([...(Period ? [Period] : []), ...Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? [])])];
};

const rulesIn = (template: Template, id: string) =>
  resourcesOf(template, 'AWS::Events::Rule').filter(([logicalId]) => logicalId.startsWith(id));

it('runs each minute, through the URL of the API, with a key that nobody has to make up', () => {
  const template = defaultTemplate();
  expect(rulesIn(template, 'ProbeSchedule')[0]![1].Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
  const prober = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('ProbeFunction'));
  expect(JSON.stringify(prober![1].Properties.Environment)).toContain('.execute-api.');
  template.hasResourceProperties('AWS::SecretsManager::Secret', {
    Name: 'meetbus/Meetbus/probe',
    GenerateSecretString: { GenerateStringKey: 'signingKeys', PasswordLength: 48, SecretStringTemplate: '{}' },
  });
});

it('can be off: then it has no resource, no alarm, no route and no output', () => {
  const template = templateWith({ probe: { everyMinutes: 0 } });
  const { Resources, Outputs } = template.toJSON();
  expect(Object.keys({ ...Resources, ...Outputs }).filter((id) => id.includes('Probe'))).toEqual([]);
  template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  expect(JSON.stringify([alarmsIn(template), resourcesOf(template, 'AWS::ApiGateway::Resource')])).not.toMatch(
    /probe/i,
  );
});

it.each([
  [1, 300],
  [2, 360],
  [15, 2_700],
  [60, 10_800],
])('every %i minutes: its alarms look at %i seconds', (everyMinutes, seconds) => {
  const template = templateWith({ probe: { everyMinutes } });
  for (const name of ['probe-none', 'probe-begun', 'probe-family', 'probe-slow'])
    expect({ name, periods: periodsOf(template, name) }).toEqual({ name, periods: [seconds] });
  const unit = everyMinutes === 1 ? 'minute' : 'minutes';
  const expression = everyMinutes === 60 ? 'rate(1 hour)' : `rate(${everyMinutes} ${unit})`;
  expect(rulesIn(template, 'ProbeSchedule')[0]![1].Properties.ScheduleExpression).toBe(expression);
});

it.each([[-1], [61], [0.5], ['1']])('takes no %j minutes', (everyMinutes) => {
  expect(() => templateWith({ probe: { everyMinutes: everyMinutes as number } })).toThrow(
    /meetbus\.probe\.everyMinutes/,
  );
});

it('is no provider of the app: its events are neither archived nor logged, and no alarm on providers counts it', () => {
  const template = defaultTemplate();
  for (const [, { Properties }] of resourcesOf(template, 'AWS::Events::Archive'))
    expect(Properties.EventPattern).toMatchObject({ source: [{ 'anything-but': ['meetbus-probe'] }] });
  expect(JSON.stringify(rulesIn(template, 'BusesLogRule')[0]![1].Properties.EventPattern)).not.toContain('probe');
  const others = alarmsIn(template).filter(({ AlarmName }) => !AlarmName.startsWith('Meetbus-probe-'));
  const counting = others.filter((alarm) => /probe/i.test(JSON.stringify(alarm)));
  // These subtract its requests from those of the API.
  expect(counting.map(({ AlarmName }) => AlarmName).sort()).toEqual(
    ['fast-burn-long', 'fast-burn-short', 'slow-burn-long', 'slow-burn-short'].map(
      (name) => `Meetbus-answered-${name}`,
    ),
  );
  for (const { Metrics = [] } of counting)
    expect(Metrics.map(({ Expression }) => Expression).filter(Boolean)).toEqual(
      expect.arrayContaining(['all5XXError - FILL(probe5XXError, 0)', 'allCount - FILL(probeCount, 0)']),
    );
});

it('is among the functions whose failed loads of a secret are found', () => {
  const queries = resourcesOf(defaultTemplate(), 'AWS::Logs::QueryDefinition');
  const [, query] = queries.find(([, { Properties }]) => Properties.Name === 'Meetbus/loads-failed')!;
  const groups = JSON.stringify(query.Properties.LogGroupNames);
  expect(groups).toContain('IngressProbeWebhooksLogs');
  expect(groups).toContain('ProbeFunctionLogs');
});
