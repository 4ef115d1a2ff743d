/**
 * What commands print: tables and sentences for people, JSON for machines; progress goes beside it, to stderr. On a terminal
 * no line is longer than the terminal is wide; what goes to a pipe or a file is whole.
 */

import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';
import { addressed } from './addressed';
import { columnsOf, cut, reflowed, USUAL_COLUMNS, widthOf, wrapped } from './terminal';

/** A column of a table: its title, and how a row fills it. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number;
  /** What is done with it where lines are too long: an id is cut, a text wrapped. An id must have no colours. */
  readonly narrow?: 'cut' | 'wrap';
}

/** A bar of progress; it shows nothing where stderr is not a terminal. */
export interface Progress {
  /** Says how much is done, of the total. */
  readonly update: (done: number) => void;
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

/** Columns that a command's lines may have; undefined where that does not matter. */
export const columnsFor = ({ wide }: WideFlags = {}): number | undefined =>
  wide ? undefined : columnsOf(process.stdout);

/** An id that is cut keeps so many characters: enough to tell it from others. */
const LEAST_ID = 13;

const GAP = 2;

/**
 * Rows as a table without borders, its columns two spaces apart. Numbers stand to the right.
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

/** How wide each column becomes: where a line would be too long, ids give way first, then texts share what is left. */
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

/** The bot of an event, to stand beside its subject; undefined where it has none, or the subject names it already. */
export const botBeside = (subject: string, bot: string | undefined): string | undefined =>
  bot && !subject.startsWith(`bot/${bot}`) ? `bot ${bot}` : undefined;

/** Prints a value as JSON, indented. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Prints sentences, which wrap between words. */
export const print = (text: string, flags?: WideFlags): void =>
  console.log(wrapped(addressed(text), columnsFor(flags)));

/** What stands below a command's help, broken to fit: `command.addHelpText('after', footer(HELP))`. Examples are indented. */
export const footer = (text: string) => (): string => reflowed(text, columnsFor() ?? USUAL_COLUMNS);

/** Says something to the person that is no result of the command, such as what it waits for: on stderr. */
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
  return { update: (done) => bar.update(done), stop: () => bar.stop() };
}

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
    .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
    .map((name) => [name, '']),
);
