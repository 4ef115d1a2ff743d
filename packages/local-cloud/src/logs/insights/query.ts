/** Queries of Logs Insights: the part of its language that saved queries use. What it does not know it refuses by name. */
import { COMMANDS, type Command, type Table } from './commands';
import { compare, type Row, textOf } from './rows';
import { malformed, Reader } from './tokens';

/** A field of a row of the result. */
export interface ResultField {
  readonly field: string;
  readonly value: string;
}

/** Gives the result of a query over rows. */
export type Query = (rows: readonly Row[], limit: number) => ResultField[][];

/** What a query shows that names no field. */
const SHOWN_UNLESS_TOLD = ['@timestamp', '@message'];

/**
 * Reads a query.
 *
 * @throws AwsError `MalformedQueryException`
 */
export function compileQuery(text: string): Query {
  const reader = new Reader(text);
  if (reader.isAtEnd) throw malformed('The query is empty.');
  const commands = [readCommand(reader)];
  while (reader.accept('|')) commands.push(readCommand(reader));
  if (!reader.isAtEnd) reader.fail('"|" is missing');
  return (rows, limit) => {
    const newestFirst = rows.toSorted((a, b) => compare(b['@timestamp'], a['@timestamp']));
    const begin: Table = { rows: newestFirst, shown: undefined };
    return resultOf(
      commands.reduce((table, command) => command(table), begin),
      limit,
    );
  };
}

function readCommand(reader: Reader): Command {
  const token = reader.peek();
  const read = token?.kind === 'word' ? COMMANDS[token.value.toLowerCase()] : undefined;
  if (!read) {
    throw malformed(
      `The local cloud has no command "${token?.source ?? ''}" in queries. It has: ${Object.keys(COMMANDS).join(', ')}.`,
      token,
    );
  }
  reader.take('a command', 'word');
  return read(reader);
}

/** As on AWS, a row has no member for an absent field, and a log line also has its pointer. */
function resultOf({ rows, shown = SHOWN_UNLESS_TOLD, isGrouped }: Table, limit: number): ResultField[][] {
  return rows.slice(0, limit).map((row) => {
    const fields = shown.flatMap((field) => {
      const value = row[field];
      return value === undefined ? [] : [{ field, value: textOf(value) }];
    });
    return isGrouped ? fields : [...fields, { field: '@ptr', value: String(row['@ptr']) }];
  });
}
