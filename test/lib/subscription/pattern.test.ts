/** Which events a subscription gets: its pattern, and what it refuses to be built from. */

import { compilePattern } from '@meetbus/local-cloud/eventbridge/pattern';
import { Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/aws-events';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import {
  Meetbus,
  MeetbusStack,
  MeetingEventSubscription,
  type MeetingEventSubscriptionProps,
  SubscriptionTarget,
} from 'meetbus';
import { CATALOGUE, MEETING_EVENT_TYPES } from 'meetbus/events';
import { MAX_PATTERN_LENGTH, type SubscribableType } from '../../../lib/subscription/pattern';
import { acme } from '../../support/acme';
import { newApp } from './fixture';

type Selection = Pick<MeetingEventSubscriptionProps, 'types'> & Partial<MeetingEventSubscriptionProps>;

/** The pattern of a subscription in its template. */
function patternOf(selection: Selection): Record<string, unknown> {
  const stack = new Stack(newApp(), 'Team');
  const { rule } = new MeetingEventSubscription(stack, 'Subscription', {
    meetbus: Meetbus.fromName(stack, 'Meetbus', 'Meetbus'),
    target: SubscriptionTarget.queue(new sqs.Queue(stack, 'Queue')),
    ...selection,
  });
  return stack.resolve((rule.node.defaultChild as never as { eventPattern: unknown }).eventPattern);
}

const ALL_SOURCES = [{ prefix: 'meetbus.' }];
const READY = { types: ['recording.ready'] as const };

it.each<[string, Selection, object]>([
  ['one type', READY, { source: ALL_SOURCES, 'detail-type': ['recording.ready'] }],
  [
    'a type that is named twice',
    { types: ['recording.ready', 'media.ready', 'recording.ready'] },
    { source: ALL_SOURCES, 'detail-type': ['recording.ready', 'media.ready'] },
  ],
  ['one provider', { ...READY, where: { provider: 'acme' } }, { source: ['meetbus.acme'] }],
  [
    'two providers',
    { ...READY, where: { provider: ['acme', 'acme-rooms'] } },
    { source: ['meetbus.acme', 'meetbus.acme-rooms'] },
  ],
  [
    'metadata, an id and a status',
    {
      ...READY,
      where: {
        bot: { metadata: { team: ['blue', 'red'], paid: true } },
        recording: { id: 'r' },
        status: { code: 'done' },
      },
    },
    {
      detail: {
        data: {
          bot: { metadata: { team: ['blue', 'red'], paid: [true] } },
          recording: { id: ['r'] },
          status: { code: ['done'] },
        },
      },
    },
  ],
  ['no stale events', { ...READY, stale: 'leave-out' }, { detail: { stale: [{ exists: false }] } }],
  [
    'filters that are undefined',
    {
      types: ['meeting.ended'],
      where: { bot: undefined, provider: undefined, meeting: { id: ['a', undefined], title: undefined } } as never,
    },
    { source: ALL_SOURCES, detail: { data: { meeting: { id: ['a'] } } } },
  ],
  ['stale events too', { ...READY, stale: 'include' }, { source: ALL_SOURCES }],
  [
    'a raw pattern beside a filter',
    {
      ...READY,
      where: { bot: { id: 'b' } },
      detail: { data: { bot: { metadata: { team: [{ prefix: 'b' }] } } }, subject: Match.prefix('rec') },
    },
    { detail: { data: { bot: { id: ['b'], metadata: { team: [{ prefix: 'b' }] } } }, subject: [{ prefix: 'rec' }] } },
  ],
])('%s', (_name, selection, expected) => {
  const pattern = patternOf(selection);
  expect(pattern).toMatchObject(expected);
  if (!('detail' in expected)) expect(pattern).not.toHaveProperty('detail');
  expect(() => compilePattern(pattern)).not.toThrow();
});

it('takes every type, each of which matches its own example and no other', () => {
  const types = MEETING_EVENT_TYPES.filter((type): type is SubscribableType => type !== 'event.unrecognized');
  expect(types).toHaveLength(MEETING_EVENT_TYPES.length - 1);
  for (const type of types) {
    const matches = compilePattern(patternOf({ types: [type] }));
    const matching = MEETING_EVENT_TYPES.filter((other) => {
      const { example } = CATALOGUE[other];
      return matches({ source: example.source, 'detail-type': other, detail: example });
    });
    expect(matching).toEqual([type]);
  }
  expect(JSON.stringify(patternOf({ types })).length).toBeLessThan(MAX_PATTERN_LENGTH);
});

