import fc from 'fast-check';
import { utcTimeOf } from '../../../lambdas/providers/time';

it.each([
  ['2026-03-02T09:30:00Z', '2026-03-02T09:30:00.000Z'],
  ['2026-03-02T09:30:00.5Z', '2026-03-02T09:30:00.500Z'],
  ['2026-03-02T09:30:00.123456Z', '2026-03-02T09:30:00.123456Z'],
  ['2026-03-02T09:30:00.123456+00:00', '2026-03-02T09:30:00.123456Z'],
  ['2026-03-02T00:30:00.123456+01:00', '2026-03-01T23:30:00.123456Z'],
  ['2026-03-02T09:30:00-0530', '2026-03-02T15:00:00.000Z'],
  ['2026-03-02 09:30:00.051621Z', '2026-03-02T09:30:00.051621Z'],
  ['2026-03-02 09:30:00', '2026-03-02T09:30:00.000Z'],
])('%s is %s', (text, expected) => {
  expect(utcTimeOf(text)).toBe(expected);
});

it.each([
  '',
  'soon',
  '2026-13-02T09:30:00Z',
  '2026-03-02',
  '2026-03-02T25:00:00Z',
  '0000-01-01T00:00:00+14:00',
  '9999-12-31T23:00:00-14:00',
  1_772_443_800,
  null,
  undefined,
  {},
])('%j is no time', (value) => {
  expect(utcTimeOf(value)).toBeUndefined();
});

it('agrees with Date on what Date writes', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('9999-01-01'), noInvalidDate: true }), (date) => {
      expect(utcTimeOf(date.toISOString())).toBe(date.toISOString());
    }),
  );
});
