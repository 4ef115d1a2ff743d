/** The meeting event: a CloudEvents 1.0 event in JSON, and how one type of it is defined. */
import * as z from 'zod/mini';
import { utcTime } from './entities';
import { FAMILY_OF, type MeetingEventType } from './event-types';
import { dataSchemaOf, type Open, type ProviderName, sourceOf } from './names';

/** What `data` of every type has beside its own fields. */
const rawFields = {
  /** The provider's body as it came, without credentials; numbers keep every digit. */
  raw: z.optional(z.unknown()),
  /** `s3://bucket/key` of the provider's body without credentials, where it is too large to travel in the event. */
  rawlocation: z.optional(z.string()),
  /** True where texts and lists of `data` were cut because the event was too large; `rawlocation` has the whole. */
  truncated: z.optional(z.literal(true)),
};

/** Open, because a provider may be added within a version of the contract, see docs/adr/0011-open-provider.md. */
const provider: z.ZodMiniType<Open<ProviderName>> = z.string().check(z.regex(/^[a-z][a-z0-9]*$/));

/** As open as the provider. */
const source = z.string().check(z.regex(/^meetbus\./)) as z.ZodMiniType<
  `meetbus.${ProviderName}` | (`meetbus.${string}` & {})
>;

/** The attributes that every meeting event has, in the words of CloudEvents 1.0. */
const attributes = {
  specversion: z.literal('1.0'),
  /** The same for every retry, redrive and replay of one delivery: dedupe on it. */
  id: z.string().check(z.minLength(1)),
  source,
  /** The entity the event is about, such as `bot/<id>` or `bot/<id>/participant/<id>`. */
  subject: z.optional(z.string().check(z.minLength(1))),
  /** When it happened by the provider's clock; where the provider does not say, when Meetbus received it. */
  time: utcTime,
  datacontenttype: z.literal('application/json'),
  dataschema: z.string(),
  provider,
  /** The name in the provider's own `event` field. */
  providerevent: z.string(),
  /** When Meetbus received the delivery. */
  receivedtime: utcTime,
  /** The provider's id of the delivery; the event id where the provider sends none. */
  deliveryid: z.string(),
  /** Finds every log line about the delivery. */
  correlationid: z.string(),
  /** True where a newer status of the subject was known when this event was published; else absent, never false. */
  stale: z.optional(z.literal(true)),
};

// biome-ignore lint/suspicious/noExplicitAny: zod's own way to say "any shape".
type Shape = Record<string, any>;

/** Defines one type of meeting event; its schema is the whole CloudEvent. */
export function defineMeetingEvent<const Type extends MeetingEventType, Data extends Shape>(definition: {
  type: Type;
  /** One sentence for the catalogue: what has happened when this event comes. */
  description: string;
  /** The fields of `data`, beside `raw`, `rawlocation` and `truncated`. */
  data: Data;
  example: {
    provider: ProviderName;
    providerevent: string;
    subject: string;
    data: z.output<z.ZodMiniObject<Data, z.core.$loose>>;
  };
}) {
  const { type, description } = definition;
  const schema = z.looseObject({
    ...attributes,
    type: z.literal(type),
    data: z.looseObject({ ...definition.data, ...rawFields }),
  });
  const { provider, providerevent, subject, data } = definition.example;
  const example = {
    specversion: '1.0',
    id: '5c7b0c62f9a54a2d8f1e3b7a90d4c615',
    source: sourceOf(provider),
    type,
    subject,
    time: '2026-03-02T09:30:00.000Z',
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    provider,
    providerevent,
    receivedtime: '2026-03-02T09:30:00.412Z',
    deliveryid: 'msg_2hVexample',
    correlationid: 'b1946ac9-2492-4d23-8a47-0c1f7f5e6d3a',
    data,
  };
  return { type, family: FAMILY_OF[type], description, schema, example } as const;
}
