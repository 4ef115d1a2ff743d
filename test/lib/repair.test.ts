/** What the setting `repair` adds to the template; without it, nothing. */
import { ConfigurationError } from '../../lib/configuration';
import { defaultTemplate, resourcesOf, synthTemplate, templateWith } from '../support/template';

const ofRepair = (template: ReturnType<typeof defaultTemplate>) =>
  Object.keys(template.toJSON().Resources).filter((id) => id.includes('Repair'));

const consumerEnvironments = (template: ReturnType<typeof defaultTemplate>) =>
  resourcesOf(template, 'AWS::Lambda::Function')
    .filter(([id]) => id.includes('LaneConsumer'))
    .map(([, { Properties }]) => (Properties.Environment as { Variables: Record<string, unknown> }).Variables.REPAIR);

it('adds nothing unless it is enabled', () => {
  expect(templateWith({ repair: { enabled: false, everyMinutes: 5 } }).toJSON()).toEqual(defaultTemplate().toJSON());
  expect(ofRepair(defaultTemplate())).toEqual([]);
  expect(consumerEnvironments(defaultTemplate()).filter(Boolean)).toEqual([]);
});

it('changes nothing else, but that consumers remember what begins', () => {
  const template = synthTemplate({ repair: { enabled: true } });
  expect(new Set(consumerEnvironments(template))).toEqual(new Set(['enabled']));
  const withIds = new Set(Object.keys(template.toJSON().Resources));
  expect(Object.keys(defaultTemplate().toJSON().Resources).filter((id) => !withIds.has(id))).toEqual([]);
});

it('runs on its schedule, ends before the next run, and takes no retries', () => {
  const template = templateWith({ repair: { enabled: true, everyMinutes: 5, requestsPerRun: 30 } });
  template.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
  const [[, { Properties }]] = resourcesOf(template, 'AWS::Lambda::Function').filter(([id]) =>
    id.startsWith('RepairFunction'),
  ) as [[string, { Properties: Record<string, unknown> }]];
  expect(Properties.Timeout).toBe(240);
  expect(Properties.Environment).toMatchObject({
    Variables: { REQUESTS_PER_RUN: '30', POWERTOOLS_SERVICE_NAME: 'Meetbus' },
  });
  const rules = resourcesOf(template, 'AWS::Events::Rule').filter(([id]) => id.startsWith('RepairSchedule'));
  expect(JSON.stringify(rules)).toContain('"MaximumRetryAttempts":0');
  // Those of the rule concern its call of Lambda; Lambda itself would repeat a run that has failed.
  template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
});

it.each([
  [5, 3],
  [15, 3],
  [30, 2],
  [60, 1],
])('every %s minutes, %s failed runs in an hour raise the alarm', (everyMinutes, Threshold) => {
  const template = templateWith({ repair: { enabled: true, everyMinutes } });
  template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'Meetbus-repair-errors',
    Threshold,
  });
});

it('has an alarm on the sender only where a look at it can find trouble', () => {
  const names = resourcesOf(templateWith({ repair: { enabled: true } }), 'AWS::CloudWatch::Alarm')
    .map(([, { Properties }]) => String(Properties.AlarmName))
    .filter((name) => name.includes('-sender-'));
  expect(names).toEqual(['Meetbus-sender-realtimekit']);
});

it('refuses settings that no API would bear', () => {
  expect(() => templateWith({ repair: { enabled: true, everyMinutes: 1, requestsPerRun: 5_000 } })).toThrow(
    ConfigurationError,
  );
});

it('has no function where no provider has an API that is read', () => {
  expect(ofRepair(templateWith({ providers: ['zoom'], repair: { enabled: true } }))).toEqual([]);
});
