/** Ids are looked for in patterns that CloudWatch Logs takes. */
import { filterPatternsOf } from '../../../../bin/commands/trace/log-search';

it('asks for all ids of an event that came sixty times, in patterns of 1,024 characters at the most', () => {
  const ids = Array.from({ length: 61 }, (_, index) => `I0WNNZummKd9p${index}=`);
  const patterns = filterPatternsOf(ids);
  expect(patterns.length).toBeGreaterThan(1);
  for (const pattern of patterns) expect(pattern.length).toBeLessThanOrEqual(1_024);
  expect(patterns.join(' ')).toBe(ids.map((id) => `?"${id}"`).join(' '));
});

it('quotes what means something in a pattern', () => {
  expect(filterPatternsOf(['a"b\\c'])).toEqual(['?"a\\"b\\\\c"']);
});
