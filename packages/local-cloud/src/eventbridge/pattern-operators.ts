/** The values that an event pattern may have in its arrays, each compiled to a test of one leaf. */

import { BlockList, isIP } from 'node:net';
import { AwsError } from '../service';
import type { Scalar } from './event-fields';
import type { Wildcards } from './wildcard-complexity';

/** Says whether a leaf's value matches. */
export type ValueTest = (value: Scalar) => boolean;

/** What `{"exists": false}` compiles to: no value can match, only the field's absence. */
export const ABSENT = Symbol('absent');

/** Where in the pattern the compiler is, such as `detail.state[0]`; every error names it. */
export type Where = string;

/** Numbers that `numeric` can compare lie between -5e9 and 5e9. */
export const NUMERIC_LIMIT = 5e9;

/** The error of every event pattern that AWS would not take. */
export function invalidPattern(where: Where, reason: string): AwsError {
  return new AwsError(
    'InvalidEventPatternException',
    `Event pattern is not valid. Reason: ${reason}${where ? ` at ${where}` : ''}.`,
  );
}

/**
 * Compiles one value of a pattern's array: a scalar, which matches the same scalar, or `{operator: argument}`.
 *
 * @throws AwsError `InvalidEventPatternException`
 */
export function compileValue(value: unknown, where: Where): ValueTest | typeof ABSENT {
  if (typeof value !== 'object' || value === null) return (leaf) => isSame(leaf, value);
  if (Array.isArray(value)) {
    throw invalidPattern(where, 'a value must be a string, number, boolean, null or {"operator": …}, not an array');
  }
  const [name, argument] = onlyMember(value, where);
  return operatorOf(OPERATORS, name, where)(argument, `${where}.${name}`);
}

/** Names of the operators; inside `$or` they cannot be field names. */
export function isOperator(name: string): boolean {
  return Object.hasOwn(OPERATORS, name);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Compares numbers by value, whether a double or a `bigint` holds them. */
function isSame(a: unknown, b: unknown): boolean {
  return isNumber(a) && isNumber(b) ? a >= b && a <= b : a === b;
}

type Operator<Result> = (argument: unknown, where: Where) => Result;
type TextTest = (text: string) => boolean;

/** What `anything-but` can turn round; the first two also take `{"equals-ignore-case": …}` outside of it. */
const TEXT_OPERATORS: Readonly<Record<string, Operator<TextTest>>> = {
  prefix: (argument, where) => {
    const start = string(argument, where);
    return (text) => text.startsWith(start);
  },
  suffix: (argument, where) => {
    const end = string(argument, where);
    return (text) => text.endsWith(end);
  },
  'equals-ignore-case': (argument, where) => {
    const wanted = string(argument, where).toLowerCase();
    return (text) => text.toLowerCase() === wanted;
  },
  wildcard: (argument, where) => wildcardTest(string(argument, where), where),
};

const OPERATORS: Readonly<Record<string, Operator<ValueTest | typeof ABSENT>>> = {
  prefix: (argument, where) => onText(orIgnoringCase('prefix', argument, where)),
  suffix: (argument, where) => onText(orIgnoringCase('suffix', argument, where)),
  'equals-ignore-case': (argument, where) => onText(TEXT_OPERATORS['equals-ignore-case']!(argument, where)),
  wildcard: (argument, where) => onText(TEXT_OPERATORS.wildcard!(argument, where)),
  'anything-but': anythingBut,
  numeric: numericTest,
  cidr: cidrTest,
  exists: (argument, where) => {
    if (typeof argument !== 'boolean') throw invalidPattern(where, 'exists takes true or false');
    return argument ? () => true : ABSENT;
  },
};

function operatorOf<Result>(
  operators: Readonly<Record<string, Operator<Result>>>,
  name: string,
  where: Where,
): Operator<Result> {
  if (Object.hasOwn(operators, name)) return operators[name]!;
  const known = Object.keys(operators).join(', ');
  throw invalidPattern(where, `Unrecognized match type ${name}; this place takes ${known}`);
}

function onlyMember(value: object, where: Where): [string, unknown] {
  const members = Object.entries(value);
  if (members.length !== 1) throw invalidPattern(where, 'a match expression has exactly one key');
  return members[0]!;
}

function string(argument: unknown, where: Where): string {
  if (typeof argument !== 'string') throw invalidPattern(where, 'the argument must be a string');
  return argument;
}

function onText(test: TextTest): ValueTest {
  return (value) => typeof value === 'string' && test(value);
}

function orIgnoringCase(name: 'prefix' | 'suffix', argument: unknown, where: Where): TextTest {
  if (typeof argument !== 'object' || argument === null) return TEXT_OPERATORS[name]!(argument, where);
  const [inner, text] = onlyMember(argument, where);
  if (inner !== 'equals-ignore-case')
    throw invalidPattern(where, `${name} takes a string or {"equals-ignore-case": …}`);
  const folded = TEXT_OPERATORS[name]!(string(text, where).toLowerCase(), where);
  return (value) => folded(value.toLowerCase());
}

/** Splits at the wildcards, so that matching is a search for each piece in turn and never backtracks. */
function wildcardTest(pattern: string, where: Where): TextTest {
  const pieces = [''];
  for (let at = 0; at < pattern.length; at++) {
    let char = pattern[at]!;
    if (char === '*') {
      if (pattern[at + 1] === '*') throw invalidPattern(where, `Consecutive wildcard characters at pos ${at}`);
      pieces.push('');
      continue;
    }
    if (char === '\\') {
      char = pattern[++at] ?? '';
      if (char !== '*' && char !== '\\') throw invalidPattern(where, `Invalid escape character at pos ${at - 1}`);
    }
    pieces[pieces.length - 1] += char;
  }
  const first = pieces.shift()!;
  const last = pieces.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const piece of pieces) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return text.length - at >= last.length && text.endsWith(last);
  };
}

