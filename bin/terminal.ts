/** The width of lines, and functions that fit text into it. Colours have no width. */
import { Help } from 'commander';

/** The default width. */
export const USUAL_COLUMNS = 80;

/** The part of a stream that determines its width. */
type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/**
 * Columns of a stream: those of its terminal, or else the value of the variable COLUMNS.
 *
 * @returns undefined for a pipe or a file, where lines may be of any length
 */
export function columnsOf({ isTTY, columns }: Stream): number | undefined {
  const told = Number(process.env.COLUMNS);
  // A terminal without a size, such as that of a CI job, has 0 columns.
  if (isTTY && columns > 0) return columns;
  if (Number.isInteger(told) && told > 0) return told;
  return isTTY ? USUAL_COLUMNS : undefined;
}

/** Breaks lines between words. Colours do not count. */
const breaker = new Help();
breaker.minWidthToWrap = 1;

/** Width of a text in columns, without colours. */
export const widthOf = (text: string): number =>
  Math.max(...text.split('\n').map((line) => breaker.displayWidth(line)));

/**
 * A text with its lines broken between words. Indented lines stay indented, and a word that is too long stays whole,
 * because a broken URL is useless.
 *
 * @param columns undefined leaves it as it is
 */
export function wrapped(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      const broken = breaker.boxWrap(line.slice(indent.length), columns - indent.length);
      return broken.replace(/^/gm, indent);
    })
    .join('\n');
}

/** A text cut to that many columns, with an ellipsis. It must have no colours. */
export const cut = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(1, columns - 1))}…`;

/**
 * Rewraps paragraphs: consecutive lines form one paragraph, except indented lines, such as examples.
 *
 * @param columns undefined breaks nothing
 */
export const reflowed = (text: string, columns: number | undefined): string =>
  wrapped(text.replace(/(?<=\S)\n(?=\S)(?<!:\n)/g, ' '), columns);
