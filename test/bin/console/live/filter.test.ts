/** Filters of the live list, kept in the address. */
import type { DeliveryRow } from '../../../../bin/console/api/live';
import { filterOf, passes, queryOf } from '../../../../bin/console/page/live/filter';
import { newestFirst, withMessage } from '../../../../bin/console/page/live/rows';
import { durationOf } from '../../../../bin/console/page/parts/duration';

const row = (more: Partial<DeliveryRow> = {}): DeliveryRow => ({
  ...{ id: 'c1', eventId: 'e1', time: '2026-03-02T09:30:00.000Z', provider: 'acme', providerEvent: 'joined' },
  ...{ type: 'bot.joined', subject: 'bot/1', outcome: 'published', reason: '', where: 'shared bus' },
  ...more,
});

it.each([
  ['', true],
  ['provider=acme&outcome=published&type=bot&subject=BOT/1', true],
  ['provider=other', false],
  ['outcome=refused', false],
  ['type=recording', false],
  ['subject=bot/2', false],
  ['text=e1 JOINED', true],
  ['text=e1 left', false],
])('%j passes the row: %s', (query, expected) => {
  expect(passes(filterOf(new URLSearchParams(query)))(row())).toBe(expected);
});

it('hides deliveries of Meetbus itself unless asked for them', () => {
  const probe = row({ isOwn: true });
  expect(passes(filterOf(new URLSearchParams('')))(probe)).toBe(false);
  expect(passes(filterOf(new URLSearchParams('probe=yes')))(probe)).toBe(true);
});

it('goes into an address and comes back', () => {
  const query = { provider: 'acme', text: 'a & b', probe: 'yes' };
  expect(queryOf(filterOf(new URLSearchParams(query)))).toEqual(query);
});

it('takes a row in once, however often it comes', () => {
  const known = new Map<string, DeliveryRow>();
  withMessage(known, { reset: true, rows: [row({ outcome: 'accepted' })] });
  withMessage(known, { rows: [row(), row({ id: 'c2', time: '2026-03-02T09:30:01.000Z' })] });
  expect(newestFirst(known).map(({ id, outcome }) => [id, outcome])).toEqual([
    ['c2', 'published'],
    ['c1', 'published'],
  ]);
  withMessage(known, { reset: true, rows: [row()] });
  expect(newestFirst(known)).toHaveLength(1);
});

it.each([
  [87, '87 ms'],
  [9_999, '9999 ms'],
  [180_035, '180 s'],
])('writes %d milliseconds as %s', (milliseconds, text) => {
  expect(durationOf(milliseconds)).toBe(text);
});
