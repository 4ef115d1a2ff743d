import { callsOf } from '../../../lambdas/publish/put-events';

const entry = (bytes: number) => ({ Source: 's', DetailType: 't', Detail: 'x'.repeat(bytes - 2) });

it.each([
  ['nothing', [], []],
  ['ten small ones in one call', Array(10).fill(100), [10]],
  ['the eleventh in a second call', Array(11).fill(100), [10, 1]],
  ['large ones apart', [600_000, 600_000, 100], [1, 2]],
  ['just under a megabyte together', [500_000, 499_999], [2]],
  ['a megabyte apart, because it must be less', [500_000, 500_000], [1, 1]],
])('splits %s', (_name, sizes, lengths) => {
  const entries = sizes.map(entry);
  const calls = callsOf(entries);
  expect(calls.map((call) => call.length)).toEqual(lengths);
  expect(calls.flat()).toEqual(entries);
});

it('counts bytes, not characters', () => {
  const wide = { Source: '', DetailType: '', Detail: 'é'.repeat(300_000) };
  expect(callsOf([wide, wide])).toHaveLength(2);
});
