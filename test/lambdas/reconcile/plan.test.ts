/** What of an API's events is missing: each once, in the window, about the subject, and not known. */
import { distinct, type Found, findingOf, isKnown } from '../../../lambdas/reconcile/plan';
import { runtime } from '../../../providers/recall/runtime';
import type { ProviderRuntime } from '../../../providers/runtime';

const recall = { name: 'recall', runtime: runtime as ProviderRuntime };
const FROM = Date.parse('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
const window = { from: FROM, to: FROM + HOUR };

const status = (bot: string, code: string, seconds: number, kind = 'bot') => {
  const data = { code, sub_code: null, updated_at: new Date(FROM + seconds * 1_000).toISOString() };
  const named = {
    bot: { id: bot, metadata: {} },
    ...(kind !== 'bot' && { [kind]: { id: `${kind}-1`, metadata: {} } }),
  };
  return { event: `${kind}.${code}`, body: { event: `${kind}.${code}`, data: { data, ...named } } };
};
const find = (...args: Parameters<typeof status>) => findingOf(recall, status(...args), window) as Found;

it('has the id, the time and the queue of its event', () => {
  expect(find('b', 'done', 5)).toMatchObject({
    ...{ subject: 'bot/b', providerEvent: 'bot.done', type: 'bot.status_changed', family: 'bot', groupId: 'b' },
    ...{
      time: '2026-03-02T09:00:05.000Z',
      at: FROM + 5_000,
      noteKey: 'occurrence#recall#bot/b#bot.status_changed#done',
    },
    eventId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(find('b', 'done', 5).eventId).toBe(find('b', 'done', 5).eventId);
  const others = [find('b', 'done', 6), find('b', 'fatal', 5), find('c', 'done', 5)].map(({ eventId }) => eventId);
  expect(new Set([...others, find('b', 'done', 5).eventId]).size).toBe(4);
});

it.each([
  ['before the window', -1, 'outside'],
  ['at its start', 0, 'bot/b'],
  ['at its end', 3_600, 'outside'],
])('%s', (_, seconds, expected) => {
  const found = find('b', 'done', seconds as number) as Found | string;
  expect(typeof found === 'string' ? found : found.subject).toBe(expected);
});

it('is about a subject, or about what belongs to it', () => {
  const about = (subject: string, ...args: Parameters<typeof status>) =>
    typeof findingOf(recall, status(...args), { ...window, subjects: ['bot/other', subject] }) !== 'string';
  expect(about('bot/b', 'b', 'done', 1)).toBe(true);
  expect(about('bot/b', 'b', 'done', 1, 'recording')).toBe(true);
  expect(about('bot/b', 'bb', 'done', 1)).toBe(false);
  expect(about('bot/bb', 'b', 'done', 1, 'recording')).toBe(false);
});

it.each([
  ['an unknown name', { event: 'bot.galaxy', body: { event: 'galaxy.found' } }],
  ['a body that does not match', { event: 'bot.done', body: { event: 'bot.done', data: {} } }],
  ['a live event', { event: 'transcript.data', body: { data: { transcript: { id: 't' }, data: { words: [] } } } }],
])('cannot be made of %s', (_, said) => {
  expect(findingOf(recall, said, window)).toBe('not_understood');
});

it('is too large where its message would be: nothing else has stored the body', () => {
  const { event, body } = status('b', 'done', 1);
  const withPadding = (length: number) => {
    const bot = { id: 'b', metadata: { padding: 'x'.repeat(length) } };
    return findingOf(recall, { event, body: { ...body, data: { ...body.data, bot } } }, window);
  };
  expect(withPadding(700_000)).toMatchObject({ subject: 'bot/b' });
  expect(withPadding(790_000)).toBe('too_large');
});

it('comes once, the oldest first, though lists overlap and times differ by two seconds', () => {
  const events = [
    find('b', 'done', 60),
    find('b', 'done', 62),
    find('b', 'done', 65),
    find('a', 'done', 61),
    find('b', 'fatal', 60),
  ];
  expect(
    distinct([...events, ...events]).map(({ subject, at, noteKey }) => [
      subject,
      (at! - FROM) / 1_000,
      noteKey.split('#').at(-1),
    ]),
  ).toEqual([
    ['bot/b', 60, 'done'],
    ['bot/b', 60, 'fatal'],
    ['bot/a', 61, 'done'],
    ['bot/b', 65, 'done'],
  ]);
});

it('is known if it was noted within two seconds, by whichever event', () => {
  const event = find('b', 'done', 60);
  const noted = (seconds: number, isReconciled = false) =>
    new Map([[event.noteKey, [{ at: FROM + seconds * 1_000, isReconciled, eventId: 'e' }]]]);
  expect(isKnown(event, noted(60))).toBe(true);
  expect(isKnown(event, noted(62, true))).toBe(true);
  expect(isKnown(event, noted(57.9))).toBe(false);
  expect(isKnown(event, new Map())).toBe(false);
});

it('is not known by an event that was a duplicate: it was not published', () => {
  const event = find('b', 'done', 63);
  const note = (seconds: number, isReconciled: boolean) => ({
    ...{ at: FROM + seconds * 1_000, isReconciled, eventId: `e${seconds}` },
  });
  expect(isKnown(event, new Map([[event.noteKey, [note(60, false), note(61.5, true)]]]))).toBe(false);
  expect(isKnown(event, new Map([[event.noteKey, [note(59, false), note(61.5, true)]]]))).toBe(true);
});
