/** The event patterns of the documentation, as rules of a bus: each takes what it says, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { MEETING_EVENT_TYPES, type MeetingEventType } from 'meetbus/events';
import { exampleOf } from '../support/examples';
import { type Meetbus, startMeetbus } from '../support/meetbus';
import { operatorClients } from '../support/operator';
import { PROJECT_ROOT } from '../support/project';

interface Event {
  readonly name: string;
  readonly source: string;
  readonly type: string;
  readonly detail: object;
}

const example = (type: MeetingEventType, name: string = type, changes: object = {}): Event => {
  const detail = exampleOf(type);
  return { name, source: detail.source, type, detail: { ...detail, ...changes } };
};
const ofBlueTeam = (type: 'recording.ready' | 'transcript.ready', team = 'blue') => {
  const { data } = exampleOf(type);
  const bot = { id: 'b', metadata: { team } };
  return example(type, `${type} of team ${team}`, { data: { ...data, bot } });
};
const bot = { id: 'b' };

/** Every example of the catalogue, and events that only the filters tell apart. */
const EVENTS: readonly Event[] = [
  ...MEETING_EVENT_TYPES.map((type) => example(type)),
  ofBlueTeam('recording.ready'),
  ofBlueTeam('transcript.ready'),
  ofBlueTeam('recording.ready', 'red'),
  example('bot.status_changed', 'stale bot', { stale: true }),
  example('transcript.segment', 'segment by token', { proof: 'token' }),
  example('bot.status_changed', 'bot that failed', { data: { bot, status: { code: 'fatal', subcode: 'zoom_x' } } }),
  example('bot.status_changed', 'bot that failed elsewhere', {
    data: { bot, status: { code: 'fatal', subcode: 'x' } },
  }),
];

const READY = ['recording.ready', 'recording.ready of team blue', 'recording.ready of team red'];
const BOTS = ['bot.status_changed', 'bot that failed', 'bot that failed elsewhere'];

/** Events by the place of a pattern in a page, written out by hand. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'docs/subscribing.md 0': READY,
  'docs/subscribing.md 1': ['recording.ready of team blue', 'transcript.ready of team blue'],
  'docs/subscribing.md 2': ['bot that failed'],
  'docs/subscribing.md 3': BOTS,
  'docs/subscribing.md 4': ['transcript.segment'],
  'README.md 0': [...READY, 'transcript.ready', 'transcript.ready of team blue'],
};

/** The patterns in a page; what else is in JSON there is no list of types. */
function patternsIn(page: string): { name: string; pattern: string }[] {
  const text = readFileSync(join(PROJECT_ROOT, page), 'utf8');
  return [...text.matchAll(/```json\n([\s\S]*?)```/g)]
    .map(([, json = '']) => json)
    .filter((json) => Array.isArray(JSON.parse(json)['detail-type']))
    .map((pattern, index) => ({ name: `${page} ${index}`, pattern }));
}

const PATTERNS = ['docs/events.md', 'docs/subscribing.md', 'README.md'].flatMap(patternsIn);

let meetbus: Meetbus;
beforeAll(async () => {
  meetbus = await startMeetbus();
});
afterAll(() => meetbus?.stop());

/** Puts every event on the bus, and gives the names of those that each pattern took, in order of the alphabet. */
async function takenBy(rules: readonly { readonly name: string; readonly pattern: string }[]) {
  const taken = new Map<string, string[]>(rules.map(({ name }) => [name, []]));
  const { sqs, eventBridge } = meetbus.clients;
  const EventBusName = meetbus.outputs.SharedBusName;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'subscriber-of-patterns' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  for (const [index, { name, pattern }] of rules.entries()) {
    const rule = { EventBusName, Name: `pattern-${index}` };
    await eventBridge.send(new PutRuleCommand({ ...rule, EventPattern: pattern }));
    const InputTransformer = {
      InputPathsMap: { id: '$.detail.id' },
      InputTemplate: `{"pattern":${JSON.stringify(name)},"event":<id>}`,
    };
    const Targets = [{ Id: 'queue', Arn: Attributes?.QueueArn, InputTransformer }];
    await eventBridge.send(new PutTargetsCommand({ EventBusName, Rule: rule.Name, Targets }));
  }
  const operator = await operatorClients(meetbus);
  for (let first = 0; first < EVENTS.length; first += 10) {
    const Entries = EVENTS.slice(first, first + 10).map(({ name, source, type, detail }) => ({
      ...{ EventBusName, Source: source, DetailType: type },
      Detail: JSON.stringify({ ...detail, id: name }),
    }));
    const { FailedEntryCount } = await operator.eventBridge.send(new PutEventsCommand({ Entries }));
    expect(FailedEntryCount).toBe(0);
  }
  while (true) {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    if (!Messages) return taken;
    for (const { Body = '' } of Messages) {
      const { pattern, event } = JSON.parse(Body);
      taken.set(pattern, [...(taken.get(pattern) ?? []), event].sort());
    }
  }
}

it('every type of the catalogue has a pattern, and so has each page', () => {
  const names = PATTERNS.map(({ name }) => name);
  const ofCatalogue = names.filter((name) => name.startsWith('docs/events.md '));
  expect(ofCatalogue.length).toBeGreaterThanOrEqual(MEETING_EVENT_TYPES.length);
  expect(names.filter((name) => !ofCatalogue.includes(name)).sort()).toEqual(Object.keys(EXPECTED).sort());
});

/** What a pattern of the catalogue takes: it filters by type and source alone; where one leaves stale events out, it says so. */
function ofCatalogue(pattern: string): string[] {
  const { 'detail-type': types, source, detail } = JSON.parse(pattern) as Record<string, readonly string[]>;
  return EVENTS.filter(
    (event) =>
      types!.includes(event.type) &&
      (source?.includes(event.source) ?? true) &&
      !(detail !== undefined && 'stale' in event.detail),
  ).map(({ name }) => name);
}

it('each takes what its page says, and nothing else', async () => {
  const everything = { name: 'everything', pattern: '{"source":[{"prefix":"meetbus."}]}' };
  const taken = await takenBy([...PATTERNS, everything]);
  const expected = PATTERNS.map(({ name, pattern }) => [name, [...(EXPECTED[name] ?? ofCatalogue(pattern))].sort()]);
  const all = EVENTS.map(({ name }) => name).sort();
  expect(Object.fromEntries(taken)).toEqual({ ...Object.fromEntries(expected), everything: all });
});
