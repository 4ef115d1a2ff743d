/** What the operator may say, and what they are told when it is wrong. */
import { ConfigurationError, parseSettings, settingsInContext } from '../../lib/configuration';

const parse = (context: unknown) => parseSettings(settingsInContext(context));

const DEFAULTS = {
  recall: { secretName: 'meetbus/recall', requireSignature: false },
  realtimekit: {
    secretName: 'meetbus/realtimekit',
    keyUrl: 'https://api.realtime.cloudflare.com/.well-known/webhooks.json',
    organizationIds: [],
    webhookIds: [],
  },
  archiveDays: 30,
  logDays: 30,
  logLevel: 'INFO',
  consumerConcurrency: 50,
  apiGatewayAccountRole: true,
};

it.each([[undefined], [null], [{}], ['{}'], [{ recall: {}, realtimekit: {}, firewall: {} }]])(
  'fills in everything where it is told %j',
  (context) => {
    expect(parse(context)).toMatchObject(DEFAULTS);
  },
);

it('reads the JSON text of -c meetbus=', () => {
  const text = '{"logDays":90,"realtimekit":{"organizationIds":["o-1"]}}';
  expect(parse(text)).toMatchObject({
    ...DEFAULTS,
    logDays: 90,
    realtimekit: { ...DEFAULTS.realtimekit, organizationIds: ['o-1'] },
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
