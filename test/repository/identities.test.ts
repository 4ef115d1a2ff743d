/**
 * What must stay as it is while code moves: ids of events, resources that hold something, and the names that others go by.
 * `identities.json` has them, and nothing rewrites it by itself. Where a change is meant, run this file with
 * `UPDATE_IDENTITIES=1`, read the diff of the JSON, and say in the commit why it changes.
 *
 * Only the imports know where things are.
 */
import { hash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UnrecognizedReason } from '@meetbus/events';
import { ANSWERS, answer, type Outcome } from '../../lambdas/ingest/answers';
import { bodyKeyOf, type DeliveryMessage, groupIdOf, presentable } from '../../lambdas/ingest/delivery-message';
import { familyOf } from '../../lambdas/ingest/family';
import { eventIdOf, onceKeyOf } from '../../lambdas/ingest/identity';
import { storedKeyOf } from '../../lambdas/ingest/stored-message';
import { LATE_AFTER_MS, METRIC, METRIC_NAMESPACE } from '../../lambdas/platform/metric-names';
import { OBJECT_PREFIX } from '../../lambdas/platform/object-store';
import { draftOf, meetingEventIn } from '../../lambdas/publish/meeting-event';
import { DEFAULT_PROVIDERS } from '../../providers';
import { readBody } from '../../providers/kit/body';
import type { SampleDelivery } from '../../providers/kit/sandbox/delivery';
import { realtimekitSamples } from '../../providers/realtimekit/sandbox';
import { realtimekitMeeting } from '../../providers/realtimekit/sandbox/meeting';
import { FORMER_HEADERS } from '../../providers/realtimekit/verify';
import { recallRoute, recallSamples } from '../../providers/recall/sandbox';
import { recallMeeting } from '../../providers/recall/sandbox/meeting';
import type { Delivery, ProviderRuntime, Verified } from '../../providers/runtime';
import { realtimekitVariants, recallVariants, type Variant } from '../../providers/variants';
import { RUNTIMES } from '../support/runtimes';
import { defaultTemplate } from '../support/template';

const EXPECTED = join(__dirname, 'identities.json');

type Lines = Record<string, string>;
/** A pair of key and text; a key that comes twice would hide one of the two. */
type Line = readonly [key: string, text: string];

/** Lines by key, in the order of their keys. */
function sorted(lines: readonly Line[]): Lines {
  const keys = lines.map(([key]) => key);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (twice.length > 0) throw new Error(`These keys come twice: ${twice.join(', ')}.`);
  return Object.fromEntries([...lines].sort(([a], [b]) => (a < b ? -1 : 1)));
}

// Ids of events

const MEETING = { seed: 'identities', start: new Date('2026-03-02T09:30:00.000Z') };
const RECEIVED_AT = Date.parse('2026-03-02T12:00:00.000Z');

/** A body, and what it is called here: what kind of sample, and which. */
type Named = readonly [name: string, body: Buffer];

const bytes = (body: unknown): Buffer => Buffer.from(JSON.stringify(body));

