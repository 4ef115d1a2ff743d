import { CATALOGUE } from '@meetbus/events';
import { draftOf, encodeEvent, MAX_DETAIL_BYTES, meetingEventIn } from '../../../lambdas/publish/meeting-event';
import { readRaw } from '../../../lambdas/publish/raw';
import { newMessage } from '../../support/messages';
import { RUNTIMES } from '../../support/runtimes';

const LOCATION = 's3://bucket/raw/recall/event';

/** Encodes the event of a body, and tells what was stored. */
async function encode(body: object | string, event: string) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const message = newMessage({ providerEvent: event });
  const stored: Buffer[] = [];
  const text = await encodeEvent(
    draftOf(message, meetingEventIn(RUNTIMES.recall, message, bytes)),
    readRaw(bytes, []),
    async (object) => {
      stored.push(object);
      return LOCATION;
    },
  );
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_DETAIL_BYTES);
  const made = JSON.parse(text);
  expect(CATALOGUE[made.type as 'bot.status_changed'].schema.safeParse(made).success).toBe(true);
  return { made, stored, bytes };
}

const bot = (metadata: object) => ({ event: 'bot.done', data: { bot: { id: 'b', metadata } } });
const words = (count: number, text: string) => ({
  event: 'transcript.data',
  data: { data: { words: Array.from({ length: count }, () => ({ text })) }, bot: { id: 'b' } },
});

it('carries a usual body within the event, and stores nothing', async () => {
  const { made, stored, bytes } = await encode(bot({ team: 'blue' }), 'bot.done');
  expect(made.data.raw).toEqual(JSON.parse(bytes.toString()));
  expect(stored).toEqual([]);
});

it('stores a body that is too large beside the data, and tells where', async () => {
  const body = { ...bot({}), padding: 'x'.repeat(MAX_DETAIL_BYTES) };
  const { made, stored, bytes } = await encode(body, 'bot.done');
  expect(made.data).toEqual({ bot: { id: 'b', metadata: {} }, status: { code: 'done' }, rawlocation: LOCATION });
  expect(stored).toEqual([bytes]);
});

it.each([
  ['labels', bot({ note: 'x'.repeat(2_000_000) }), 'bot.done'],
  ['many words', words(80_000, 'word'), 'transcript.data'],
  ['long words', words(400, 'é'.repeat(10_000)), 'transcript.data'],
  [
    'labels nested too deep',
    `{"data":{"bot":{"id":"b","metadata":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}}`,
    'bot.done',
  ],
])('shortens data that is itself too large: %s', async (_name, body, event) => {
  const { made, stored } = await encode(body, event);
  expect(made.data).toMatchObject({ rawlocation: LOCATION, truncated: true, bot: { id: 'b' } });
  expect(stored).toHaveLength(1);
});
