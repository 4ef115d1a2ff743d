import { parseExactly } from '../../src/eventbridge/json-text';
import { compilePattern } from '../../src/eventbridge/pattern';

const matches = (pattern: string | object, event: object) => compilePattern(pattern)(event);
const field = (values: unknown) => ({ detail: { f: values } });

describe('one field', () => {
  it.each<[values: unknown[], value: unknown, expected: boolean]>([
    [['running'], 'running', true],
    [['running'], 'Running', false],
    [['stopped', 'running'], 'running', true],
    [[''], '', true],
    [[''], null, false],
    [[null], null, true],
    [[null], '', false],
    [[null], 'null', false],
    [[true], true, true],
    [[true], 'true', false],
    [[false], 0, false],
    [[7], 7, true],
    [[7], '7', false],
    [['7'], 7, false],
    [[300], 3.0e2, true],
    [[-0], 0, true],
    [[10_000_000_000_000_000], 1e16, true],
    [['a', 1, null], 1, true],

    [['b'], ['a', 'b'], true],
    [['c'], ['a', 'b'], false],
    [['a'], [], false],
    [['a'], [['x', ['a']]], true],
    [['a'], { a: 'a' }, false],

    [[{ prefix: 'us-' }], 'us-east-1', true],
    [[{ prefix: 'us-' }], 'US-east-1', false],
    [[{ prefix: '' }], 'anything', true],
    [[{ prefix: '1' }], 123, false],
    [[{ prefix: { 'equals-ignore-case': 'EventB' } }], 'eVENTbridge', true],
    [[{ prefix: { 'equals-ignore-case': 'EventB' } }], 'an eventb', false],

    [[{ suffix: '.png' }], 'a.png', true],
    [[{ suffix: '.png' }], 'a.PNG', false],
    [[{ suffix: '.png' }], 'a.png.txt', false],
    [[{ suffix: { 'equals-ignore-case': '.png' } }], 'a.PnG', true],

    [[{ 'equals-ignore-case': 'Call_Ended' }], 'cALL_eNDED', true],
    [[{ 'equals-ignore-case': 'call_ended' }], 'call_ended ', false],
    [[{ 'equals-ignore-case': 'true' }], true, false],

    [[{ 'anything-but': 'initializing' }], 'running', true],
    [[{ 'anything-but': 'initializing' }], 'initializing', false],
    [[{ 'anything-but': 'initializing' }], 5, true],
    [[{ 'anything-but': 'initializing' }], null, true],
    [[{ 'anything-but': '5' }], 5, true],
    [[{ 'anything-but': 100 }], 100.0, false],
    [[{ 'anything-but': [100, 200] }], 200, false],
    [[{ 'anything-but': [100, 200] }], 300, true],
    [[{ 'anything-but': ['stopped', 'overloaded'] }], 'overloaded', false],
    [[{ 'anything-but': ['stopped', 'overloaded'] }], 'running', true],
    [[{ 'anything-but': 'a' }], ['a', 'b'], true],
    [[{ 'anything-but': 'a' }], ['a', 'a'], false],
    [[{ 'anything-but': 'a' }], [], false],
    [[{ 'anything-but': { prefix: 'init' } }], 'initializing', false],
    [[{ 'anything-but': { prefix: 'init' } }], 'running', true],
    [[{ 'anything-but': { prefix: ['init', 'run'] } }], 'running', false],
    [[{ 'anything-but': { suffix: 'ing' } }], 'running', false],
    [[{ 'anything-but': { suffix: ['.txt', '.rtf'] } }], 'a.png', true],
    [[{ 'anything-but': { 'equals-ignore-case': 'INIT' } }], 'init', false],
    [[{ 'anything-but': { 'equals-ignore-case': ['INIT', 'stop'] } }], 'STOP', false],
    [[{ 'anything-but': { 'equals-ignore-case': 'INIT' } }], 'inits', true],
    [[{ 'anything-but': { wildcard: '*/lib/*' } }], 'usr/lib/x', false],
    [[{ 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } }], 'usr/bin/x', false],
    [[{ 'anything-but': { wildcard: '*/lib/*' } }], 'usr/share/x', true],

    [[{ numeric: ['=', 301.8] }], 3.018e2, true],
    [[{ numeric: ['<', 10] }], 10, false],
    [[{ numeric: ['<=', 10] }], 10, true],
    [[{ numeric: ['>', 10] }], 10, false],
    [[{ numeric: ['>=', 10] }], 10, true],
    [[{ numeric: ['>', 0, '<=', 5] }], 5, true],
    [[{ numeric: ['>', 0, '<=', 5] }], 0, false],
    [[{ numeric: ['>=', 0, '<', 5] }], 5, false],
    [[{ numeric: ['=', 5] }], '5', false],
    [[{ numeric: ['>', 0] }], 5e9, true],
    [[{ numeric: ['>', 0] }], 5_000_000_001, false],
    [[{ numeric: ['>=', -5e9] }], -5e9, true],

    [[{ exists: true }], '', true],
    [[{ exists: true }], null, true],
    [[{ exists: true }], [], false],
    [[{ exists: true }], { inner: 1 }, false],
    [[{ exists: false }], null, false],
    [[{ exists: false }], { inner: 1 }, true],
    [[{ exists: false }], [], true],
    [['a', { exists: false }], 'a', true],
    [['a', { exists: false }], 'b', false],

    [[{ cidr: '10.0.0.0/24' }], '10.0.0.255', true],
    [[{ cidr: '10.0.0.0/24' }], '10.0.1.0', false],
    [[{ cidr: '10.0.0.77/24' }], '10.0.0.1', true],
    [[{ cidr: '0.0.0.0/0' }], '203.0.113.9', true],
    [[{ cidr: '0.0.0.0/0' }], 'example.org', false],
    [[{ cidr: '0.0.0.0/0' }], '::1', false],
    [[{ cidr: '10.0.0.0/31' }], '10.0.0.1', true],
    [[{ cidr: '2001:db8::/32' }], '2001:0db8:ffff::1', true],
    [[{ cidr: '2001:db8::/32' }], '2001:db9::1', false],
    [[{ cidr: '2001:db8::/32' }], '10.0.0.1', false],

    [[{ wildcard: 'dir/*.png' }], 'dir/sub/a.png', true],
    [[{ wildcard: 'dir/*.png' }], 'dir/.png', true],
    [[{ wildcard: 'dir/*.png' }], 'dir/a.png.txt', false],
    [[{ wildcard: '*' }], '', true],
    [[{ wildcard: 'a*a' }], 'a', false],
    [[{ wildcard: 'a*ab*b' }], 'aabb', true],
    [[{ wildcard: 'a.c' }], 'abc', false],
    [[{ wildcard: 'a\\*c' }], 'a*c', true],
    [[{ wildcard: 'a\\*c' }], 'abc', false],
    [[{ wildcard: 'a\\\\*' }], 'a\\bc', true],
    [[{ wildcard: 'a*' }], 1, false],
  ])('%j against %j is %s', (values, value, expected) => {
    expect(matches(field(values), { detail: { f: value } })).toBe(expected);
  });

  it.each<[values: unknown[], expected: boolean]>([
    [[{ exists: false }], true],
    [[{ exists: true }], false],
    [[{ 'anything-but': 'a' }], false],
    [[null], false],
    [['a', { exists: false }], true],
  ])('%j against an absent field is %s', (values, expected) => {
    expect(matches(field(values), { detail: {} })).toBe(expected);
    expect(matches(field(values), {})).toBe(expected);
  });
});

