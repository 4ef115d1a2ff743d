/** Times and durations as people write them, and those that there are not. */
import { durationMs, timeMs } from '../../bin/usage';

it.each([
  ['2026-01-31T09:30:00Z', '2026-01-31T09:30:00.000Z'],
  ['2024-02-29T23:30:00-02:00', '2024-03-01T01:30:00.000Z'],
  ['2026-03-01T00:30:00.5+05:30', '2026-02-28T19:00:00.500Z'],
])('reads %s', (text, time) => {
  expect(new Date(timeMs(text)).toISOString()).toBe(time);
});

it.each([
  '2026-02-30T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-04-31T10:00:00+02:00',
  '2026-13-01T00:00:00Z',
  '2026-01-31T24:30:00Z',
  '2026-01-31T09:30',
  'yesterday',
])('takes %s for no time', (text) => {
  expect(() => timeMs(text)).toThrow('Give a time such as');
});

it('reads a time ago, and none that is too long ago', () => {
  const at = timeMs('-2h');
  expect(Math.abs(Date.now() - 7_200_000 - at)).toBeLessThan(5_000);
  expect(() => timeMs('-999999999d')).toThrow('Give 3650d at most.');
});

it.each([
  ['500ms', 500],
  ['30s', 30_000],
  ['3650d', 3_650 * 86_400_000],
])('reads the duration %s', (text, milliseconds) => {
  expect(durationMs(text)).toBe(milliseconds);
});

it.each(['3651d', '999999999h'])('takes no duration as long as %s', (text) => {
  expect(() => durationMs(text)).toThrow('Give 3650d at most.');
});