const named = (
  samples: Readonly<Record<string, unknown>>,
  variants: readonly Variant[],
  meeting: readonly SampleDelivery[],
): Named[] => [
  ...Object.entries(samples).map(([event, body]): Named => [`sample/${event}`, bytes(body)]),
  ...variants.map(({ event, name, body }): Named => [`variant/${event}: ${name}`, bytes(body)]),
  ...meeting.map(
    ({ event, body }, index): Named => [`meeting/${String(index + 1).padStart(2, '0')} ${event}`, bytes(body)],
  ),
  ['odd/not JSON', Buffer.from('{"event"')],
  ['odd/not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
  ['odd/no event name', bytes({ data: { bot: { id: 'b' } } })],
  ['odd/unknown event name', bytes({ event: 'of.next_year', meeting: { id: 'm' }, data: { bot: { id: 'b' } } })],
  ['odd/empty body', Buffer.from('')],
];

/** The providers whose ids are fixed here. Another one has none to keep yet. */
type Fixed = 'recall' | 'realtimekit';

const BODIES: Readonly<Record<Fixed, readonly Named[]>> = {
  recall: named(recallSamples, recallVariants, recallMeeting(MEETING)),
  realtimekit: named(realtimekitSamples, realtimekitVariants, realtimekitMeeting(MEETING)),
};

/** A way to come in: what the verifier has found out, and the headers that tell one delivery from another. */
interface Way {
  readonly name: string;
  readonly verified: Verified;
  readonly headers: Readonly<Record<string, string>>;
}

const PROVED = { outcome: 'verified', proof: 'signature' } as const;
const NOT_PROVED: UnrecognizedReason = 'sender_not_proved';
const RTK = { 'rtk-signature': 'c2lnbmF0dXJl', 'rtk-uuid': 'uuid_identities', 'rtk-webhook-id': 'webhook_identities' };
const RECALL = {
  'webhook-id': 'msg_identities',
  'webhook-timestamp': '1772452800',
  'webhook-signature': 'v1,c2lnbmF0dXJl',
};

const SIGNED: Way = { name: 'signed', verified: PROVED, headers: RECALL };
const BY_TOKEN: Way = { name: 'token', verified: { outcome: 'verified', proof: 'token' }, headers: {} };
const REALTIMEKIT_WAYS: readonly Way[] = [
  { name: 'believed', verified: PROVED, headers: RTK },
  { name: 'ours', verified: { ...PROVED, isOurs: true }, headers: RTK },
];
const FROM_ANYONE: Way = { name: 'anyone', verified: { ...PROVED, unrecognized: NOT_PROVED }, headers: RTK };

/** Every way that the provider's verifiers let a body in; what is set aside, for the plain samples alone. */
function waysOf(provider: Fixed, [name, body]: Named): readonly Way[] {
  const isSample = name.startsWith('sample/');
  if (provider === 'realtimekit') return isSample ? [...REALTIMEKIT_WAYS, FROM_ANYONE] : REALTIMEKIT_WAYS;
  const event = readBody(body, RUNTIMES[provider]).event ?? '';
  const isRealTime = recallRoute(event) === '/recall/realtime';
  return isRealTime || isSample || name.startsWith('odd/') ? [SIGNED, BY_TOKEN] : [SIGNED];
}

/** What becomes of a delivery, told as the verifier and then the consumer tell it. */
function lineOf(name: Fixed, [what, body]: Named, { name: way, verified, headers }: Way): Line {
  const runtime: ProviderRuntime = RUNTIMES[name];
  const delivery: Delivery = {
    method: 'POST',
    path: '/',
    body,
    headers: new Map(Object.entries(headers).map(([header, value]) => [header, [value]])),
    query: new Map(),
    pathToken: undefined,
    receivedAt: RECEIVED_AT,
  };
  const reading = readBody(body, runtime);
  const { proof, unrecognized } = verified;
  const { deliveryId, key } = runtime.identify(delivery, reading, verified);
  const eventId = eventIdOf(name, key);
  const message: DeliveryMessage = {
    provider: name,
    providerEvent: presentable(reading.event ?? ''),
    ...(unrecognized ? { family: 'unrecognized', unrecognized } : familyOf(runtime, reading, proof)),
    proof,
    deliveryId: presentable(deliveryId ?? eventId),
    eventId,
    correlationId: 'identities',
    receivedTime: new Date(RECEIVED_AT).toISOString(),
    body: { base64: '' },
  };
  const draft = draftOf(message, meetingEventIn(runtime, message, body));
  const facts = {
    id: eventId,
    once: onceKeyOf(message).replace(eventId, 'id'),
    type: draft.type,
    family: message.family,
    group: groupIdOf(runtime.groupOf(reading.body)) ?? '-',
    subject: draft.subject,
    // The whole event without the raw body, whatever the order of its members.
    event: hash('sha256', JSON.stringify(inOrder(JSON.parse(JSON.stringify(draft))))).slice(0, 12),
  };
  const text = Object.entries(facts).map(([fact, value]) => `${fact}=${value}`);
  return [`${name}/${what} [${way}]`, text.join(' ')];
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, inOrder(member)]));
}

const eventIds = (): Lines =>
  sorted(
    (Object.keys(BODIES) as Fixed[]).flatMap((provider) =>
      BODIES[provider].flatMap((one) => waysOf(provider, one).map((way) => lineOf(provider, one, way))),
    ),
  );

// The template

interface TemplateResource {
  readonly Type: string;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties of many types
  readonly Properties?: Readonly<Record<string, any>>;
}

