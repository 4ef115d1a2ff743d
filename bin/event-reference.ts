/** What the catalogue of event types and the docs of the providers say about each type: for the console and `docs/events.md`. */
import {
  CATALOGUE,
  FAMILIES,
  type JsonSchema,
  jsonSchemaOf,
  MEETING_EVENT_TYPES,
  type MeetingEventType,
  STATUS_TYPES,
  sourceOf,
} from '@meetbus/events';
import type { Provider, ProviderDocs } from '../providers/provider';
import type { FieldReference, SenderReference, TypeReference } from './console/api/catalogue';

/** A provider, with the docs of its events. */
export interface DocumentedProvider {
  readonly name: string;
  readonly title: string;
  readonly docs: ProviderDocs;
  /** Names of its events that a token alone proves. */
  readonly provedByToken: readonly string[];
}

/** Reads the docs of the providers. Providers without docs are left out. */
export async function documented(providers: readonly Provider[]): Promise<readonly DocumentedProvider[]> {
  const read = await Promise.all(
    providers.map(async ({ name, title, runtime, docs }) => {
      if (!docs) return [];
      const [{ runtime: code }, { docs: said }] = await Promise.all([runtime(), docs()]);
      const names = [...new Set(said.events.map((event) => event.name))];
      const provedByToken = names.filter((event) => code.isProvedByToken?.(event));
      return [{ name, title, docs: said, provedByToken }];
    }),
  );
  return read.flat();
}

/** Every type, by family. */
export const typeReferences = (providers: readonly DocumentedProvider[]): readonly TypeReference[] =>
  FAMILIES.flatMap((family) =>
    MEETING_EVENT_TYPES.filter((type) => CATALOGUE[type].family === family).map((type) => referenceOf(type, providers)),
  );

/** The attributes that the CloudEvents of all types have, beside `type` and `data`. */
export function attributeReferences(): readonly FieldReference[] {
  const schema = jsonSchemaOf('bot.status_changed');
  const { data: _data, type: _type, ...properties } = schema.properties ?? {};
  return fieldsOf({ ...schema, properties });
}

/** Excludes stale events in a rule pattern. */
const FRESH = { detail: { stale: [{ exists: false }] } };

function referenceOf(type: MeetingEventType, providers: readonly DocumentedProvider[]): TypeReference {
  const { description, example, family } = CATALOGUE[type];
  const senders = sendersOf(type, providers);
  const pattern = { 'detail-type': [type], source: senders.map(({ name }) => sourceOf(name)) };
  const patterns = [{ title: 'Rule pattern', pattern }];
  if (STATUS_TYPES.has(type))
    patterns.push({ title: 'Rule pattern without stale events', pattern: { ...pattern, ...FRESH } });
  const fields = fieldsOf(withoutRaw(jsonSchemaOf(type).properties?.data ?? {}));
  return { type, family, description, senders, fields, example, patterns };
}

/** The providers whose events become a type. Events of any provider can become `event.unrecognized`. */
function sendersOf(type: MeetingEventType, providers: readonly DocumentedProvider[]): readonly SenderReference[] {
  const senders = providers.map(({ name, title, docs }) => {
    const own = docs.events.filter((event) => event.type === type);
    return { name, title, events: own.map((event) => ({ name: event.name, ...(event.when && { when: event.when }) })) };
  });
  return senders.filter(({ events }) => type === 'event.unrecognized' || events.length > 0);
}

function withoutRaw(data: JsonSchema): JsonSchema {
  const { raw: _raw, rawlocation: _location, truncated: _truncated, ...properties } = data.properties ?? {};
  return { ...data, properties };
}

/** Names of nested fields have dots. */
function fieldsOf({ properties = {}, required = [] }: JsonSchema, prefix = ''): FieldReference[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const values = (schema.const === undefined ? schema.enum : [schema.const])?.map(String);
    const field = {
      path,
      kind: schema.format ?? schema.type ?? 'anything',
      ...(values && { values }),
      isRequired: required.includes(name),
      meaning: schema.description ?? '',
    };
    return [field, ...fieldsOf(schema, `${path}.`), ...fieldsOf(schema.items ?? {}, `${path}[].`)];
  });
}
