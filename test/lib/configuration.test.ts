/** What the operator may say, and what they are told when it is wrong. */
import { BUILT_IN, recall } from 'meetbus';
import { ConfigurationError, parseSettings, settingsInContext } from '../../lib/configuration';
import { acme } from '../support/acme';

const parse = (context: unknown) => parseSettings(settingsInContext(context));

const DEFAULTS = {
  archiveDays: 30,
  logDays: 30,
  logLevel: 'INFO',
  consumerConcurrency: 50,
  apiGatewayAccountRole: true,
};

/** What a configuration has of each provider. */
const providersIn = (context: unknown) =>
  parse(context).providers.map(({ name, options, secret }) => ({ name, options, secretName: secret?.name }));

const RECALL = { name: 'recall', options: { requireSignature: false }, secretName: 'meetbus/recall' };
const REALTIMEKIT = {
  name: 'realtimekit',
  options: {
    keyUrl: 'https://api.realtime.cloudflare.com/.well-known/webhooks.json',
    organizationIds: [],
    webhookIds: [],
  },
  secretName: 'meetbus/realtimekit',
};

it.each([[undefined], [null], [{}], ['{}'], [{ recall: {}, realtimekit: {}, firewall: {} }]])(
  'fills in everything where it is told %j',
  (context) => {
    expect(parse(context)).toMatchObject(DEFAULTS);
    expect(providersIn(context)).toEqual([RECALL, REALTIMEKIT]);
  },
);

it('reads the JSON text of -c meetbus=', () => {
  const text = '{"logDays":90,"realtimekit":{"organizationIds":["o-1"]}}';
  expect(parse(text)).toMatchObject({ ...DEFAULTS, logDays: 90 });
  const options = { ...REALTIMEKIT.options, organizationIds: ['o-1'] };
  expect(providersIn(text)).toEqual([RECALL, { ...REALTIMEKIT, options }]);
});

