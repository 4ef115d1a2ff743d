/** Deliveries that are proved but not understood: taken all the same, and kept away from subscribers. */
import { CloudEvent } from 'cloudevents';
import type { HttpDelivery } from '../support/http';
import { startWorld, type World } from '../support/providers';
import type { BusEvent, Subscription } from '../support/subscription';

const BINARY = Buffer.from([0x00, 0xff, 0xfe, 0x80, 0xc3, 0x28, 0x7b, 0x22]);

interface Case {
  readonly name: string;
  readonly body: string | Buffer;
  readonly reason: string;
  /** Where the event keeps the body. */
  readonly kept: object;
}

const json = (name: string, body: unknown, reason: string): Case => ({
  name,
  body: JSON.stringify(body),
  reason,
  kept: { raw: body },
});

const bytes = (name: string, body: string | Buffer): Case => ({
  name,
  body,
  reason: 'not_json',
  kept: { rawbase64: Buffer.from(body).toString('base64') },
});

const COMMON: readonly Case[] = [
  json('a new event name', { event: 'meeting.teleported', to: 'Mars' }, 'unknown_event_name'),
  json('an event name from the prototype', { event: 'constructor' }, 'unknown_event_name'),
  json('no event field', { data: { bot: { id: 'b' } } }, 'no_event_name'),
  json('an empty event name', { event: '', about: 'nothing' }, 'no_event_name'),
  json('an event name that is no text', { event: 17 }, 'no_event_name'),
  json('a list', [{ event: 'bot.done' }], 'no_event_name'),
  bytes('a body that is not JSON', 'event=bot.done&bot=b'),
  bytes('binary junk', BINARY),
  bytes('an empty body', ''),
];

const RECALL: readonly Case[] = [
  ...COMMON,
  json('a broken schema', { event: 'bot.done', data: { bot: 'b' } }, 'schema_mismatch'),
  json('no data at all', { event: 'transcript.data' }, 'schema_mismatch'),
  json('words of no transcript', { event: 'transcript.data', data: { data: { words: [] } } }, 'schema_mismatch'),
  json('a log', { event: 'bot.log', data: { bot_id: 'b', log: { level: 'error', message: 'no' } } }, 'schema_mismatch'),
];

const REALTIMEKIT: readonly Case[] = [
  ...COMMON,
  json('a broken schema', { event: 'meeting.started', meeting: [] }, 'schema_mismatch'),
  json('no meeting', { event: 'meeting.ended', reason: 'ALL_PARTICIPANTS_LEFT' }, 'schema_mismatch'),
  json('no recording', { event: 'recording.statusUpdate' }, 'schema_mismatch'),
];

const PROVIDERS = [
  {
    provider: 'recall',
    cases: RECALL,
    sign: ({ recall }: World, { body }: Case) => recall.signed(body),
  },
  {
    provider: 'realtimekit',
    cases: REALTIMEKIT,
    sign: ({ realtimekit }: World, { body }: Case) => realtimekit.signed(body),
  },
];

let world: World;
let intake: Subscription;
beforeAll(async () => {
  world = await startWorld();
  intake = await world.meetbus.subscribeToAll('intake');
});
afterAll(() => world.close());

/** Posts a delivery, and gives the one event that becomes of it. */
async function eventOf(delivery: HttpDelivery): Promise<BusEvent> {
  const { meetbus } = world;
  const before = intake.events.length;
  const { status, body } = await meetbus.post(delivery);
  // Accepted, so that the provider does not send it again.
  expect(`${status} ${body}`).toBe('200 {"status":"accepted"}');
  const events = (await intake.collect(before + 1)).slice(before);
  const id = delivery.headers?.['webhook-id'] ?? delivery.headers?.['rtk-uuid'];
  expect(events.map(({ detail }) => detail.deliveryid)).toEqual([id]);
  return events[0]!;
}

describe.each(PROVIDERS)('from $provider', ({ provider, cases, sign }) => {
  it.each(cases)('$name is kept as event.unrecognized: $reason', async (one) => {
    const { source, type, detail } = await eventOf(sign(world, one));
    expect({ source, type }).toEqual({ source: `meetbus.${provider}`, type: 'event.unrecognized' });
    expect(new CloudEvent(detail, true).type).toBe('event.unrecognized');
    expect(detail.data).toMatchObject({ reason: one.reason, ...one.kept });
  });
});

it('names the broken fields, but never their values', async () => {
  const { detail } = await eventOf(world.recall.signed({ event: 'bot.done', data: { bot: 'sekret' } }));
  expect(detail.data.problems).toEqual(['data.bot.id: string']);
});

it('does not come to subscribers', async () => {
  const { meetbus, recall } = world;
  const shared = await meetbus.subscribeToAll('shared');
  for (const { cases, sign } of PROVIDERS) for (const one of cases) await meetbus.post(sign(world, one));
  await meetbus.post(recall.signed({ event: 'bot.done', data: { bot: { id: 'known' } } }));
  await meetbus.settled();
  expect((await shared.drain()).map(({ detail }) => detail.subject)).toEqual(['bot/known']);
});
