/** The text above the catalogue in `docs/events.md`. */
import { sourceOf } from '@meetbus/events';
import type { DocumentedProvider } from '../bin/event-reference';

/** As code in Markdown. */
export const asCode = (text: string): string => `\`${text}\``;

/**
 * @param providers docs of the providers
 * @param attributes table of the attributes that all types have
 */
export const introduction = (providers: readonly DocumentedProvider[], attributes: string): string => `# Meeting events

Generated from the catalogue by \`npm run docs\`; do not edit.

Every event is a CloudEvent in the \`detail\` of an EventBridge event. The \`detail-type\` is the event's type. The \`source\` is
\`meetbus.\` and the provider's name: ${providers.map(({ name }) => asCode(sourceOf(name))).join(', ')}, or that of another provider.
The attributes beside \`type\` and \`data\` are the same for all types:

${attributes}

\`data\` of every type may also have \`raw\` (the provider's body without credentials), \`rawlocation\` (its S3 object, if it is
too large for the event) and \`truncated\` (true if the data itself was cut). Within version 1 of the contract fields are only
added, and no field is a closed list of values: new providers, status codes and reasons may come. JSON Schemas are in
[schemas/](schemas/). The examples below are of a provider \`acme\`, which does not exist.

## Missing and malformed parts

An event needs only the parts that identify its subject. Any other part that is missing or malformed is left out. If the
schema requires it and it is a text or a list, it is empty: the text of a chat message or a word, the list of words. The status of
a recording or a livestream is \`unknown\` then.

Ids are texts, so they keep all digits that the provider sent, also those that a number in JavaScript would lose. Control
characters, except tabs and line ends, and unpaired surrogates become U+FFFD, because many databases refuse them. \`raw\` has
everything as it came.

## Time

\`time\` is when the event happened, as the provider says. If the provider gives no time, it is \`receivedtime\`. That is always so
for \`event.unrecognized\`, and for these types:

${providers
  .filter(({ docs }) => docs.timeless.length > 0)
  .map(({ title, docs }) => `- ${title}: ${docs.timeless.map(asCode).join(', ')}`)
  .join('\n')}

Only some transcription services give words of a live transcript a time of day: \`transcript.segment\` and
\`transcript.partial_segment\` have the time of their first word if it has one, else the time of receipt.

If \`time\` is the time of receipt, a delivery that the provider retried has the time of the retry, and is never marked \`stale\`. A
redrive or a replay keeps the time.

## Order

Events may arrive in another order than they happened. A status event has \`stale: true\` if a newer status of its \`subject\` was
known when it was published: the event came late, by a retry or a redrive. Leave stale events out if you need the last status only, and
take them if you need every step. Two statuses that arrive at nearly the same time may change places without a mark, see
[Order](architecture.md#order): before you overwrite a status, compare \`time\`. A status dated more than five minutes after its
receipt takes no part.

## Proof

\`proof\` is what proved the delivery. A \`token\` alone proves live events of a call only: ${providers
  .flatMap(({ provedByToken }) => provedByToken.map(asCode))
  .join(', ')}. Anybody who has seen the URL of a real-time endpoint can send them: [take signed events
only](subscribing.md#what-proved-an-event) where that matters. A genuine delivery with too little proof becomes
\`event.unrecognized\`.

## Retries

A retry of a delivery becomes the same event, with the same \`id\`. Meetbus recognizes it by the id that the provider has signed,
else by its body.

${providers
  .flatMap(({ title, docs }) => (docs.notes === undefined ? [] : [`## Notes on ${title}\n\n${docs.notes}`]))
  .join('\n\n')}`;
