/** What begins with events of Recall.ai, and that its ends are occurrences of the events that end it. */
import { eventOf } from '../../../test/support/normalized';
import type { Normalized } from '../../kit/normalize';
import { runtime } from '../runtime';

const named = { bot: { id: 'b', metadata: {} }, recording: { id: 'r', metadata: {} } };
const event = (name: string, objects: object = named) =>
  eventOf('recall', name, {
    event: name,
    data: { data: { code: name.split('.')[1], sub_code: null, updated_at: '2026-03-02T09:30:00Z' }, ...objects },
  }) as Normalized;
const beginningOf = (...args: Parameters<typeof event>) => runtime.beginningOf?.(event(...args));
const endOf = (name: string) => runtime.occurrenceOf?.(event(name))?.key;

it('a bot begins when it joins, and ends with either code', () => {
  const beginning = beginningOf('bot.joining_call', { bot: named.bot });
  expect(beginning).toEqual({ subject: 'bot/b', endedBy: [endOf('bot.done'), endOf('bot.fatal')], hours: 4 });
});

it('a recording begins with its processing, and is asked about with its bot', () => {
  const ends = ['recording.done', 'recording.failed', 'recording.deleted'].map(endOf);
  expect(beginningOf('recording.processing')).toEqual({ subject: 'bot/b', endedBy: ends, hours: 5 });
});

it.each([
  ['an end', 'bot.done', named],
  ['a later status', 'bot.in_call_recording', named],
  ['a recording without a bot', 'recording.processing', { recording: named.recording }],
])('nothing begins with %s', (_, name, objects) => {
  expect(beginningOf(name, objects)).toBeUndefined();
});
