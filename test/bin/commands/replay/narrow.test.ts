/** Patterns are joined with the help of a real EventBridge API, and the outcome is asked of it again. */
import * as eb from '@aws-sdk/client-eventbridge';
import { EventBridge } from '@meetbus/local-cloud/eventbridge/event-bridge';
import { createEventBridgeService } from '@meetbus/local-cloud/eventbridge/eventbridge-service';
import type { FrontDoor } from '@meetbus/local-cloud/front-door';
import { narrow, type Pattern } from '../../../../bin/commands/replay/narrow';
import { clientConfig, frontDoorWith } from '../../../../packages/local-cloud/test/local-aws';

let door: FrontDoor;
let client: eb.EventBridge;

beforeAll(async () => {
  const eventBridge = new EventBridge({ deliverers: {} });
  door = await frontDoorWith(() => [createEventBridgeService(eventBridge)]);
  client = new eb.EventBridge(clientConfig(door));
});

afterAll(async () => {
  client.destroy();
  await door.close();
});

const matches = async (pattern: Pattern, event: object) => {
  const envelope = { id: '1', account: '1', time: '2026-01-01T00:00:00Z', region: 'r', resources: [], source: 's' };
  const Event = JSON.stringify({ ...envelope, 'detail-type': 't', ...event });
  return (await client.testEventPattern({ EventPattern: JSON.stringify(pattern), Event })).Result;
};

it.each<[string, Pattern, Pattern, Pattern]>([
  ['other fields', { source: ['a'] }, { 'detail-type': ['t'] }, { source: ['a'], 'detail-type': ['t'] }],
  [
    'other fields of one object',
    { detail: { bot: { id: ['b'] } } },
    { detail: { bot: { name: [{ exists: true }] }, n: [1] } },
    { detail: { bot: { id: ['b'], name: [{ exists: true }] }, n: [1] } },
  ],
  ['the same test', { source: [{ prefix: 'a' }] }, { source: [{ prefix: 'a' }] }, { source: [{ prefix: 'a' }] }],
  ['some of the values', { source: ['a', 'b'] }, { source: ['b', 'c'] }, { source: ['b'] }],
  [
    'values that pass a test of the rule',
    { 'detail-type': [{ prefix: 'recording.' }, { suffix: '.ready' }] },
    { 'detail-type': ['recording.failed', 'summary.ready', 'bot.status_changed'] },
    { 'detail-type': ['recording.failed', 'summary.ready'] },
  ],
  [
    'a test that values of the rule pass',
    { detail: { n: [1, 5, 9] } },
    { detail: { n: [{ numeric: ['>', 3] }] } },
    { detail: { n: [5, 9] } },
  ],
  [
    'an $or about other fields',
    { source: ['a'] },
    { $or: [{ region: ['r'] }, { detail: { n: [1] } }] },
    { source: ['a'], $or: [{ region: ['r'] }, { detail: { n: [1] } }] },
  ],
])('joins %s', async (_, rule, by, expected) => {
  expect(await narrow(client, rule, by)).toEqual(expected);
});

it('matches what both match', async () => {
  const rule = { source: [{ 'anything-but': 'x' }], detail: { n: [{ numeric: ['<', 10] }] } };
  const by = { source: ['x', 'y'], detail: { bot: { id: ['b'] } } };
  const narrowed = await narrow(client, rule, by);
  for (const source of ['x', 'y', 'z']) {
    for (const n of [1, 20]) {
      for (const id of ['b', 'c']) {
        const event = { source, detail: { n, bot: { id } } };
        const both = (await matches(rule, event)) && (await matches(by, event));
        expect([event, await matches(narrowed, event)]).toEqual([event, both]);
      }
    }
  }
});

it.each<[string, Pattern, Pattern, RegExp]>([
  ['two tests of one field', { source: [{ prefix: 'a' }] }, { source: [{ suffix: 'b' }] }, /tests source too/],
  ['a field within an $or', { $or: [{ source: ['a'] }, { region: ['r'] }] }, { source: ['a'] }, /tests source too/],
  ['two $or', { $or: [{ a: [1] }, { b: [1] }] }, { $or: [{ c: [1] }, { d: [1] }] }, /tests \$or too/],
  ['one field in two spellings', { detail: { n: [1] } }, { 'detail.n': [1, 2] }, /tests detail\.n too/],
  ['a field and an object', { detail: { bot: { id: ['b'] } } }, { detail: { bot: ['b'] } }, /tests detail\.bot too/],
  ['values that the rule leaves out', { source: [{ 'anything-but': 'x' }] }, { source: ['x'] }, /Nothing would match/],
  ['live events only', { 'replay-name': [{ exists: false }] }, { 'replay-name': ['r'] }, /Nothing would match/],
])('refuses %s', async (_, rule, by, message) => {
  await expect(narrow(client, rule, by)).rejects.toThrow(message);
});