describe('several fields', () => {
  const bots = {
    bots: [
      { id: 1, state: 'done' },
      { id: 2, state: 'fatal', tags: ['x', 'y'] },
    ],
  };
  const either = { $or: [{ a: [1] }, { b: [{ numeric: ['>', 5] }] }] };

  it.each<[what: string, pattern: object, event: object, expected: boolean]>([
    ['all fields must match', { a: [1], b: [2] }, { a: 1, b: 2, c: 3 }, true],
    ['one that does not match is enough', { a: [1], b: [2] }, { a: 1, b: 3 }, false],
    ['a dotted name is the path', { 'a.b': [1] }, { a: { b: 1 } }, true],
    ['a path is the dotted name', { a: { b: [1] } }, { 'a.b': 1 }, true],

    ['fields of one element', { bots: { id: [2], state: ['fatal'] } }, bots, true],
    ['fields of different elements', { bots: { id: [1], state: ['fatal'] } }, bots, false],
    ['arrays in an element', { bots: { id: [2], tags: ['y'] } }, bots, true],
    ['arrays in another element', { bots: { id: [1], tags: ['y'] } }, bots, false],
    ['absent in the element', { bots: { id: [1], tags: [{ exists: false }] } }, bots, true],
    ['present in the element', { bots: { id: [2], tags: [{ exists: false }] } }, bots, false],
    ['two arrays are independent', { a: { x: [1] }, b: { y: [2] } }, { a: [{}, { x: 1 }], b: [{ y: 2 }] }, true],

    ['$or, first branch', either, { a: 1, b: 0 }, true],
    ['$or, second branch', either, { a: 0, b: 6 }, true],
    ['$or, no branch', either, { a: 0, b: 0 }, false],
    ['$or beside a field', { c: [3], ...either }, { a: 1, c: 4 }, false],
    ['$or inside an object', { detail: either }, { detail: { b: 9 } }, true],
    ['an "and" inside $or', { $or: [{ a: [1], b: [1] }, { c: [1] }] }, { a: 1, b: 2 }, false],
    ['$or inside $or', { $or: [{ a: [1] }, { b: [1], $or: [{ c: [1] }, { d: [1] }] }] }, { b: 1, d: 1 }, true],
    ['$or in array elements', { bots: { $or: [{ id: [1] }, { id: [2] }], state: ['fatal'] } }, bots, true],
  ])('%s', (_what, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
    expect(matches(JSON.stringify(pattern), event)).toBe(expected);
  });

  it('tells integers apart that a double does not', () => {
    const pattern = compilePattern('{"id":[9007199254740993]}');
    expect(pattern(parseExactly('{"id":9007199254740993}') as object)).toBe(true);
    expect(pattern(parseExactly('{"id":9007199254740992}') as object)).toBe(false);
  });

  it('stays fast on many elements that match almost', () => {
    const event = { a: Array.from({ length: 2000 }, (_, i) => ({ x: 1, y: 1, z: i })), b: Array(2000).fill('same') };
    expect(matches({ a: { x: [1], y: [1], z: [-1] }, b: ['same'] }, event)).toBe(false);
    expect(matches({ a: { x: [1], z: [1999] }, b: ['same'] }, event)).toBe(true);
  });
});
