import * as fc from 'fast-check';
import { withEdits } from '../../bin/edits';

const before = { id: 'a1', data: { code: 'done', words: [{ text: 'x', at: 1 }], team: 'red' } };
const fresh = { id: 'b2', data: { code: 'done', words: [{ text: 'x', at: 2 }], team: 'red' } };

it.each([
  ['nothing', before, fresh],
  [
    'a member',
    { ...before, data: { ...before.data, team: 'blue' } },
    { ...fresh, data: { ...fresh.data, team: 'blue' } },
  ],
  ['an id', { ...before, id: 'mine' }, { ...fresh, id: 'mine' }],
  ['a new member', { ...before, more: [1] }, { ...fresh, more: [1] }],
  ['a member that is gone', { id: 'a1' }, { id: 'b2' }],
  [
    'an entry of a list',
    { ...before, data: { ...before.data, words: [{ text: 'y', at: 1 }] } },
    { ...fresh, data: { ...fresh.data, words: [{ text: 'y', at: 2 }] } },
  ],
  [
    'a longer list',
    { ...before, data: { ...before.data, words: [1, 2] } },
    { ...fresh, data: { ...fresh.data, words: [1, 2] } },
  ],
  ['a member of another kind', { ...before, data: null }, { ...fresh, data: null }],
  ['everything', 'text', 'text'],
])('carries over a change of %s', (_what, after, expected) => {
  expect(withEdits({ before, after }, fresh)).toEqual(expected);
});

it('without another sample the result is what was edited, and without an edit the other sample', () => {
  const json = fc.jsonValue({ noUnpairedSurrogates: true } as never);
  fc.assert(
    fc.property(json, json, json, (one, edited, other) => {
      expect(JSON.stringify(withEdits({ before: one, after: one }, other))).toBe(JSON.stringify(other));
      expect(withEdits({ before: one, after: edited }, one)).toEqual(edited);
    }),
  );
});
