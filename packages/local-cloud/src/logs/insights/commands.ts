/** The commands of a query that do something with rows. */
import { type Condition, readCondition } from './condition';
import { compare, numberOf, type Row, textOf, type Value } from './rows';
import type { Reader } from './tokens';

/** The rows so far, and which fields of them the result shows; undefined until a command says. */
export interface Table {
  readonly rows: readonly Row[];
  readonly shown: readonly string[] | undefined;
  /** The rows are no log lines any more. */
  readonly isGrouped?: true;
}

/** One command, as read. */
export type Command = (table: Table) => Table;

/** The commands that the local cloud knows, by name. Each reads what follows the name. */
export const COMMANDS: Readonly<Record<string, (reader: Reader) => Command>> = {
  fields: readFields,
  filter: (reader) => keepRows(readCondition(reader)),
  limit: readLimit,
  parse: readParse,
  sort: readSort,
  stats: readStats,
};

const keepRows =
  (holds: Condition): Command =>
  (table) => ({ ...table, rows: table.rows.filter(holds) });

function readList<T>(reader: Reader, read: () => T): T[] {
  const items = [read()];
  while (reader.accept(',')) items.push(read());
  return items;
}

/** A field under its own name, or another. */
interface Column {
  readonly name: string;
  readonly field: string;
}

function readFields(reader: Reader): Command {
  const columns = readList(reader, (): Column => {
    const field = reader.plainField();
    return { field, name: reader.accept('as') ? reader.field() : field };
  });
  return ({ rows, shown = [], ...table }) => ({
    ...table,
    rows: rows.map((row) => ({ ...row, ...Object.fromEntries(columns.map(({ name, field }) => [name, row[field]])) })),
    shown: [...new Set([...shown, ...columns.map(({ name }) => name)])],
  });
}

function readLimit(reader: Reader): Command {
  const count = Number(reader.take('a number', 'word').value);
  if (!Number.isInteger(count) || count < 1) reader.fail('limit takes a whole number from 1, which is missing');
  return (table) => ({ ...table, rows: table.rows.slice(0, count) });
}

/** Each asterisk of a glob stands for as little as it can, up to what follows it; the last for all that is left. */
function readParse(reader: Reader): Command {
  const field = reader.field();
  const glob = reader.take('a text with asterisks', 'text').value;
  reader.expect('as');
  const names = readList(reader, () => reader.field());
  const parts = glob.split('*');
  if (parts.length - 1 !== names.length) {
    reader.fail(
      `the glob has ${parts.length - 1} asterisks for ${names.length} names: an equal number of them is missing`,
    );
  }
  const pattern = parts.map((part) => RegExp.escape(part)).join('(.*?)');
  const expression = new RegExp(glob.endsWith('*') ? `${pattern}$` : pattern, 's');
  return ({ rows, shown, ...table }) => ({
    ...table,
    rows: rows.map((row) => {
      const value = row[field];
      const found = value === undefined ? null : expression.exec(textOf(value));
      return found ? { ...row, ...Object.fromEntries(names.map((name, index) => [name, found[index + 1]])) } : row;
    }),
    shown,
  });
}

function readSort(reader: Reader): Command {
  const keys = readList(reader, () => {
    const field = reader.plainField();
    return { field, sign: reader.accept('asc', 'desc') === 'asc' ? 1 : -1 };
  });
  const inOrder = (one: Row, other: Row): number => {
    for (const { field, sign } of keys) {
      const [a, b] = [one[field], other[field]];
      const order = a === undefined || b === undefined ? compare(a, b) : sign * compare(a, b);
      if (order !== 0) return order;
    }
    return 0;
  };
  return (table) => ({ ...table, rows: table.rows.toSorted(inOrder) });
}

/** A statistic over the values that are there. */
const STATISTICS: Readonly<Record<string, (values: readonly Value[]) => Value>> = {
  count: (values) => values.length,
  max: (values) => extreme(values, 1),
  min: (values) => extreme(values, -1),
  sum: (values) => values.reduce<number>((sum, value) => sum + numberOf(value), 0),
};

/** As on AWS, that of times is a number: milliseconds since 1970. */
function extreme(values: readonly Value[], sign: number): Value {
  const [first] = values.toSorted((a, b) => sign * compare(b, a));
  return first instanceof Date ? first.getTime() : first;
}

interface Statistic extends Column {
  readonly of: (values: readonly Value[]) => Value;
}

function readStats(reader: Reader): Command {
  const statistics = readList(reader, () => readStatistic(reader));
  const keys = reader.accept('by') ? readList(reader, () => reader.plainField()) : [];
  return ({ rows }) => {
    const groups = Map.groupBy(rows, (row) => JSON.stringify(keys.map((key) => String(row[key]))));
    return {
      isGrouped: true,
      shown: [...keys, ...statistics.map(({ name }) => name)],
      rows: [...groups.values()].map((group) => ({
        ...Object.fromEntries(keys.map((key) => [key, group[0]?.[key]])),
        ...Object.fromEntries(statistics.map(({ name, field, of }) => [name, of(valuesOf(group, field))])),
      })),
    };
  };
}

/** An asterisk stands for the rows themselves. */
const valuesOf = (rows: readonly Row[], field: string): Value[] =>
  rows.map((row) => (field === '*' ? true : row[field])).filter((value) => value !== undefined);

function readStatistic(reader: Reader): Statistic {
  const name = reader.field();
  const of = STATISTICS[name];
  if (!of) return reader.fail(`the statistic ${name}() is unknown; one of ${Object.keys(STATISTICS).join(', ')}`);
  reader.expect('(');
  const field = reader.accept('*') ?? reader.field();
  reader.expect(')');
  return { of, field, name: reader.accept('as') ? reader.field() : `${name}(${field})` };
}
