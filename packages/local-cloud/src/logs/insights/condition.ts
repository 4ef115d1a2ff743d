/** The conditions of `filter`. What a row lacks is neither equal nor unequal, like nor unlike to anything. */
import { compare, type Row, textOf, type Value } from './rows';
import type { Reader, Token } from './tokens';

/** Whether a row is taken. */
export type Condition = (row: Row) => boolean;

type Operand = (row: Row) => Value;

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Reads a condition. `and` binds more than `or`. */
export function readCondition(reader: Reader): Condition {
  const parts = [readAll(reader)];
  while (reader.accept('or')) parts.push(readAll(reader));
  return parts.length === 1 ? parts[0]! : (row) => parts.some((holds) => holds(row));
}

function readAll(reader: Reader): Condition {
  const parts = [readOne(reader)];
  while (reader.accept('and')) parts.push(readOne(reader));
  return parts.length === 1 ? parts[0]! : (row) => parts.every((holds) => holds(row));
}

function readOne(reader: Reader): Condition {
  if (reader.accept('not')) {
    const holds = readOne(reader);
    return (row) => !holds(row);
  }
  if (reader.accept('(')) {
    const holds = readCondition(reader);
    reader.expect(')');
    return holds;
  }
  if (reader.accept('ispresent')) {
    reader.expect('(');
    const field = reader.field();
    reader.expect(')');
    return (row) => row[field] !== undefined;
  }
  return readTest(reader);
}

function readTest(reader: Reader): Condition {
  const left = readOperand(reader);
  const isNegated = reader.accept('not') !== undefined;
  const test =
    readMembership(reader, left) ??
    readLikeness(reader, left) ??
    (isNegated ? undefined : readComparison(reader, left));
  if (!test) return reader.fail('a comparison, "in" or "like" is missing');
  return isNegated ? (row) => left(row) !== undefined && !test(row) : test;
}

function readComparison(reader: Reader, left: Operand): Condition | undefined {
  const operator = reader.accept(...Object.keys(COMPARISONS));
  if (operator === undefined) return undefined;
  const right = readOperand(reader);
  const holds = COMPARISONS[operator]!;
  return (row) => {
    const [one, other] = [left(row), right(row)];
    return one !== undefined && other !== undefined && holds(compare(one, other));
  };
}

function readMembership(reader: Reader, left: Operand): Condition | undefined {
  if (!reader.accept('in')) return undefined;
  reader.expect('[');
  const members = [readOperand(reader)];
  while (reader.accept(',')) members.push(readOperand(reader));
  reader.expect(']');
  return (row) => {
    const value = left(row);
    return value !== undefined && members.some((member) => compare(value, member(row)) === 0);
  };
}

/** A text is looked for anywhere in the field; a regular expression as well, unless it is anchored. */
function readLikeness(reader: Reader, left: Operand): Condition | undefined {
  if (!reader.accept('like')) return undefined;
  const pattern = reader.take('a text or a regular expression', 'text', 'regex');
  const matches = matcherOf(reader, pattern);
  return (row) => {
    const value = left(row);
    return value !== undefined && matches(textOf(value));
  };
}

function matcherOf(reader: Reader, { kind, value }: Token): (text: string) => boolean {
  if (kind === 'text') return (text) => text.includes(value);
  try {
    const expression = new RegExp(value.replace(/^\(\?i\)/, ''), value.startsWith('(?i)') ? 'i' : '');
    return (text) => expression.test(text);
  } catch {
    return reader.fail(`/${value}/ is no regular expression`);
  }
}

function readOperand(reader: Reader): Operand {
  const token = reader.peek();
  if (token?.kind === 'text') {
    reader.take('', 'text');
    return () => token.value;
  }
  if (token?.kind === 'word' && /^-?\d+(\.\d+)?$/.test(token.value)) {
    reader.take('', 'word');
    return () => Number(token.value);
  }
  const field = reader.plainField();
  return (row) => row[field];
}
