/** How wide a line may be, and how a text is made to fit. Colours take no room. */
import { Help } from 'commander';

/** Where nobody knows how wide the lines may be. */
export const USUAL_COLUMNS = 80;

/** A stream, as far as its width is concerned. */
type Stream = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/**
 * Columns of a stream: those of its terminal, else those that the variable COLUMNS says.
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

/** Breaks lines at the blanks between words. It measures without colours. */
const breaker = new Help();
breaker.minWidthToWrap = 1;

/** Columns that a text takes, colours not counted. */
export const widthOf = (text: string): number =>
  Math.max(...text.split('\n').map((line) => breaker.displayWidth(line)));

/**
 * A text with its lines broken between words. A line that is indented stays so, and a word that is too long stays whole: an
 * address would lead nowhere in two parts.
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

/** A text of so many columns at most; what is missing of it shows as an ellipsis. It must have no colours. */
export const cut = (text: string, columns: number): string =>
  text.length <= columns ? text : `${text.slice(0, Math.max(1, columns - 1))}…`;

/**
 * Paragraphs broken anew: lines that follow each other are one, but for those that are indented, such as examples.
 *
 * @param columns undefined breaks nothing
 */
export const reflowed = (text: string, columns: number | undefined): string =>
  wrapped(text.replace(/(?<=\S)\n(?=\S)(?<!:\n)/g, ' '), columns);
