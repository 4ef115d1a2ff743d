/**
 * The output of commands: tables and sentences for people, JSON for machines; progress goes to stderr. On a terminal
 * lines fit its width; output to a pipe or a file is not cut.
 */

import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { addressed } from './addressed';
import { columnsOf, cut, reflowed, USUAL_COLUMNS, widthOf, wrapped } from './terminal';

/** A column of a table: its title, and the value for a row. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number;
  /** How it shrinks if lines are too long: an id is cut, a text wrapped. An id must have no colours. */
  readonly narrow?: 'cut' | 'wrap';
}

/** A progress bar; it shows nothing if stderr is not a terminal. */
export interface Progress {
  /** Updates the progress, and the total, if more was found out. */
  readonly update: (done: number, total?: number) => void;
  readonly stop: () => void;
}

/** Flags that {@link addJsonOption} gives a command. */
export interface JsonFlags {
  readonly json?: true;
}

/** Flags that {@link addWideOption} gives a command. */
export interface WideFlags {
  readonly wide?: true;
}

/** Adds `--json`. */
export const addJsonOption = (command: Command): Command =>
  command.addOption(new Option('--json', 'print JSON, for machines'));

/** Adds `--wide`, to a command that cuts ids on a terminal. */
export const addWideOption = (command: Command): Command =>
  command.addOption(new Option('--wide', 'whole ids, however long the lines get'));

/** Maximum columns of a command's lines; undefined for no limit. */
export const columnsFor = ({ wide }: WideFlags = {}): number | undefined =>
  wide ? undefined : columnsOf(process.stdout);

/** Characters that a cut id keeps: enough to distinguish it from others. */
const LEAST_ID = 13;

const GAP = 2;

/**
 * Rows as a table without borders, with two spaces between columns. Numbers are right-aligned.
 *
 * @param width columns that a line may have, see {@link columnsFor}; undefined leaves everything whole
 */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width = columnsFor()): string {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const widths = widthsOf(columns, [titles, ...cells], width);
  const fit = (cell: string | number, index: number): string | number => {
    if (typeof cell === 'number' || columns[index]?.narrow === undefined) return cell;
    const most = widths[index] as number;
    return columns[index].narrow === 'cut' ? cut(cell, most) : wrapped(cell, most);
  };
  const table = new Table({
    head: titles,
    chars: { ...NO_BORDERS, middle: ' '.repeat(GAP) },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map((_, index) => (typeof cells[0]?.[index] === 'number' ? 'right' : 'left')),
  });
  table.push(...cells.map((row) => row.map(fit)));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The width of each column: if a line would be too long, ids are cut first, then texts share the rest. */
function widthsOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly (readonly (string | number)[])[],
  width = Number.POSITIVE_INFINITY,
): number[] {
  const widths = columns.map((_, index) => Math.max(...rows.map((row) => widthOf(String(row[index])))));
  const excess = () => widths.reduce((sum, one) => sum + one + GAP, -GAP) - width;
  for (const narrow of ['cut', 'wrap'] as const) {
    const giving = columns.flatMap((column, index) => (column.narrow === narrow ? [index] : []));
    while (excess() > 0) {
      const widest = giving.reduce((a, b) => ((widths[b] as number) > (widths[a] as number) ? b : a), giving[0] ?? -1);
      if (widest < 0 || (widths[widest] as number) <= LEAST_ID) break;
      (widths[widest] as number)--;
    }
  }
  return widths;
}

/** The bot of an event, shown beside its subject; undefined if it has none, or if the subject already names it. */
export const botBeside = (subject: string, bot: string | undefined): string | undefined =>
  bot && !subject.startsWith(`bot/${bot}`) ? `bot ${bot}` : undefined;

/** Prints a value as JSON, indented. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Prints sentences, which wrap between words. */
export const print = (text: string, flags?: WideFlags): void =>
  console.log(wrapped(addressed(text), columnsFor(flags)));

/**
 * The text below a command's help, wrapped to fit: `command.addHelpText('after', footer(HELP))`. Examples are indented.
 */
export const footer = (text: string) => (): string => reflowed(text, columnsFor() ?? USUAL_COLUMNS);

/** Prints a message that is not a result of the command, such as what it waits for, to stderr. */
export const note = (text: string): void => console.error(wrapped(addressed(text), columnsOf(process.stderr)));

/** Shows a bar on stderr: `label`, how far of `total`, and the time left. */
export function startProgress(label: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} {percentage}%, {eta_formatted} left`,
    barsize: 20,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
  });
  bar.start(total, 0);
  const update = (done: number, of = total) => {
    bar.setTotal(Math.max(of, done));
    bar.update(done);
  };
  return { update, stop: () => bar.stop() };
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);