/** The wildcards of a value that {@link compileValue} has taken; none unless it has any. */
export function wildcardsOf(value: unknown): Wildcards {
  const { wildcard, 'anything-but': excluded } = Object(value);
  return typeof excluded === 'object' ? wildcardsOf(excluded) : [wildcard ?? []].flat();
}

function anythingBut(argument: unknown, where: Where): ValueTest {
  if (typeof argument === 'object' && argument !== null && !Array.isArray(argument)) {
    const [name, texts] = onlyMember(argument, where);
    const operator = operatorOf(TEXT_OPERATORS, name, where);
    const tests = list(texts, where).map((text) => {
      // AWS takes "" in a plain prefix, but here it would exclude every string.
      if (text === '' && (name === 'prefix' || name === 'suffix')) throw invalidPattern(where, `${name} is empty`);
      return onText(operator(text, where));
    });
    return (value) => !tests.some((test) => test(value));
  }
  const excluded = list(argument, where);
  if (!excluded.every(isNumber) && !excluded.every((value) => typeof value === 'string')) {
    throw invalidPattern(where, 'anything-but takes only strings or only numbers, not a mix');
  }
  return (value) => !excluded.some((other) => isSame(value, other));
}

function list(argument: unknown, where: Where): unknown[] {
  const values = Array.isArray(argument) ? argument : [argument];
  if (values.length === 0) throw invalidPattern(where, 'Empty arrays are not allowed');
  return values;
}

const COMPARISONS: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function numericTest(argument: unknown, where: Where): ValueTest {
  if (!Array.isArray(argument)) throw invalidPattern(where, 'numeric takes an array such as [">", 0, "<=", 5]');
  const [lower, from, upper, to] = argument;
  for (const [operator, limit] of argument.length > 2 ? [argument.slice(0, 2), argument.slice(2)] : [argument]) {
    if (typeof operator !== 'string' || !Object.hasOwn(COMPARISONS, operator)) {
      throw invalidPattern(where, `Unrecognized numeric range operator: ${JSON.stringify(operator)}`);
    }
    if (typeof limit !== 'number' || Math.abs(limit) > NUMERIC_LIMIT) {
      throw invalidPattern(where, `Value of ${operator} must be a number between -5e9 and 5e9`);
    }
  }
  const isRange = argument.length === 4 && lower.startsWith('>') && upper.startsWith('<') && from < to;
  if (argument.length !== 2 && !isRange) {
    throw invalidPattern(where, 'a numeric range is > or >= a bottom, then < or <= a greater top');
  }
  const inRange = (value: number) =>
    COMPARISONS[lower]!(value, from) && (upper === undefined || COMPARISONS[upper]!(value, to));
  return (value) => typeof value === 'number' && Math.abs(value) <= NUMERIC_LIMIT && inRange(value);
}

/** AWS refuses the mask of a single address (/32, /128): such an address is an exact value. */
const MAX_MASK = { 4: 31, 6: 127 } as const;

function cidrTest(argument: unknown, where: Where): ValueTest {
  const [, address = '', mask = ''] = /^([0-9a-fA-F.:]+)\/(\d{1,3})$/.exec(string(argument, where)) ?? [];
  const version = isIP(address) as 0 | 4 | 6;
  if (version === 0) throw invalidPattern(where, 'Malformed CIDR, write an address, one / and the mask bits');
  if (Number(mask) > MAX_MASK[version]) {
    throw invalidPattern(where, `IPv${version} mask bits must be < ${MAX_MASK[version] + 1}`);
  }
  const family = `ipv${version}` as const;
  const block = new BlockList();
  block.addSubnet(address, Number(mask), family);
  return (value) => typeof value === 'string' && isIP(value) === version && block.check(value, family);
}