interface TemplateJson {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Types whose resources hold something, are known by an address or a name, or are used by commands. */
const STATEFUL = [
  ...[
    'AWS::ApiGateway::RestApi',
    'AWS::ApiGateway::Stage',
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::CompositeAlarm',
  ],
  ...[
    'AWS::CloudWatch::Dashboard',
    'AWS::DynamoDB::GlobalTable',
    'AWS::DynamoDB::Table',
    'AWS::EventSchemas::Registry',
  ],
  ...['AWS::EventSchemas::Schema', 'AWS::Events::Archive', 'AWS::Events::EventBus', 'AWS::Events::Rule'],
  ...['AWS::IAM::Role', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::Logs::QueryDefinition', 'AWS::S3::Bucket'],
  ...['AWS::SNS::Topic', 'AWS::SQS::Queue', 'AWS::SecretsManager::Secret'],
];

/** The properties that name a resource to people and commands. */
const NAME =
  /^(AlarmName|ArchiveName|BucketName|DashboardName|LogGroupName|Name|QueueName|RegistryName|RoleName|SchemaName|StageName|TableName|TopicName)$/;

/** The logical ids that a value refers to, or the text that it is. */
function told(value: unknown): string {
  if (typeof value === 'string') return value;
  const found = JSON.stringify(value).matchAll(/"Ref":"([^"]+)"|"Fn::GetAtt":\["([^"]+)","([^"]+)"\]/g);
  return [...found].map(([, ref, id, attribute]) => ref ?? `${id}.${attribute}`).join(' ');
}

function stateful({ Resources, Outputs }: TemplateJson) {
  const all = Object.entries(Resources);
  const resources = all
    .filter(([, { Type }]) => STATEFUL.includes(Type))
    .map(([id, { Type, DeletionPolicy, Properties = {} }]): Line => {
      const names = Object.keys(Properties).filter((property) => NAME.test(property));
      const facts = [Type, DeletionPolicy ?? '', ...names.map((property) => told(Properties[property]))];
      return [id, facts.filter(Boolean).join(' ')];
    });
  const pathOf = (id: string): string => {
    const { ParentId, PathPart } = Resources[id]?.Properties ?? {};
    return PathPart === undefined ? '' : `${pathOf(ParentId.Ref)}/${PathPart}`;
  };
  const routes = all
    .filter(([, { Type }]) => Type === 'AWS::ApiGateway::Method')
    .map(([, { Properties }]): Line => {
      const { HttpMethod, ResourceId, Integration } = Properties!;
      return [`${HttpMethod} ${pathOf(ResourceId.Ref) || '/'}`, Integration.Type];
    });
  const outputs = Object.entries(Outputs).map(
    ([name, { Value }]): Line => [name, name === 'Version' ? 'of package.json' : told(Value)],
  );
  return { resources: sorted(resources), routes: sorted(routes), outputs: sorted(outputs) };
}

// Names

/** Metrics that an alarm is over, each with its dimensions; what a dimension refers to is not told. */
function watchedBy({ AlarmRule, Metrics, ...simple }: NonNullable<TemplateResource['Properties']>): string {
  if (AlarmRule !== undefined) return `alarms ${told(AlarmRule)}`;
  const metrics = Metrics?.flatMap((metric: { MetricStat?: { Metric: unknown } }) => metric.MetricStat?.Metric ?? []);
  const texts: string[] = (metrics ?? [simple]).map(({ Namespace, MetricName, Dimensions = [] }: typeof simple) => {
    const dimensions = Dimensions.map(({ Name, Value }: { Name: string; Value: unknown }) =>
      typeof Value === 'string' ? `${Name}=${Value}` : Name,
    );
    return `${Namespace}/${MetricName}(${dimensions.sort().join(', ')})`;
  });
  return [...new Set(texts)].sort().join(' ');
}

function metrics({ Resources, Outputs }: TemplateJson) {
  const ofType = (type: RegExp) => Object.values(Resources).filter(({ Type }) => type.test(Type));
  const alarms = ofType(/^AWS::CloudWatch::(Composite)?Alarm$/).map(
    ({ Properties }): Line => [Properties!.AlarmName, watchedBy(Properties!)],
  );
  const queries = ofType(/^AWS::Logs::QueryDefinition$/).map(
    ({ Properties }): Line => [Properties!.Name, hash('sha256', Properties!.QueryString).slice(0, 12)],
  );
  const answers = (Object.keys(ANSWERS) as Outcome[]).map((outcome): Line => {
    const { statusCode, headers, body } = answer(outcome);
    return [outcome, [statusCode, body, headers?.['retry-after'] ?? ''].join(' ').trim()];
  });
  const loadSources = DEFAULT_PROVIDERS.map((factory) => factory())
    .flatMap(({ name, secret, loads = [] }) => [...(secret ? ['secret'] : []), ...loads].map((load) => [name, load]))
    .map(
      ([name = '', load = '']): Line => [`${name}${load.charAt(0).toUpperCase()}${load.slice(1)}`, `${name}-${load}`],
    );
  const secrets = Object.entries(Outputs).filter(([name]) => name.endsWith('SecretName'));
  const stored = {
    provider: 'recall',
    receivedTime: '2026-03-02T12:00:00.000Z',
    family: 'bot',
    eventId: '0'.repeat(32),
  } as const;
  return {
    namespace: METRIC_NAMESPACE,
    lateAfterMs: String(LATE_AFTER_MS),
    metrics: sorted([...Object.entries(METRIC), ['formerHeaders', FORMER_HEADERS]]),
    loadSources: sorted(loadSources),
    alarms: sorted(alarms),
    answers: sorted(answers),
    queries: sorted(queries),
    objectPrefixes: sorted(Object.entries(OBJECT_PREFIX)),
    objectKeys: { body: bodyKeyOf(stored), stored: storedKeyOf(stored) },
    secretNames: sorted(secrets.map(([name, { Value }]): Line => [name, told(Value)])),
  };
}

function found() {
  const template = defaultTemplate().toJSON() as TemplateJson;
  return { eventIds: eventIds(), stateful: stateful(template), metrics: metrics(template) };
}

const now = found();
if (process.env.UPDATE_IDENTITIES === '1') writeFileSync(EXPECTED, `${JSON.stringify(now, null, 2)}\n`);
const expected: typeof now = JSON.parse(readFileSync(EXPECTED, 'utf8'));

it.each(Object.keys(now) as (keyof typeof now)[])('are the same as ever: %s', (part) => {
  expect(now[part]).toEqual(expected[part]);
});
