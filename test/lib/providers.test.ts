/** What a Meetbus has follows its providers: those that come with it, and one that does not. */
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { BUILT_IN } from '../../providers';
import type { Provider } from '../../providers/provider';
import { acme } from '../support/acme';
import { PROJECT_ROOT } from '../support/project';
import { resourcesOf, templateWith } from '../support/template';

const builtIn = Object.values(BUILT_IN).map((factory) => factory());

/** Names of alarms, without that of the Meetbus. */
const alarmNamesOf = (template: Template): string[] =>
  ['Alarm', 'CompositeAlarm']
    .flatMap((type) => resourcesOf(template, `AWS::CloudWatch::${type}`))
    .map(([, { Properties }]) => (Properties.AlarmName as string).replace('Meetbus-', ''));

const queryNamesOf = (template: Template): string[] =>
  resourcesOf(template, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => Properties.Name as string);

/** The description of an alarm. */
const descriptionOf = (template: Template, name: string): string => {
  const [, alarm] = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(
    ([, { Properties }]) => Properties.AlarmName === `Meetbus-${name}`,
  )!;
  return alarm.Properties.AlarmDescription as string;
};

/** Everything but the schemas of events, which are the same for every Meetbus, in one text. */
function textOf(template: Template): string {
  const { Resources, Outputs } = template.toJSON();
  const resources = Object.entries(Resources as Record<string, { Type: string }>).filter(
    ([, { Type }]) => Type !== 'AWS::EventSchemas::Schema',
  );
  return JSON.stringify([resources, Outputs]).toLowerCase();
}

/** Alarms that every provider has, by its name. */
const alarmsOfEach = ({ name, routes, secret, loads = [] }: Provider): string[] => [
  ...['refused', 'only-refused', 'unpublished', 'quiet', 'live', 'silence'].map((alarm) => `${alarm}-${name}`),
  ...routes.map(({ path }) => `verifier-duration-${path.replaceAll('/', '-')}`),
  ...(secret ? [`load-${name}-secret`] : []),
  ...loads.map((load) => `load-${name}-${load}`),
];

const all: readonly Provider[] = [...builtIn, acme()];

/** Every word with which a provider can appear in a template, in small letters. */
const wordsOf = ({ name, title, routes, secret, metrics = [], outputs = [] }: Provider): string[] =>
  [
    ...[name, title, secret?.name ?? name],
    ...routes.flatMap(({ id, path }) => [id, path]),
    ...[...metrics, ...outputs].map((one) => one.name),
  ].map((word) => word.toLowerCase());

describe.each(all)('with $name alone', (provider) => {
  const { name, routes } = provider;
  const template = templateWith({ providers: [provider] });
  const alarms = alarmNamesOf(template);

  it('has the routes and functions of that provider', () => {
    const verifiers = resourcesOf(template, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
      /^Verifies deliveries of POST \/(?!probe\/)/.test(String(Properties.Description)),
    );
    expect(verifiers).toHaveLength(routes.length);
  });

  it('has nothing of a provider that is not chosen: no function, route, permission, alarm, log group, graph or output', () => {
    const own = wordsOf(provider);
    const others = all.filter((one) => one.name !== name).flatMap(wordsOf);
    const text = textOf(template);
    expect(own.filter((word) => !text.includes(word))).toEqual([]);
    expect(others.filter((word) => !own.includes(word) && text.includes(word))).toEqual([]);
  });

  it('has the alarms of that provider', () => {
    expect(alarms).toEqual(expect.arrayContaining(alarmsOfEach(provider)));
  });

  it('has an alarm on what that provider says it does, and only on that', () => {
    const { secret, setAside, deadEndpoints } = provider;
    expect({
      notConfigured: alarms.includes('not-configured'),
      entryIgnored: alarms.includes('secret-entry-ignored'),
      setAside: alarms.includes('set-aside'),
      deadEndpoint: alarms.includes('dead-endpoint'),
      deadEndpoints: queryNamesOf(template).includes('Meetbus/dead-endpoints'),
      tile: textOf(template).includes(String.raw`\"dead endpoints\"`),
    }).toEqual({
      notConfigured: secret?.isRequired ?? false,
      entryIgnored: secret !== undefined,
      setAside: setAside !== undefined,
      deadEndpoint: deadEndpoints !== undefined,
      deadEndpoints: deadEndpoints !== undefined,
      tile: deadEndpoints !== undefined,
    });
  });
});

