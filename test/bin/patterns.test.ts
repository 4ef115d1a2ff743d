import { CATALOGUE, MEETING_EVENT_TYPES } from '@meetbus/events';
import { compilePattern } from '@meetbus/local-cloud/eventbridge/pattern';
import * as fc from 'fast-check';
import { failedTests, type Matches, testsOf, valuesAt } from '../../bin/patterns';

/** The verdict of the local cloud's EventBridge. */
const matches: Matches = async (pattern, event) => compilePattern(pattern)(JSON.parse(event));

const fieldsOf = async (pattern: object, event: object) =>
  (await failedTests(matches, pattern as never, JSON.stringify(event))).map(({ field }) => field);

it('takes a pattern apart by its fields, and leaves alternatives whole', () => {
  const or = [{ team: ['a'] }, { team: [{ exists: false }] }];
  expect(testsOf({ source: ['x'], detail: { data: { words: { text: ['Hi'] }, $or: or } } })).toEqual([
    { field: 'source', wanted: ['x'], pattern: { source: ['x'] } },
    { field: 'detail.data.words.text', wanted: ['Hi'], pattern: { detail: { data: { words: { text: ['Hi'] } } } } },
    { field: 'detail.data.$or', wanted: or, pattern: { detail: { data: { $or: or } } } },
  ]);
});

it('names the tests that an event does not pass', async () => {
  const event = {
    source: 'x',
    detail: {
      status: { code: 'done' },
      words: [
        { text: 'Hi', at: 1 },
        { text: 'there', at: 2 },
      ],
    },
  };
  expect(await fieldsOf({ source: ['x'], detail: { status: { code: ['fatal'] } } }, event)).toEqual([
    'detail.status.code',
  ]);
  expect(await fieldsOf({ detail: { stale: [true], status: { code: [{ exists: false }] } } }, event)).toEqual([
    'detail.stale',
    'detail.status.code',
  ]);
  expect(await fieldsOf({ $or: [{ source: ['y'] }, { source: ['z'] }] }, event)).toEqual(['$or']);
  // No single word passes both.
  const both = { detail: { words: { text: ['Hi'], at: [2] } } };
  expect(await fieldsOf(both, event)).toEqual([]);
  expect(await matches(both, JSON.stringify(event))).toBe(false);
});

it('reads the values of a field as a pattern sees them', () => {
  const event = { detail: { words: [{ text: 'Hi' }, { text: ['there', 'you'] }, 7], 'a.b': { c: 1 }, none: null } };
  expect(valuesAt(event, 'detail.words.text')).toEqual(['Hi', 'there', 'you']);
  expect(valuesAt(event, 'detail.a.b.c')).toEqual([1]);
  expect(valuesAt(event, 'detail.none')).toEqual([null]);
  expect(valuesAt(event, 'detail.nothing')).toEqual([]);
  expect(valuesAt(event, 'detail.words.text.more')).toEqual([]);
});

it('says nothing against an event that matches; and of a pattern without lists, always says why one does not', async () => {
  const examples = MEETING_EVENT_TYPES.map((type) => ({
    source: 'meetbus.acme',
    'detail-type': type,
    detail: CATALOGUE[type].example as { readonly provider?: string; readonly subject?: string },
  }));
  const test = fc.oneof(
    fc.constantFrom<unknown>('acme', 'other', { exists: true }, { exists: false }, { prefix: 'bot/' }),
    fc.constantFrom<unknown>({ 'anything-but': 'acme' }, { wildcard: '*/*' }, { suffix: '.ready' }),
  );
  const tests = fc.array(test, { minLength: 1, maxLength: 3 });
  const detail = fc.dictionary(fc.constantFrom('provider', 'subject', 'type', 'stale'), tests, { minKeys: 1 });
  const pattern = fc.oneof(
    fc.record({ detail }),
    fc.record({ source: tests, detail }),
    fc.record({ detail: fc.record({ $or: fc.array(detail, { minLength: 2, maxLength: 3 }) }) }),
  );
  await fc.assert(
    fc.asyncProperty(pattern, fc.constantFrom(...examples), async (wanted, event) => {
      const failed = await fieldsOf(wanted, event);
      expect(failed.length === 0).toBe(await matches(wanted as never, JSON.stringify(event)));
    }),
  );
});
