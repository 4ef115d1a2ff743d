import * as fc from 'fast-check';
import { nestingDepth, parseExactly, parsePath, textAt } from '../../src/eventbridge/json-text';

const EVENT = `{ "detail": {"id": 12345678901234567890, "list":[ 1.0 , {"a-b":"x\\"}y"}, [] ], "" : null,
  "dup": 1, "dup": 2, "nested/slash": {"k": true}} }`;

describe('textAt', () => {
  it.each<[path: string, expected: string | undefined]>([
    ['$.detail.id', '12345678901234567890'],
    ['$.detail.list[0]', '1.0'],
    ['$.detail.list[1]', '{"a-b":"x\\"}y"}'],
    ['$.detail.list[1].a-b', '"x\\"}y"'],
    ['$.detail.list[2]', '[]'],
    ['$.detail.list[3]', undefined],
    ['$.detail.list', '[ 1.0 , {"a-b":"x\\"}y"}, [] ]'],
    ['$.detail.list[*].a-b', '["x\\"}y"]'],
    ['$.detail.nested/slash.k', 'true'],
    ['$.detail.nested/slash.*', '[true]'],
    ['$.detail.dup', '2'],
    ['$.detail.missing.deeper', undefined],
    ['$.detail.id.deeper', undefined],
    ['$', EVENT],
  ])('%s is %s', (path, expected) => {
    expect(textAt(EVENT, parsePath(path)!)).toBe(expected);
  });

  it.each(['detail', '$detail', '$.', '$..a', '$.a[', '$.a[x]', '$.a b', ''])('%j is no path', (path) => {
    expect(parsePath(path)).toBeUndefined();
  });

  it('finds every member that parsing finds', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed = JSON.parse(text);
        for (const name of Object.keys(parsed)) {
          expect(JSON.parse(textAt(text, [{ name }])!)).toEqual(parsed[name]);
        }
      }),
    );
  });
});

describe('nestingDepth', () => {
  it.each([
    ['1', 0],
    ['"[[["', 0],
    ['{}', 1],
    ['{"a":[{"b":"}"}],"c":[]}', 3],
    ['["\\"[", [[]]]', 3],
  ])('%s nests %i deep', (text, depth) => {
    expect(nestingDepth(text)).toBe(depth);
  });
});

describe('parseExactly', () => {
  it('reads what JSON.parse reads, except for integers beyond 2^53', () => {
    const toDoubles = (_key: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(JSON.stringify(parseExactly(text), toDoubles)).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
    expect(parseExactly('[9007199254740993, -18446744073709551616, 1.5e300, 9007199254740991]')).toEqual([
      9007199254740993n,
      -18446744073709551616n,
      1.5e300,
      9007199254740991,
    ]);
  });
});
