/** The meeting event: a CloudEvents 1.0 event in JSON, and how one type of it is defined. */
import * as z from 'zod/mini';
import { described } from './described';
import { utcTime } from './entities';
import { FAMILY_OF, type MeetingEventType } from './event-types';
import { dataSchemaOf, type Open, type Proof, sourceOf } from './names';

/** Fields that `data` of every type can have besides its own. */
const rawFields = {
  raw: described(z.optional(z.unknown()), "The provider's body without credentials; numbers keep every digit"),
  rawlocation: described(
    z.optional(z.string()),
    "`s3://bucket/key` of the provider's body without credentials, where it is too large to travel in the event",
  ),
  truncated: described(
    z.optional(z.literal(true)),
    'True where texts and lists were cut because the event was too large: `rawlocation` has the whole',
  ),
};

/** Name of a provider. Open, because providers are added within a version of the contract, see docs/adr/0011-open-provider.md. */
const provider = z.string().check(z.regex(/^[a-z][a-z0-9-]*$/));

/** Open, like the provider. */
const source = z.string().check(z.regex(/^meetbus\./)) as z.ZodMiniType<`meetbus.${string}`>;

/** Open, because later versions verify deliveries in other ways too. */
const proof: z.ZodMiniType<Open<Proof>> = z.string().check(z.minLength(1));

const nonEmpty = z.string().check(z.minLength(1));

/** The attributes of every meeting event, in the terms of CloudEvents 1.0. */
const attributes = {
  specversion: described(z.literal('1.0'), 'Version of CloudEvents'),
  id: described(nonEmpty, 'The same for every retry, redrive and replay of one delivery: dedupe on it'),
  source: described(source, '`meetbus.` and the provider, as the `source` of the EventBridge event'),
  subject: described(
    z.optional(nonEmpty),
    'What the event is about, such as `bot/<id>` or `bot/<id>/participant/<id>`',
  ),
  time: described(utcTime, 'When it happened by the account of the provider, else when Meetbus received it; UTC'),
  datacontenttype: described(z.literal('application/json'), 'Format of `data`'),
  dataschema: described(z.string(), 'Type and version of the contract, as a URN'),
  provider: described(provider, 'Name of the provider that sent it: lower-case letters, digits and hyphens'),
  providerevent: described(z.string(), "Name of the event in the provider's own words"),
  receivedtime: described(utcTime, 'When Meetbus received the delivery; UTC'),
  deliveryid: described(z.string(), "The provider's id of the delivery; the event id where it sends none"),
  correlationid: described(z.string(), 'Finds every log line of Meetbus about the delivery'),
  proof: described(
    z.optional(proof),
    'What proved the delivery: `signature` of the provider; `jwt`, which the provider signed; `token` in the URL alone, so anyone who has the URL could have sent it; `reconciled`, where no delivery came and Meetbus read the API of the provider instead; or a later one. Absent in events of older versions',
  ),
  botid: described(
    z.optional(nonEmpty),
    "The bot's id as it may stand in a log line, without quotes, backslashes and line ends; as it came it is `data.bot.id`. Absent where there is no bot, and in events of earlier versions",
  ),
  stale: described(
    z.optional(z.literal(true)),
    'True where a newer status of the subject was known when this event was published; else absent, never false',
  ),
};

// biome-ignore lint/suspicious/noExplicitAny: zod's own way to say "any shape".
type Shape = Record<string, any>;

/** The provider of the examples. It does not exist: the folder of a real one has samples of its events. */
const EXAMPLE_PROVIDER = 'acme';

/** Defines one type of meeting event; its schema is the whole CloudEvent. */
export function defineMeetingEvent<const Type extends MeetingEventType, Data extends Shape>(definition: {
  type: Type;
  /** One sentence for the catalogue that says what has happened. */
  description: string;
  /** The fields of `data`, besides `raw`, `rawlocation` and `truncated`. */
  data: Data;
  /** An event of a made-up provider. */
  example: {
    providerevent: string;
    subject: string;
    data: z.output<z.ZodMiniObject<Data, z.core.$loose>>;
  };
}) {
  const { type, description } = definition;
  const schema = z.looseObject({
    ...attributes,
    type: described(z.literal(type), 'Type of the event, as the `detail-type` of the EventBridge event'),
    data: described(z.looseObject({ ...definition.data, ...rawFields }), 'What the event says'),
  });
  const { providerevent, subject, data } = definition.example;
  const example = {
    specversion: '1.0',
    id: '5c7b0c62f9a54a2d8f1e3b7a90d4c615',
    source: sourceOf(EXAMPLE_PROVIDER),
    type,
    subject,
    time: '2026-03-02T09:30:00.000Z',
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(type),
    provider: EXAMPLE_PROVIDER,
    providerevent,
    receivedtime: '2026-03-02T09:30:00.412Z',
    deliveryid: 'delivery-2hVexample',
    correlationid: 'b1946ac9-2492-4d23-8a47-0c1f7f5e6d3a',
    proof: 'signature',
    data,
  };
  return { type, family: FAMILY_OF[type], description, schema, example } as const;
}
