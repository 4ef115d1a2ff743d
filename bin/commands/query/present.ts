/** The result of a query, for people: a table, or, if that is too wide, blocks of fields. */

import { type ResultRow, readable } from '../../insights';
import { columnsFor, tableOf } from '../../output';
import { widthOf } from '../../terminal';

/** Names of the fields of a result, in the order of the query. */
const fieldsOf = (rows: readonly ResultRow[]): string[] => [...new Set(rows.flatMap(Object.keys))];

/** Right-aligned: a count, not an id. */
const isNumber = (value: string): boolean => /^\d{1,9}$/.test(value);

/**
 * Rows as a table, or as blocks of fields if lines would be too long.
 *
 * @param columns maximum of a line; undefined for a pipe, which gets a table
 */
export function presented(rows: readonly ResultRow[], columns = columnsFor()): string {
  const fields = fieldsOf(rows);
  const table = tableOf(
    fields.map((field) => ({
      title: field,
      value: (row: ResultRow) => {
        const value = readable(field, row[field] ?? '');
        return isNumber(value) ? Number(value) : value;
      },
      narrow: 'wrap' as const,
    })),
    rows,
    columns,
  );
  return columns === undefined || widthOf(table) <= columns ? table : asBlocks(fields, rows, columns);
}

function asBlocks(fields: readonly string[], rows: readonly ResultRow[], columns: number): string {
  const label = Math.max(...fields.map((field) => field.length)) + 2;
  const lineOf = (field: string, value: string): string =>
    `${field.padEnd(label)}${folded(readable(field, value), columns - label, ' '.repeat(label))}`;
  const blocks = rows.map((row) =>
    fields.flatMap((field) => (row[field] ? [lineOf(field, row[field])] : [])).join('\n'),
  );
  return blocks.join('\n\n');
}

/** Log lines in JSON have no spaces at which they could be broken. */
const folded = (text: string, columns: number, indent: string): string =>
  (text.match(new RegExp(`.{1,${Math.max(columns, 10)}}`, 'gs')) ?? []).join(`\n${indent}`);