const manyIds = Array.from({ length: 60 }, () => 'c2d1a0f9-4b3c-4e5d-a6f7-8091a2b3c4d5');

it.each<[string, object, RegExp]>([
  ['no types', { types: [] }, /^types: name at least one/],
  ['the unrecognized', { types: ['event.unrecognized'] }, /^types: event.unrecognized stays on the intake bus/],
  [
    'a type that is none',
    { types: ['recording.redy'] },
    /^types: there is no recording.redy\. There are .*recording.ready/,
  ],
  ['an empty list', { ...READY, where: { bot: { id: [] } } }, /^where\.bot\.id: an empty list/],
  ['no providers', { ...READY, where: { provider: [] } }, /^where\.provider: an empty list/],
  ['an empty filter', { ...READY, where: { bot: {} } }, /^where\.bot: is empty/],
  ['a filter of nothing defined', { ...READY, where: { bot: { id: undefined } } }, /^where\.bot: is empty/],
  [
    'labels of which none is defined',
    { ...READY, where: { bot: { metadata: { team: undefined } } } },
    /^where\.bot\.metadata: is empty/,
  ],
  [
    'an entity that a type has not',
    { types: ['recording.ready', 'meeting.ended'], where: { bot: { id: 'b' } } },
    /^where\.bot: meeting\.ended has no bot/,
  ],
  [
    'a field that is filtered twice',
    { ...READY, where: { bot: { id: 'b' } }, detail: { data: { bot: { id: ['c'] } } } },
    /^detail\.data\.bot\.id: is filtered by where/,
  ],
  [
    'a raw pattern with a value outside a list',
    { ...READY, detail: { data: { status: { code: 'fatal' } } } },
    /^detail\.data\.status\.code: must be a list, such as \["fatal"\]\.$/,
  ],
  ['a raw pattern with an empty list', { ...READY, detail: { subject: [] } }, /^detail\.subject: an empty list/],
  ['a raw pattern with nothing in it', { ...READY, detail: { data: {} } }, /^detail\.data: is empty/],
  [
    'a raw pattern with such a value in a branch',
    { ...READY, detail: { $or: [{ subject: ['a'] }, { type: null }] } },
    /^detail\.\$or\[1\]\.type: must be a list, such as \[null\]\.$/,
  ],
  [
    'too long a pattern',
    { ...READY, where: { recording: { id: manyIds } } },
    /2\d{3} characters, and EventBridge takes 2048/,
  ],
])('refuses %s', (_name, selection, message) => {
  expect(() => patternOf(selection as Selection)).toThrow(
    expect.objectContaining({ name: 'ConfigurationError', message: expect.stringMatching(message) }),
  );
});

it('has at most as many characters as EventBridge takes', () => {
  const withId = (length: number) => patternOf({ ...READY, where: { recording: { id: 'x'.repeat(length) } } });
  const longest = MAX_PATTERN_LENGTH - JSON.stringify(withId(0)).length;
  expect(JSON.stringify(withId(longest))).toHaveLength(2_048);
  expect(() => withId(longest + 1)).toThrow('The event pattern has 2049 characters, and EventBridge takes 2048');
});

it('names a provider that the Meetbus of the same app has', () => {
  const app = newApp();
  const { meetbus } = new MeetbusStack(app, 'Meetbus', { settings: { providers: [acme()] } });
  const subscribe = (id: string, provider: string) => {
    const stack = new Stack(app, id);
    const target = SubscriptionTarget.queue(new sqs.Queue(stack, 'Queue'));
    return new MeetingEventSubscription(stack, 'Subscription', { ...READY, meetbus, target, where: { provider } });
  };
  expect(() => subscribe('One', 'acme-rooms')).not.toThrow();
  expect(() => subscribe('Other', 'acme')).toThrow('where.provider: there is no acme. There are acme-rooms.');
});

it('is checked by the compiler, and again at synth', () => {
  // @ts-expect-error: it stays on the intake bus
  expect(() => patternOf({ types: ['event.unrecognized'] })).toThrow('event.unrecognized');
  expect(() => patternOf({ ...READY, where: { provider: 'Acme' } })).toThrow('where.provider: there is no Acme');
  // @ts-expect-error: no such entity
  expect(() => patternOf({ ...READY, where: { robot: { id: 'r' } } })).toThrow('recording.ready has no robot');
});
