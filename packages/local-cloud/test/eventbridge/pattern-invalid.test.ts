import { compilePattern } from '../../src/eventbridge/pattern';

describe('an invalid pattern', () => {
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}[1]${'}'.repeat(levels)}`;
  const manyBranches = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`f${i}`, { $or: [{ a: [1] }, { b: [1] }] }]),
  );

  it.each<[pattern: string | object, message: RegExp]>([
    ['{', /Filter is not JSON/],
    ['[]', /Filter is not an object/],
    ['null', /Filter is not an object/],
    [{}, /Empty objects are not allowed\.$/],
    [{ a: {} }, /Empty objects are not allowed at a\./],
    [{ a: [] }, /Empty arrays are not allowed at a\./],
    [{ a: { b: 'x' } }, /"b" must be an object or an array at a\.b\./],
    [{ a: 1 }, /"a" must be an object or an array/],
    [{ a: ['x', ['y']] }, /not an array at a\[1\]/],
    [{ a: [{}] }, /exactly one key at a\[0\]/],
    [{ a: [{ prefix: 'a', suffix: 'b' }] }, /exactly one key/],
    [{ a: [{ regex: 'x' }] }, /Unrecognized match type regex; .*wildcard.* at a\[0\]\./],
    [{ a: [{ toString: 'x' }] }, /Unrecognized match type toString/],
    [{ a: [{ prefix: 1 }] }, /must be a string at a\[0\]\.prefix/],
    [{ a: [{ prefix: { wildcard: 'x' } }] }, /prefix takes a string or/],
    [{ a: [{ suffix: { 'equals-ignore-case': 3 } }] }, /must be a string/],
    [{ a: [{ 'equals-ignore-case': ['x'] }] }, /must be a string/],
    [{ a: [{ exists: 'yes' }] }, /exists takes true or false/],
    [{ a: { exists: true } }, /"exists" must be an object or an array/],
    [{ a: [{ 'anything-but': [] }] }, /Empty arrays/],
    [{ a: [{ 'anything-but': ['a', 1] }] }, /only strings or only numbers/],
    [{ a: [{ 'anything-but': null }] }, /only strings or only numbers/],
    [{ a: [{ 'anything-but': [true] }] }, /only strings or only numbers/],
    [{ a: [{ 'anything-but': { prefix: '' } }] }, /prefix is empty/],
    [{ a: [{ 'anything-but': { suffix: ['a', ''] } }] }, /suffix is empty/],
    [{ a: [{ 'anything-but': { prefix: 3 } }] }, /must be a string/],
    [{ a: [{ 'anything-but': { numeric: ['=', 1] } }] }, /Unrecognized match type numeric/],
    [{ a: [{ 'anything-but': { wildcard: '**' } }] }, /Consecutive wildcard/],
    [{ a: [{ numeric: 5 }] }, /numeric takes an array/],
    [{ a: [{ numeric: [] }] }, /Unrecognized numeric range operator/],
    [{ a: [{ numeric: ['!=', 5] }] }, /Unrecognized numeric range operator: "!="/],
    [{ a: [{ numeric: [{ toString: 1 }] }] }, /range operator: {"toString":1}/],
    [{ a: [{ numeric: ['>', '5'] }] }, /must be a number between/],
    [{ a: [{ numeric: ['>', 5e9 + 1] }] }, /must be a number between -5e9 and 5e9/],
    [{ a: [{ numeric: ['>', 5, '<'] }] }, /must be a number/],
    [{ a: [{ numeric: ['>', 5, '<', 5] }] }, /a greater top/],
    [{ a: [{ numeric: ['<', 5, '>', 1] }] }, /a numeric range is/],
    [{ a: [{ numeric: ['=', 5, '<', 9] }] }, /a numeric range is/],
    [{ a: [{ numeric: ['>', 1, '<', 5, '<', 9] }] }, /a numeric range is/],
    [{ a: [{ cidr: '10.0.0.0' }] }, /Malformed CIDR/],
    [{ a: [{ cidr: '10.0.0/8' }] }, /Malformed CIDR/],
    [{ a: [{ cidr: '10.0.0.0/32' }] }, /IPv4 mask bits must be < 32/],
    [{ a: [{ cidr: '::1/128' }] }, /IPv6 mask bits must be < 128/],
    [{ a: [{ cidr: 10 }] }, /must be a string/],
    [{ a: [{ wildcard: 'a**b' }] }, /Consecutive wildcard characters at pos 1 at a\[0\]\.wildcard/],
    [{ a: [{ wildcard: 'a\\b' }] }, /Invalid escape character at pos 1/],
    [{ a: [{ wildcard: 'a\\' }] }, /Invalid escape character at pos 1/],
    [{ $or: [{ a: [1] }] }, /\$or takes an array of at least 2 objects/],
    [{ $or: { a: [1] } }, /\$or takes an array/],
    [{ x: { $or: [{ a: [1] }, 'b'] } }, /at x\.\$or/],
    [{ $or: [{ numeric: [1] }, { prefix: ['a'] }] }, /numeric is an operator/],
    [{ $or: [{ a: [1] }, {}] }, /Empty objects/],
    [manyBranches, /over 1000 rule combinations/],
    [deep(1001), /nests too deep/],
  ])('%j is refused', (pattern, message) => {
    const compile = () => compilePattern(pattern);
    expect(compile).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
    expect(compile).toThrow(message);
  });
});

describe('wildcards', () => {
  const wildcards = (...texts: string[]) => texts.map((wildcard) => ({ wildcard }));
  const sixAnd = (text: string) => `${'*:'.repeat(5)}${text}`;

  // Each comment counts the beginnings that one text can match at once; AWS takes 10.
  it.each<[what: string, pattern: object]>([
    [
      'one long wildcard that repeats nothing',
      {
        a: wildcards(
          `*${String.fromCharCode(
            ...Array(1500)
              .keys()
              .map((i) => 0x4e00 + i),
          )}`,
        ),
      },
    ],
    ['10 beginnings', { a: wildcards('*a*a*a*a*a') }],
    ['9, three in each of three', { a: wildcards('*:bot/first/*', '*:bot/second/*', '*:bot/third/*') }],
    ['many that begin differently', { a: [...'0123456789abcdef'].map((first) => ({ wildcard: `${first}*` })) }],
    ['the same one twice', { a: wildcards('*a*a*a', '*a*a*a') }],
    ['the same one in two branches', { a: wildcards('*a*a*a'), $or: [{ b: [1] }, { c: [1] }] }],
    ['6 in each of two fields', { a: wildcards('*a*a*a'), b: wildcards('*a*a*a') }],
    ['escaped stars', { a: wildcards('\\*'.repeat(20)) }],
    ['what anything-but says twice', { a: [{ 'anything-but': { wildcard: ['*a*a*a*a', '*a*a*a*a*b'] } }] }],
  ])('are taken: %s', (_what, pattern) => {
    expect(() => compilePattern(pattern)).not.toThrow();
  });

  it.each<[what: string, pattern: object]>([
    ['11 beginnings', { a: wildcards(sixAnd('bus/*')) }],
    ['a character that repeats after a star', { a: wildcards(`*${'a'.repeat(10)}`) }],
    ['12, three in each of four', { a: wildcards('*:bot/a/*', '*:bot/b/*', '*:bot/c/*', '*:bot/d/*') }],
    ['two of 6 in one field', { detail: { a: wildcards('*a*a*a', '*a*a*b*a') } }],
    ['two of 6 in two branches', { $or: [{ a: wildcards('*a*a*a') }, { a: wildcards('*a*a*b*a') }] }],
    ['anything-but', { a: [{ 'anything-but': { wildcard: sixAnd('bus/*') } }] }],
    ['anything-but beside a wildcard', { a: [{ 'anything-but': { wildcard: '*a*a*a' } }, { wildcard: '*a*a*a' }] }],
  ])('are refused as too complex: %s', (_what, pattern) => {
    const compile = () => compilePattern(pattern);
    expect(compile).toThrow(expect.objectContaining({ code: 'InvalidEventPatternException' }));
    expect(compile).toThrow(/Rule is too complex.* at (detail\.)?a\.$/);
  });
});
