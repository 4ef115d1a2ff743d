/** Suggestions for a misspelt word. */

/** Most typing errors that still lead to a suggestion. */
const MOST_SLIPS = 3;

/** Largest share of a word that may be wrong. */
const MOST_WRONG = 0.5;

/** Most names that are suggested. More that begin with a word say nothing of what is meant. */
const MOST_NAMED = 3;

/** Letters from which on a word can be the beginning of a name. */
const LEAST_BEGUN = 2;

/**
 * The names that a word may stand for, as a question: `Did you mean bot.done?` A word that is the beginning of a name may stand for
 * it; else for the nearest ones. It is never taken for one of them: that could send or delete something else.
 *
 * @returns an empty string if none is near
 */
export function didYouMean(word: string, names: readonly string[]): string {
  const begun = names.filter((name) => name.toLowerCase().startsWith(word.toLowerCase()));
  const isBegun = word.length >= LEAST_BEGUN && begun.length > 0 && begun.length <= MOST_NAMED;
  const likely = isBegun ? begun : nearest(word, names);
  return likely.length === 0 ? '' : `Did you mean ${likely.slice(0, MOST_NAMED).join(' or ')}?`;
}

function nearest(word: string, names: readonly string[]): string[] {
  const near = names
    .map((name) => ({ name, slips: slipsBetween(word.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, slips }) => slips <= Math.min(MOST_SLIPS, MOST_WRONG * Math.max(word.length, name.length)));
  const fewest = Math.min(...near.map(({ slips }) => slips));
  return near.filter(({ slips }) => slips === fewest).map(({ name }) => name);
}

/** Sentences, without those that are empty. */
export const sentences = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ');

/** Letters to add, leave out or change until one word is the other (Levenshtein's distance). */
function slipsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const line = [row + 1];
    for (const [index, other] of [...b].entries()) {
      const change = (above[index] as number) + (letter === other ? 0 : 1);
      line.push(Math.min(change, (above[index + 1] as number) + 1, (line[index] as number) + 1));
    }
    above = line;
  }
  return above.at(-1) as number;
}
