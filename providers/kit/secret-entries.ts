/** Reads lists of entries from the JSON of a secret. Nothing here ever tells a value. */
import { NotConfiguredError } from './stale-if-error-cache';
import { MIN_TOKEN_LENGTH } from './token';
import { asObject } from './values';

/** How an entry of a list is read. */
export interface EntryKind<Entry> {
  /** Name of the list in the secret. */
  readonly member: string;
  /** The entry; undefined where the text is none, which can then match nothing. */
  readonly read: (text: string) => Entry | undefined;
  /** What an entry is like, for the log. */
  readonly form: string;
}

/** A token in a URL. */
export const tokenKind = (member: string, isToken: (text: string) => boolean, form: string): EntryKind<string> => ({
  member,
  read: (text) => (isToken(text) ? text : undefined),
  form: `${form} of at least ${MIN_TOKEN_LENGTH} characters`,
});

/** The entries of one list, and what is said of those that are none; never a value. */
export interface Entries<Entry> {
  readonly entries: readonly Entry[];
  readonly ignored: readonly string[];
}

/** Reads one list of a secret's JSON. */
export function readEntries<Entry>(json: unknown, { member, read, form }: EntryKind<Entry>): Entries<Entry> {
  const list = asObject(json)?.[member] ?? [];
  if (!Array.isArray(list)) return { entries: [], ignored: [`${member} is no list`] };
  const found = list.map((item: unknown) => (typeof item === 'string' ? read(item) : undefined));
  return {
    entries: found.filter((entry) => entry !== undefined),
    ignored: found.flatMap((entry, index) => (entry === undefined ? `${member}[${index}] is no ${form}` : [])),
  };
}

/**
 * Checks that lists hold anything. Lists that somebody has emptied are taken at their word, because what they held may have
 * leaked.
 *
 * @throws NotConfiguredError where nothing usable is left otherwise, which is rather a mistake
 */
export function checkAnyEntry(json: unknown, members: readonly string[], lists: readonly Entries<unknown>[]): void {
  if (lists.some(({ entries }) => entries.length > 0)) return;
  const ignored = lists.flatMap((list) => list.ignored);
  const isEmptied = ignored.length === 0 && members.some((member) => member in (asObject(json) ?? {}));
  if (isEmptied) return;
  const why = ignored.length > 0 ? ` ${ignored.join('; ')}.` : '';
  throw new NotConfiguredError(`The secret has no usable entry in ${members.join(' or ')}.${why}`);
}
