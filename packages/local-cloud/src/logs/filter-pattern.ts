/** Filter patterns of CloudWatch Logs: terms (`error -retry "two words" ?a ?b`) and JSON (`{ $.status >= 500 && $.id = "a*" }`). */
import { AwsError } from '../service';

/** Whether a line matches. */
export type LineFilter = (message: string) => boolean;

/** @throws AwsError `InvalidParameterException` for a pattern that the local cloud cannot read */
export function compileFilterPattern(pattern: string): LineFilter {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('[')) throw invalid(pattern, 'it has no patterns of columns; use terms, or JSON in braces');
  return text.startsWith('{') ? compileJson(pattern, text) : compileTerms(pattern, text);
}

const invalid = (pattern: string, reason: string): AwsError =>
  new AwsError('InvalidParameterException', `The local cloud cannot read the filter pattern ${pattern}: ${reason}.`);

const TERM = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([\w]+))(?=\s|$)/y;

/** A line has every term, none of those with a hyphen, and, where there are no others, one of those with a question mark. */
function compileTerms(pattern: string, text: string): LineFilter {
  const terms = { '': [], '-': [], '?': [] } as Record<string, LineFilter[]>;
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text);
    if (!match)
      throw invalid(pattern, 'a term with other characters than letters, digits and _ stands in double quotes');
    const [, sign = '', quoted, regex, bare] = match;
    const term = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
    const expression = regex === undefined ? undefined : new RegExp(regex);
    terms[sign]?.push(expression ? (line) => expression.test(line) : (line) => line.includes(term));
  }
  const { '': wanted = [], '-': unwanted = [], '?': optional = [] } = terms;
  return (line) => {
    const has = (term: LineFilter) => term(line);
    const isWanted = wanted.length > 0 || optional.length === 0 ? wanted.every(has) : optional.some(has);
    return isWanted && !unwanted.some(has);
  };
}

type Json = unknown;
type JsonFilter = (value: Json) => boolean;

const TOKEN =
  /\s*(&&|\|\||\(|\)|(\$[\w.[\]"'-]*\w[\]"']*|\$)\s*(?:(NOT\s+EXISTS|EXISTS|IS\s+(?:TRUE|FALSE|NULL))|(=|!=|<=|>=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|%([^%]*)%|([^\s()&|]+))))/y;

function compileJson(pattern: string, text: string): LineFilter {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1]?.trim();
  if (inner === undefined) throw invalid(pattern, 'the closing brace is missing');
  const tokens: RegExpExecArray[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < inner.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(inner);
    if (!match) throw invalid(pattern, `it ends at "${inner.slice(at).trim()}"`);
    tokens.push(match);
  }
  const filter = either(pattern, tokens);
  if (tokens.length > 0) throw invalid(pattern, `it should end before "${tokens[0]?.[1]}"`);
  return (line) => {
    try {
      return filter(JSON.parse(line));
    } catch {
      return false;
    }
  };
}

/** `&&` binds more than `||`. */
function either(pattern: string, tokens: RegExpExecArray[]): JsonFilter {
  const filters = [both(pattern, tokens)];
  while (accept(tokens, '||')) filters.push(both(pattern, tokens));
  return (value) => filters.some((filter) => filter(value));
}

function both(pattern: string, tokens: RegExpExecArray[]): JsonFilter {
  const filters = [one(pattern, tokens)];
  while (accept(tokens, '&&')) filters.push(one(pattern, tokens));
  return (value) => filters.every((filter) => filter(value));
}

function one(pattern: string, tokens: RegExpExecArray[]): JsonFilter {
  if (accept(tokens, '(')) {
    const filter = either(pattern, tokens);
    if (!accept(tokens, ')')) throw invalid(pattern, 'a closing parenthesis is missing');
    return filter;
  }
  const [, found = 'its end', path, test, operator = '', quoted, regex, bare] = tokens.shift() ?? [];
  if (path === undefined) throw invalid(pattern, `there should be a condition at "${found}"`);
  const valueAt = selector(path);
  const holds = test === undefined ? comparison(operator, quoted, regex, bare) : TESTS[test.replace(/\s+/g, ' ')];
  return (value) => holds?.(valueAt(value)) ?? false;
}

function accept(tokens: RegExpExecArray[], text: string): boolean {
  if (tokens[0]?.[1] !== text) return false;
  tokens.shift();
  return true;
}

const TESTS: Readonly<Record<string, JsonFilter>> = {
  EXISTS: (value) => value !== undefined,
  'NOT EXISTS': (value) => value === undefined,
  'IS TRUE': (value) => value === true,
  'IS FALSE': (value) => value === false,
  'IS NULL': (value) => value === null,
};

/** `$.a.b[0]["c"]`. */
function selector(path: string): (value: Json) => Json {
  const keys = [...path.matchAll(/\.([\w-]+)|\[(\d+)\]|\[["']([^"']*)["']\]/g)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
  return (value) =>
    keys.reduce<Json>(
      (inner, key) => (inner !== null && typeof inner === 'object' ? (inner as Record<string, Json>)[key] : undefined),
      value,
    );
}

/** What is not there is neither equal nor unequal to anything. */
function comparison(operator: string, quoted?: string, regex?: string, bare?: string): JsonFilter {
  if (operator !== '=' && operator !== '!=') {
    const compare = ORDER[operator];
    return (value) => typeof value === 'number' && (compare?.(value, Number(bare)) ?? false);
  }
  const text = quoted?.replace(/\\(.)/g, '$1') ?? bare ?? '';
  const form = regex === undefined ? wildcards(text) : new RegExp(regex);
  const equals: JsonFilter = (value) =>
    typeof value === 'string'
      ? form.test(value)
      : typeof value === 'number' && quoted === undefined && value === Number(text);
  const isComparable = (value: Json) => typeof value === 'string' || typeof value === 'number';
  return operator === '=' ? equals : (value) => isComparable(value) && !equals(value);
}

const ORDER: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

const wildcards = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    's',
  );
