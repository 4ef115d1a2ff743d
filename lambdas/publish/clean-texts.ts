/** Strings that every database and parser accepts. */
import { isExactNumber } from '../../providers/kit/json';

/** Control characters except tab and line breaks: PostgreSQL rejects U+0000, XML all of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROLS = /[\0-\x08\x0B\x0C\x0E-\x1F]/g;

const clean = (text: string): string => text.toWellFormed().replace(CONTROLS, '\uFFFD');

/**
 * A copy of the data in which U+FFFD replaces every control character and lone surrogate, also in names of members. It
 * does not recurse: labels may be nested deeper than the stack.
 */
export function cleanTexts<Data extends object>(data: Data): Data {
  const root: { data: unknown } = { data };
  const copies: object[] = [root];
  for (let copy = copies.pop(); copy !== undefined; copy = copies.pop()) {
    for (const [name, member] of Object.entries(copy)) {
      const cleaned = copyOf(member);
      Reflect.set(copy, name, cleaned);
      if (typeof cleaned === 'object' && cleaned !== null && !isExactNumber(cleaned)) copies.push(cleaned);
    }
  }
  return root.data as Data;
}

/** The value as a clean string, or with clean member names; nested values are unchanged. */
function copyOf(value: unknown): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return [...value];
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [clean(name), member]));
}
