/** Renders `docs/events.md`, and the README's sample event, from the catalogue, and from what the providers' event names become. */
import {
  CATALOGUE,
  FAMILIES,
  type JsonSchema,
  jsonSchemaOf,
  MEETING_EVENT_TYPES,
  type MeetingEventType,
  type ProviderName,
  STATUS_TYPES,
  sourceOf,
} from '@meetbus/events';
import { realtimekitTypeOf } from '../providers/realtimekit/event-names';
import { realtimekitSamples } from '../providers/realtimekit/sandbox';
import { isRealTimeName, recallTypeOf } from '../providers/recall/event-names';
import { recallSamples } from '../providers/recall/sandbox';
import { TIMELESS } from './event-times';

const PROVIDERS = [
  {
    provider: 'recall',
    title: 'Recall.ai',
    names: Object.keys(recallSamples),
    typeOf: recallTypeOf,
    isProvedByToken: isRealTimeName,
  },
  {
    provider: 'realtimekit',
    title: 'RealtimeKit',
    names: Object.keys(realtimekitSamples),
    typeOf: realtimekitTypeOf,
    isProvedByToken: () => false,
  },
] as const;

/** Provider events whose type depends on their payload, and the types that they may become. */
const BY_PAYLOAD: Readonly<Record<ProviderName, Readonly<Partial<Record<MeetingEventType, string>>>>> = {
  recall: { 'transcript.partial_segment': '`bot.transcription` with `is_final` false' },
  realtimekit: {
    'recording.started': '`recording.statusUpdate` with status `RECORDING`',
    'recording.paused': '`recording.statusUpdate` with status `PAUSED`',
    'recording.uploading': '`recording.statusUpdate` with status `UPLOADING`',
    'recording.ready': '`recording.statusUpdate` with status `UPLOADED`',
    'recording.failed': '`recording.statusUpdate` with status `ERRORED`',
    'recording.status_changed': '`recording.statusUpdate` with any other status',
  },
};

/** As code in Markdown. */
const asCode = (text: string): string => `\`${text}\``;