it.each(builtIn)('the runbook links to what the README of $name says about alarms', ({ runtimeFile }) => {
  const readme = join(dirname(runtimeFile), 'README.md');
  expect(readFileSync(readme, 'utf8')).toMatch(/^## When an alarm fires$/m);
  const runbook = readFileSync(join(PROJECT_ROOT, 'docs', 'runbook.md'), 'utf8');
  expect(runbook).toContain(`(${relative(join(PROJECT_ROOT, 'docs'), readme)}#when-an-alarm-fires)`);
});

describe('with a provider of its own beside those that come with it', () => {
  const mine = acme({
    more: {
      secret: { name: 'acme/hooks', entries: [], isRequired: true },
      afterRefusal: 'Acme Rooms gives up.',
      afterFailure: 'Acme Rooms tries twice.',
      setAside: [{ reason: 'signature_required', why: 'a token proves knocks only' }],
      deadEndpoints: { event: 'hook.died', meaning: 'Acme Rooms has closed a hook.' },
    },
  });
  const template = templateWith({ providers: [...builtIn, mine] });

  it('has every alarm that the others have', () => {
    expect(alarmNamesOf(template)).toEqual(expect.arrayContaining([...builtIn, mine].flatMap(alarmsOfEach)));
  });

  it.each([
    ['refused-acme-rooms', 'Acme Rooms gives up.'],
    ['only-refused-acme-rooms', 'Acme Rooms gives up.'],
    ['gateway-5xx', 'Acme Rooms tries twice.'],
    ['verifier-errors', 'Acme Rooms tries twice.'],
    ['verifier-throttles', 'Acme Rooms tries twice.'],
    ['not-configured', 'Acme Rooms tries twice.'],
    ['set-aside', 'At Acme Rooms, a token proves knocks only.'],
    ['dead-endpoint', 'Acme Rooms has closed a hook.'],
  ])('says in the alarm %s "%s"', (alarm, sentence) => {
    expect(descriptionOf(template, alarm)).toContain(sentence);
  });

  it.each(['not-configured', 'set-aside', 'dead-endpoint', 'unrecognized', 'fallback', 'fail-open'])(
    'adds its deliveries to those of the others in the alarm %s',
    (name) => {
      const [, { Properties }] = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(
        ([, one]) => one.Properties.AlarmName === `Meetbus-${name}`,
      )!;
      const metrics = JSON.stringify(Properties.Metrics);
      expect(metrics).toContain('"Expression":"SUM(METRICS())"');
      expect(metrics).toContain('{"Name":"provider","Value":"acme-rooms"}');
    },
  );

  it('shares its events', () => {
    for (const Description of [/^Brings meeting events/, /^Logs a line for each event/]) {
      template.hasResourceProperties('AWS::Events::Rule', {
        Description: Match.stringLikeRegexp(Description.source),
        EventPattern: { source: Match.arrayWith(['meetbus.acme-rooms']) },
      });
    }
  });

  it('looks for its dead endpoints in the saved query', () => {
    template.hasResourceProperties('AWS::Logs::QueryDefinition', {
      Name: 'Meetbus/dead-endpoints',
      QueryString: Match.stringLikeRegexp('^filter providerevent in \\["[\\w.]+", "hook\\.died"\\]\n'),
    });
  });
});

describe('with more routes than an alarm takes metrics', () => {
  const routes = Array.from({ length: 23 }, (_, index) => ({
    path: `acme-rooms/${index}`,
    id: `Acme${index}`,
    slowestMs: 4_000,
  }));
  const template = templateWith({ providers: [acme({ more: { routes } })] });

  it.each(['verifier-errors', 'verifier-throttles'])('divides %s among several alarms', (name) => {
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
      new RegExp(`^Meetbus-${name}(-\\d+)?$`).test(Properties.AlarmName as string),
    );
    const metricsOf = ({ Metrics = [] }: { Metrics?: { MetricStat?: object }[] }) =>
      Metrics.filter(({ MetricStat }) => MetricStat).length;
    expect(alarms.map(([, { Properties }]) => [Properties.AlarmName, metricsOf(Properties)])).toEqual([
      [`Meetbus-${name}`, 10],
      [`Meetbus-${name}-2`, 10],
      [`Meetbus-${name}-3`, 3],
    ]);
  });
});

it('says where to read on if providers say more than the description of an alarm takes', () => {
  const afterFailure = `Acme Rooms ${'waits and '.repeat(60)}tries again.`;
  const description = descriptionOf(templateWith({ providers: [acme({ more: { afterFailure } })] }), 'gateway-5xx');
  expect(description).toContain('is in the README of its folder');
  expect(description.length).toBeLessThanOrEqual(1_024);
});
