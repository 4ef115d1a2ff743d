/** Renders `docs/events.md`, and the README's sample event, from the catalogue and from the docs of the providers. */
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
import { asCode, type DocumentedProvider } from './documented-provider';
import { introduction } from './event-docs-introduction';

/** The whole page. */
export function renderEventDocs(providers: readonly DocumentedProvider[]): string {
  const sections = FAMILIES.map((family) => {
    const types = MEETING_EVENT_TYPES.filter((type) => CATALOGUE[type].family === family);
    return [`## ${family}`, ...types.map((type) => renderType(type, providers))].join('\n\n');
  });
  const attributes = renderFields(attributesOf(jsonSchemaOf('bot.status_changed')));
  return `${[introduction(providers, attributes), ...sections].join('\n\n')}\n`;
}

/** The sample event of the README. */
const README_SAMPLE =
  /(?<=The event's `detail` is a CloudEvent, here of a made-up provider:\n\n```json\n)[\s\S]*?(?=\n```)/;

/** The README with the sample event of the catalogue. */
export const withSampleEvent = (readme: string): string =>
  readme.replace(README_SAMPLE, () => JSON.stringify(CATALOGUE['recording.ready'].example, null, 2));

function attributesOf(schema: JsonSchema): JsonSchema {
  const { data: _data, type: _type, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

function renderType(type: MeetingEventType, providers: readonly DocumentedProvider[]): string {
  const { description, example } = CATALOGUE[type];
  const schema = jsonSchemaOf(type);
  const senders = sendersOf(type, providers);
  const pattern = { 'detail-type': [type], source: senders.map(({ name }) => sourceOf(name)) };
  const patterns = [renderPattern('Rule pattern', pattern)];
  if (STATUS_TYPES.has(type))
    patterns.push(renderPattern('Rule pattern without stale events', { ...pattern, ...FRESH }));
  return `### ${type}

${description}

${renderSenders(type, senders)}

${renderFields(withoutRaw(schema.properties?.data ?? {}))}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

${patterns.join('\n\n')}`;
}

/** Excludes stale events in a rule pattern. */
const FRESH = { detail: { stale: [{ exists: false }] } };

const renderPattern = (title: string, pattern: object): string =>
  `${title}:\n\n\`\`\`json\n${JSON.stringify(pattern)}\n\`\`\``;

interface Sender {
  readonly name: string;
  readonly title: string;
  /** Its events that become the type. */
  readonly events: readonly string[];
}

function renderSenders(type: MeetingEventType, senders: readonly Sender[]): string {
  if (type === 'event.unrecognized') return 'Sent for every genuine delivery that becomes no other type.';
  return senders.map(({ title, events }) => `- ${title}: ${events.join(', ')}`).join('\n');
}

/** The providers whose events become a type. Events of any provider can become `event.unrecognized`. */
function sendersOf(type: MeetingEventType, providers: readonly DocumentedProvider[]): readonly Sender[] {
  const senders = providers.map(({ name, title, docs }) => {
    const own = docs.events.filter((event) => event.type === type);
    const events = own.map((event) => [asCode(event.name), event.when].filter(Boolean).join(' '));
    return { name, title, events };
  });
  return senders.filter(({ events }) => type === 'event.unrecognized' || events.length > 0);
}

function withoutRaw(data: JsonSchema): JsonSchema {
  const { raw: _raw, rawlocation: _location, truncated: _truncated, ...properties } = data.properties ?? {};
  return { ...data, properties };
}

/** A table of the fields; names of nested ones have dots. */
function renderFields(schema: JsonSchema): string {
  const rows = fieldsOf(schema).map(
    ({ path, kind, isRequired, meaning }) => `| \`${path}\` | ${kind} | ${isRequired ? 'always' : ''} | ${meaning} |`,
  );
  return ['| field | type | | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

interface Field {
  readonly path: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly meaning: string;
}

function fieldsOf({ properties = {}, required = [] }: JsonSchema, prefix = ''): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = `${prefix}${name}`;
    const meaning = schema.description ?? '';
    const field = { path, kind: kindOf(schema), isRequired: required.includes(name), meaning };
    return [field, ...fieldsOf(schema, `${path}.`), ...fieldsOf(schema.items ?? {}, `${path}[].`)];
  });
}

function kindOf(schema: JsonSchema): string {
  const values = schema.const === undefined ? schema.enum : [schema.const];
  if (values !== undefined) return values.map((value) => asCode(String(value))).join(' or ');
  return schema.format ?? schema.type ?? 'anything';
}