describe('providers', () => {
  it('are chosen by name, with their settings beside', () => {
    expect(providersIn('{"providers":["recall"]}')).toEqual([RECALL]);
    expect(providersIn('{"providers":["recall"],"recall":{"secretName":"team/recall"}}')).toEqual([
      { ...RECALL, secretName: 'team/recall' },
    ]);
    expect(providersIn({ providers: ['realtimekit', 'recall'] })).toEqual([REALTIMEKIT, RECALL]);
  });

  it('are chosen as what their functions make', () => {
    const mine = { name: 'acme-rooms', options: undefined, secretName: undefined };
    expect(providersIn({ providers: [recall({ requireSignature: true }), acme(), 'realtimekit'] })).toEqual([
      { ...RECALL, options: { requireSignature: true } },
      mine,
      REALTIMEKIT,
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      'a name that is none',
      '{"providers":["recal"]}',
      'meetbus.providers.0: must be a provider, or the name of a built',
    ],
    [
      'a value that is no provider',
      { providers: [{ name: 'acme', runtimeFile: '/acme' }] },
      'meetbus.providers.0: must be a provider',
    ],
    ['none', '{"providers":[]}', 'meetbus.providers: must not be empty'],
    ['one twice', '{"providers":["recall","recall"]}', 'meetbus.providers: recall is there twice'],
    ['one by name and by function', { providers: ['recall', recall()] }, 'meetbus.providers: recall is there twice'],
    ...Object.entries<readonly [more: object, hint: string]>({
      'one with a name that cannot be in a path': [{ name: 'Acme/../recall' }, 'A provider cannot be named "Acme/'],
      'one that cannot keep what it does not understand': [{ families: ['meeting'] }, 'families of acme-rooms lacks'],
      'one with a family that is none': [{ families: ['meetings', 'unrecognized'] }, 'families of acme-rooms has'],
      'one with a route of another': [
        { routes: [{ path: 'recall/webhooks', id: 'AcmeHooks', slowestMs: 1 }] },
        "The path of a route must begin with the provider's name, acme-rooms/",
      ],
      'one with a path that API Gateway would read otherwise': [
        { routes: [{ path: 'acme-rooms/{token}', id: 'AcmeHooks', slowestMs: 1 }] },
        'The path of a route must be lower-case segments',
      ],
      'one whose function has the id of another': [
        { routes: [{ path: 'acme-rooms/hooks', id: 'RecallWebhooks', slowestMs: 1 }] },
        'The id RecallWebhooks is there twice',
      ],
      'one with the name of the probe': [{ name: 'probe' }, "probe is Meetbus's own probe"],
      'one whose function has the id of that of the probe': [
        { routes: [{ path: 'acme-rooms/hooks', id: 'ProbeWebhooks', slowestMs: 1 }] },
        'The id ProbeWebhooks is there twice',
      ],
      'one whose function has the id of the API': [
        { routes: [{ path: 'acme-rooms/hooks', id: 'Api', slowestMs: 1 }] },
        'A route cannot have the id Api',
      ],
    }).map(([what, [more, hint]]): [string, unknown, string] => [
      what,
      { providers: ['recall', acme({ more })] },
      `meetbus.providers: ${hint}`,
    ]),
    [
      'settings of one that is not chosen',
      '{"providers":["recall"],"realtimekit":{"webhookIds":["w"]}}',
      'meetbus.realtimekit: realtimekit is not in meetbus.providers',
    ],
  ])('are refused: %s', (_, context, hint) => {
    expect(messageOf(context)).toContain(`Wrong settings. ${hint}`);
  });

  it('lists the built-in ones where a name is wrong', () => {
    for (const name of Object.keys(BUILT_IN)) expect(messageOf('{"providers":["recal"]}')).toContain(name);
  });

  it('take no settings in two places', () => {
    const settings = { providers: [recall()], recall: { requireSignature: true } };
    expect(messageOf(settings)).toContain('meetbus.recall: ');
  });
});

const wrong: readonly [setting: string, context: unknown, hint: string][] = [
  ['meetbus', 'logDays=30', 'must be JSON'],
  ['meetbus', [], 'object'],
  ['meetbus', 17, 'object'],
  ['meetbus.name', { name: 'a/b' }, 'letters, digits'],
  ['meetbus', { recal: {} }, '"recal"'],
  ['meetbus.recall', { recall: { secret: 'x' } }, '"secret"'],
  ['meetbus.recall.secretName', { recall: { secretName: '' } }, 'name of a secret'],
  ['meetbus.recall.secretName', { recall: { secretName: 'with space' } }, 'name of a secret'],
  ['meetbus.recall.secretKeyArn', { recall: { secretKeyArn: 'alias/secrets' } }, 'ARN of a KMS key'],
  ['meetbus.recall.requireSignature', { recall: { requireSignature: 'yes' } }, 'boolean'],
  ['meetbus.realtimekit.keyUrl', { realtimekit: { keyUrl: 'http://keys.example.org' } }, 'https'],
  ['meetbus.realtimekit.keyUrl', { realtimekit: { keyUrl: 'keys' } }, 'https'],
  ['meetbus.realtimekit.organizationIds', { realtimekit: { organizationIds: 'a' } }, 'array'],
  ['meetbus.realtimekit.organizationIds.1', { realtimekit: { organizationIds: ['a', 'b,c'] } }, 'commas'],
  ['meetbus.realtimekit.webhookIds.0', { realtimekit: { webhookIds: [''] } }, '1 to 64 characters'],
  ['meetbus.firewall.requestsPerFiveMinutes', { firewall: { requestsPerFiveMinutes: 1 } }, '>=100'],
  ['meetbus.archiveDays', { archiveDays: 0 }, '>=1'],
  ['meetbus.archiveDays', { archiveDays: 1.5 }, 'int'],
  ['meetbus.logDays', { logDays: 2 }, '1, 3, 5, 7, 14, 30'],
  ['meetbus.logLevel', { logLevel: 'info' }, '"INFO"'],
  ['meetbus.consumerConcurrency', { consumerConcurrency: 1 }, '>=2'],
  ['meetbus.apiGatewayAccountRole', { apiGatewayAccountRole: 0 }, 'boolean'],
];

it.each(wrong)('names %s in one line where the context is %j', (setting, context, hint) => {
  const message = messageOf(context);
  expect(message).toContain(`Wrong settings. ${setting}: `);
  expect(message).toContain(hint);
  expect(message).not.toContain('\n');
});

it('names every wrong setting at once', () => {
  const message = messageOf({ archiveDays: 0, logLevel: 'loud', recall: { requireSignature: 1 } });
  for (const setting of ['archiveDays', 'logLevel', 'recall.requireSignature']) {
    expect(message).toContain(`meetbus.${setting}: `);
  }
});

function messageOf(context: unknown): string {
  try {
    parse(context);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigurationError);
    return (error as Error).message;
  }
  throw new Error('It was accepted.');
}