/** The whole page. */
export function renderEventDocs(): string {
  const sections = FAMILIES.map((family) => {
    const types = MEETING_EVENT_TYPES.filter((type) => CATALOGUE[type].family === family);
    return [`## ${family}`, ...types.map(renderType)].join('\n\n');
  });
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

/** What stands above the sample event of the README. */
const README_SAMPLE = /(?<=The event's `detail` is a CloudEvent:\n\n```json\n)[\s\S]*?(?=\n```)/;

/** The README with its sample event as the catalogue has it. */
export const withSampleEvent = (readme: string): string =>
  readme.replace(README_SAMPLE, () => JSON.stringify(CATALOGUE['recording.ready'].example, null, 2));

const INTRODUCTION = `# Meeting events

Generated from the catalogue by \`npm run docs\`; do not edit.

Every event is a CloudEvent in the \`detail\` of an EventBridge event whose \`detail-type\` is its type and whose \`source\` is
\`meetbus.recall\` or \`meetbus.realtimekit\`, or that of a provider which came later. The attributes beside \`type\` and
\`data\` are the same for all types:

${renderFields(attributesOf(jsonSchemaOf('bot.status_changed')))}

\`data\` of every type may also have \`raw\` (the provider's body without credentials), \`rawlocation\` (its S3 object, where it is
too large) and \`truncated\` (true where the data itself was cut). Within version 1 of the contract fields are only added,
and no field is a closed list of values: providers, status codes and reasons may come that are not known today. JSON Schemas
are in [schemas/](schemas/).

## What a provider leaves out, or garbles

An event needs no more than what says what it is about. Any other part that is missing, or of another shape than it should be,
is left out, and the rest is told. Where a field is required by its schema and the provider told nothing, it is empty: the text
of a chat message or a word, the list of words. The status of a recording or a livestream is \`unknown\` then.

An id has the digits that the provider sent, also where they are too many for a number in JavaScript; it is always text. U+FFFD
stands for control characters, but for tabs and line ends, and for halves of a character, because many databases refuse them.
\`raw\` has all as it came.

## Two generations of Recall.ai's API

The names of the API v1.10 become the types of their successors. What it tells of the bot's real-time events is less: who took
part is an id alone. \`bot.active_speaker_notify\` is a \`participant.speech_started\` to which no \`participant.speech_stopped\`
comes: the next speaker ends it. \`bot.log\`, \`bot.output_log\` and \`bot.participant_in_waiting_room\` have no type of their own,
and are no statuses: they stay on the intake bus, as \`event.unrecognized\`.

A workspace that subscribes to both \`bot.status_change\` and \`bot.<code>\` gets two events for each status. They come in two
deliveries, each with an id of its own, so they are two events here as well. Subscribe to one of the two. Where that cannot be,
treat two events of the same \`type\`, \`subject\`, \`time\` and \`data.status.code\` as one.

## Time

\`time\` is when it happened by the account of the provider. Where the provider tells no time, it is that of \`receivedtime\`. That
is always so for \`event.unrecognized\`, and for these:

${PROVIDERS.map(({ provider, title }) => `- ${title}: ${TIMELESS[provider].map(asCode).join(', ')}`).join('\n')}

Words of a live transcript have a time of day only from some transcription services: \`transcript.segment\` and
\`transcript.partial_segment\` have the time of their first word where it has one, else that of receipt.

With the time of receipt, a delivery that the provider tried again later has a later \`time\` than it deserves, and is never
marked \`stale\`. A redrive or a replay keeps the time.

## Order

Events may arrive in another order than they happened. An event of a type that tells a status has \`stale: true\` where a newer
status of its \`subject\` was known when it was published: a late retry, or a redrive. A bot's \`breakout_room_opened\`,
\`breakout_room_closed\` and \`participant_in_waiting_room\` tell of others than the bot: they make nothing stale, and are not. Leave such events out where only the last
status matters, and take them where every step does. Two statuses that arrive at nearly the same time may change places
without a mark, see [Order](architecture.md#order): who writes a status over another must compare \`time\`. A status that names a
time more than five minutes after its receipt takes no part.

## Proof

\`proof\` is what proved the delivery. A \`token\` alone proves live events of a call only: ${PROVIDERS.flatMap(
  ({ names, isProvedByToken }) => names.filter(isProvedByToken).map(asCode),
).join(', ')}. Whoever has seen the URL of a real-time endpoint could have sent them: [take signed ones
alone](subscribing.md#what-proved-an-event) where that matters. What is genuine and not proved enough is \`event.unrecognized\`.

## Retries

A retry of a delivery becomes the same event, with the same \`id\`: it is known by the id that the provider has signed, else by its
body. Bodies of RealtimeKit's \`livestreaming.statusUpdate\`, and of \`recording.statusUpdate\` with status RECORDING or PAUSED,
repeat for genuine changes. There \`rtk-uuid\` tells them apart (of a recording, behind a URL with a token), and it is assumed that
RealtimeKit keeps it on a retry. Without a token, a recording that is paused and resumed repeatedly may show the first of each only.`;

function attributesOf(schema: JsonSchema): JsonSchema {
  const { data: _data, type: _type, ...properties } = schema.properties ?? {};
  return { ...schema, properties };
}

function renderType(type: MeetingEventType): string {
  const { description, example } = CATALOGUE[type];
  const schema = jsonSchemaOf(type);
  const pattern = { 'detail-type': [type], source: sourcesOf(type) };
  const patterns = [renderPattern('Rule pattern', pattern)];
  if (STATUS_TYPES.has(type))
    patterns.push(renderPattern('Rule pattern without stale events', { ...pattern, ...FRESH }));
  return `### ${type}

${description}

${renderSenders(type)}

${renderFields(withoutRaw(schema.properties?.data ?? {}))}

\`\`\`json
${JSON.stringify(example, null, 2)}
\`\`\`

${patterns.join('\n\n')}`;
}

/** What a rule pattern needs to leave out events that are marked as stale. */
const FRESH = { detail: { stale: [{ exists: false }] } };

const renderPattern = (title: string, pattern: object): string =>
  `${title}:\n\n\`\`\`json\n${JSON.stringify(pattern)}\n\`\`\``;

function renderSenders(type: MeetingEventType): string {
  if (type === 'event.unrecognized') return 'Sent for every genuine delivery that becomes no other type.';
  return sendersOf(type)
    .map(({ title, events }) => `- ${title}: ${events.join(', ')}`)
    .join('\n');
}

/** The sources of a type. That of its example is one, though the name may be of a list that the provider keeps open. */
function sourcesOf(type: MeetingEventType): string[] {
  const names: readonly string[] =
    type === 'event.unrecognized'
      ? PROVIDERS.map(({ provider }) => provider)
      : [CATALOGUE[type].example.provider, ...sendersOf(type).map(({ provider }) => provider)];
  return PROVIDERS.filter(({ provider }) => names.includes(provider)).map(({ provider }) => sourceOf(provider));
}

/** The providers that are known to send a type, and what they call it. */
function sendersOf(type: MeetingEventType) {
  return PROVIDERS.map(({ provider, title, names, typeOf }) => {
    const own = names.filter((name) => typeOf(name) === type && name !== 'recording.statusUpdate').map(asCode);
    const byPayload = BY_PAYLOAD[provider][type] ?? [];
    return { provider, title, events: [own, byPayload].flat() };
  }).filter(({ events }) => events.length > 0);
}

function withoutRaw(data: JsonSchema): JsonSchema {
  const { raw: _raw, rawlocation: _location, truncated: _truncated, ...properties } = data.properties ?? {};
  return { ...data, properties };
}

/** A table of the fields, those of nested objects with a dot. */
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
