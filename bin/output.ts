/** What commands print: tables and sentences for people, JSON for machines; progress goes beside it, to stderr. */
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { type Command, Option } from 'commander';

/** A column of a table: its title, and how a row fills it. */
export interface Column<Row> {
  readonly title: string;
  readonly value: (row: Row) => string | number;
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

/** Adds `--json`. */
export const addJsonOption = (command: Command): Command =>
  command.addOption(new Option('--json', 'print JSON, for machines'));

/** Rows as a table without borders, its columns two spaces apart. Numbers stand to the right. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = rows.map((row) => columns.map(({ value }) => value(row)));
  const table = new Table({
    head: columns.map(({ title }) => title),
    chars: { ...NO_BORDERS, middle: '  ' },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    colAligns: columns.map((_, index) => (typeof cells[0]?.[index] === 'number' ? 'right' : 'left')),
  });
  table.push(...cells);
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The bot of an event, to stand beside its subject; undefined where it has none, or the subject names it already. */
export const botBeside = (subject: string, bot: string | undefined): string | undefined =>
  bot && !subject.startsWith(`bot/${bot}`) ? `bot ${bot}` : undefined;

/** Prints a value as JSON, indented. */
export const printJson = (value: unknown): void => console.log(JSON.stringify(value, null, 2));

/** Says something to the person that is no result of the command, such as what it waits for: on stderr. */
export const note = (text: string): void => console.error(text);

/** Shows a bar on stderr: `label`, how far of `total`, and the time left. */
export function startProgress(label: string, total: number): Progress {
  const bar = new SingleBar({
    format: `${label} {bar} {value}/{total} {percentage}%, {eta_formatted} left`,
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
