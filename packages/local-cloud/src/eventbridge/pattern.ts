/** EventBridge's event patterns, as its user guide documents them. */

import { AwsError } from '../service';
import { type Elements, flattenEvent, joinElements, type Leaf, NO_ELEMENTS } from './event-fields';
import { nestingDepth, parseExactly } from './json-text';
import {
  ABSENT,
  compileValue,
  invalidPattern,
  isOperator,
  type ValueTest,
  type Where,
  wildcardsOf,
} from './pattern-operators';
import { isTooComplex, type Wildcards } from './wildcard-complexity';

/** Says whether an event matches. The event is parsed JSON; use `parseExactly` where it may hold large integers. */
export type EventMatcher = (event: object) => boolean;

/** AWS refuses a pattern whose `$or` lists multiply to more combinations than this. */
export const MAX_OR_COMBINATIONS = 1000;

/** Deeper patterns cannot match: an event nests at most 1000 levels, its detail included. */
const MAX_PATTERN_DEPTH = 1000;

/** The tests of one field: it matches when any value passes any test, or, with `absent`, when it has no value. */
interface FieldTests {
  readonly tests: readonly ValueTest[];
  readonly absent: boolean;
  /** By the JSON text of their match expression. */
  readonly wildcards: ReadonlyMap<string, Wildcards>;
}

/** Fields by dotted name that must all match. A pattern is a list of such alternatives: `$or` is multiplied out. */
type Alternative = ReadonlyMap<string, FieldTests>;

/**
 * Compiles an event pattern.
 *
 * Matching follows AWS: fields are distinguished by their dotted name, empty objects and arrays count as absent, `exists`
 * sees leaves only, and values from different elements of one array of objects do not add up to a match. Text is
 * compared exactly; a number never equals a string.
 *
 * @param pattern the pattern as JSON text, or as an object
 * @throws AwsError `InvalidEventPatternException`, whose message says what is wrong and where
 */
export function compilePattern(pattern: string | object): EventMatcher {
  const root = parsePattern(pattern);
  const compiled = compileObject(root, [], false);
  checkComplexity(compiled);
  const alternatives = compiled.map((alternative) =>
    // AWS looks at the fields in the order of their names; with `exists: false` beside arrays the order shows.
    [...alternative].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return (event) => {
    const fields = flattenEvent(event);
    return alternatives.some((alternative) => {
      const candidates = alternative.map(([name, tests]) => candidatesOf(fields.get(name) ?? [], tests));
      return candidates.every(({ possible }) => possible) && allMatch(candidates, 0, NO_ELEMENTS);
    });
  };
}

function parsePattern(pattern: string | object): object {
  let root: unknown;
  try {
    const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
    if (nestingDepth(text) > MAX_PATTERN_DEPTH) throw invalidPattern('', 'the pattern nests too deep');
    root = parseExactly(text);
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw invalidPattern('', `Filter is not JSON (${(error as Error).message})`);
  }
  if (!isObject(root)) throw invalidPattern('', 'Filter is not an object');
  return root;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function compileObject(node: object, path: readonly string[], insideOr: boolean): Alternative[] {
  const members = Object.entries(node);
  if (members.length === 0) throw invalidPattern(path.join('.'), 'Empty objects are not allowed');
  let alternatives: Alternative[] = [new Map()];
  for (const [key, value] of members) {
    const next = key === '$or' ? compileOr(value, path) : compileField(key, value, path, insideOr);
    if (alternatives.length * next.length > MAX_OR_COMBINATIONS) {
      throw invalidPattern([...path, key].join('.'), `$or has over ${MAX_OR_COMBINATIONS} rule combinations`);
    }
    alternatives = alternatives.flatMap((left) => next.map((right) => new Map([...left, ...right])));
  }
  return alternatives;
}

function compileField(key: string, value: unknown, path: readonly string[], insideOr: boolean): Alternative[] {
  const inner = [...path, key];
  const where = inner.join('.');
  if (insideOr && isOperator(key)) {
    throw invalidPattern(where, `${key} is an operator and cannot be a field name inside $or`);
  }
  if (Array.isArray(value)) return [new Map([[where, compileValues(value, where)]])];
  if (isObject(value)) return compileObject(value, inner, insideOr);
  throw invalidPattern(where, `"${key}" must be an object or an array`);
}

function compileOr(value: unknown, path: readonly string[]): Alternative[] {
  const where = [...path, '$or'].join('.');
  if (!Array.isArray(value) || value.length < 2 || !value.every(isObject)) {
    throw invalidPattern(where, '$or takes an array of at least 2 objects');
  }
  return value.flatMap((branch) => compileObject(branch, path, true));
}

function compileValues(values: readonly unknown[], where: Where): FieldTests {
  if (values.length === 0) throw invalidPattern(where, 'Empty arrays are not allowed');
  const compiled = values.map((value, index) => compileValue(value, `${where}[${index}]`));
  return {
    tests: compiled.filter((test) => test !== ABSENT),
    absent: compiled.includes(ABSENT),
    wildcards: new Map(
      values
        .filter((value) => wildcardsOf(value).length > 0)
        .map((value) => [JSON.stringify(value), wildcardsOf(value)]),
    ),
  };
}

/** AWS matches all alternatives of a rule at once, so that their wildcards for one field add up. */
function checkComplexity(alternatives: readonly Alternative[]): void {
  const byField = new Map<string, ReadonlyMap<string, Wildcards>>();
  for (const [name, { wildcards }] of alternatives.flatMap((alternative) => [...alternative])) {
    byField.set(name, new Map([...(byField.get(name) ?? []), ...wildcards]));
  }
  for (const [name, wildcards] of byField) {
    if (!isTooComplex(wildcards)) continue;
    throw invalidPattern(name, 'Rule is too complex, use fewer wildcards or fewer characters that repeat after one');
  }
}

/** What an event offers one field of a pattern: where its matching leaves lie, and where any of its leaves lies. */
interface Candidates {
  readonly possible: boolean;
  readonly absent: boolean;
  readonly matching: ReadonlySet<Elements>;
  readonly leaves: readonly Leaf[];
}

function candidatesOf(leaves: readonly Leaf[], { tests, absent }: FieldTests): Candidates {
  const passing = leaves.filter(({ value }) => tests.some((test) => test(value)));
  // Leaves of one element lead to the same further matches, so that one of them is enough to try.
  const matching = new Set(passing.map(({ elements }) => elements));
  return { possible: absent || matching.size > 0, absent, matching, leaves };
}

/** Looks for one choice of leaves, a leaf for each field from `index` on, that lie in the same array elements. */
function allMatch(fields: readonly Candidates[], index: number, chosen: Elements): boolean {
  const field = fields[index];
  if (field === undefined) return true;
  if (field.absent && !field.leaves.some(({ elements }) => joinElements(chosen, elements))) {
    return allMatch(fields, index + 1, chosen);
  }
  for (const elements of field.matching) {
    const joined = joinElements(chosen, elements);
    if (joined && allMatch(fields, index + 1, joined)) return true;
  }
  return false;
}
