/** Deliveries that are proved but not understood: taken all the same, and kept away from subscribers. */
import { CloudEvent } from 'cloudevents';
import { startWorld, type World } from '../support/providers';
import type { BusEvent } from '../support/subscription';

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
let published: readonly BusEvent[];
let onSharedBus: readonly BusEvent[];
const answers: string[] = [];
const deliveryIds = new Map<string, string>();

beforeAll(async () => {
  world = await startWorld();
  const intake = await world.meetbus.subscribeToAll('intake');
  const shared = await world.meetbus.subscribeToAll('shared');
  for (const { provider, cases, sign } of PROVIDERS) {
    for (const one of cases) {
      const delivery = sign(world, one);
      const { status, body } = await world.meetbus.post(delivery);
      answers.push(`${status} ${body}`);
      const id = delivery.headers?.['webhook-id'] ?? delivery.headers?.['rtk-uuid'];
      deliveryIds.set(`${provider} ${one.name}`, String(id));
    }
  }
  await world.meetbus.settled();
  published = await intake.drain();
  onSharedBus = await shared.drain();
});

afterAll(() => world.close());

describe.each(PROVIDERS)('from $provider', ({ provider, cases }) => {
  it.each(cases)('$name is kept as event.unrecognized: $reason', (one) => {
    const mine = published.filter(({ detail }) => detail.deliveryid === deliveryIds.get(`${provider} ${one.name}`));
    expect(mine).toHaveLength(1);
    const { source, type, detail } = mine[0]!;
    expect({ source, type }).toEqual({ source: `meetbus.${provider}`, type: 'event.unrecognized' });
    expect(new CloudEvent(detail, true).type).toBe('event.unrecognized');
    expect(detail.data).toMatchObject({ reason: one.reason, ...one.kept });
  });
});

it('is accepted, so that the provider does not send it again', () => {
  expect(new Set(answers)).toEqual(new Set(['200 {"status":"accepted"}']));
});

it('names the broken fields, but never their values', () => {
  const broken = published.find(({ detail }) => detail.deliveryid === deliveryIds.get('recall a broken schema'));
  expect(broken?.detail.data.problems).toEqual(['data.bot.id: string']);
});

it('does not come to subscribers', () => {
  expect(published.length).toBe(RECALL.length + REALTIMEKIT.length);
  expect(onSharedBus).toEqual([]);
});
