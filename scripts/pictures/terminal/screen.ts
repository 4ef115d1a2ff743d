/** Lays out the output of terminals in lines of coloured text. */
import { COLUMNS, type Terminal } from './recording';

/** Text of one style in a line. */
export interface Run {
  /** When it appears, in milliseconds. */
  readonly at: number;
  /** Columns left of it. */
  readonly column: number;
  readonly text: string;
  /** Names of its styles, such as `bold green`. */
  readonly style: string;
}

export interface Line {
  readonly runs: readonly Run[];
}

/** Styles by the number of their escape sequence; the others end one. */
const STYLES: Readonly<Record<string, string>> = {
  1: 'bold',
  2: 'dim',
  31: 'red',
  32: 'green',
  33: 'yellow',
  35: 'magenta',
  36: 'cyan',
};
const ENDS: Readonly<Record<string, readonly string[]>> = {
  0: Object.values(STYLES),
  22: ['bold', 'dim'],
  39: ['red', 'green', 'yellow', 'magenta', 'cyan'],
};

/** What stands before a typed command. */
const PROMPT = '$ ';

/** Between two words of a typed command, in milliseconds. */
const WORD_MS = 140;

/**
 * The lines of a terminal, broken where they are too long for it.
 *
 * @throws Error at an escape sequence that is not a colour: the commands print none where their output is not a terminal
 */
export function linesOf({ chunks }: Terminal): Line[] {
  const lines: { runs: Run[] }[] = [{ runs: [] }];
  const styles = new Set<string>();
  let column = 0;
  const newLine = () => {
    lines.push({ runs: [] });
    column = 0;
  };
  const write = (at: number, text: string, style: string) => {
    let rest = text;
    while (rest !== '') {
      if (column === COLUMNS) newLine();
      const part = rest.slice(0, COLUMNS - column);
      lines.at(-1)?.runs.push({ at, column, text: part, style });
      column += part.length;
      rest = rest.slice(part.length);
    }
  };
  for (const { at, text, isTyped } of chunks) {
    if (isTyped) {
      write(at, PROMPT, 'prompt');
      for (const [index, word] of text
        .trimEnd()
        .split(/(?<= )/)
        .entries())
        write(at + index * WORD_MS, word, 'typed');
      newLine();
      continue;
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is one.
    for (const part of text.split(/(\n|\x1b\[[\d;]*[A-Za-z])/)) {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is one.
      const code = /^\x1b\[(\d*)m$/.exec(part)?.[1];
      if (code !== undefined) restyle(styles, code || '0');
      else if (part.startsWith('\x1b'))
        throw new Error(`The escape sequence ${JSON.stringify(part)} is not understood.`);
      else if (part === '\n') newLine();
      else write(at, part, [...styles].join(' '));
    }
  }
  if (column === 0) lines.pop();
  return lines;
}

function restyle(styles: Set<string>, code: string): void {
  const begun = STYLES[code];
  if (begun) styles.add(begun);
  else for (const ended of ENDS[code] ?? []) styles.delete(ended);
}
