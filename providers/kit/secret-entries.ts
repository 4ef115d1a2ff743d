/** Reads lists of entries from the JSON of a secret, such as `{"signingSecrets":["…"],"tokens":["…"]}`. Messages never hold a value. */
import { MIN_KEY_BYTES } from './hmac';
import { NotConfiguredError } from './stale-if-error-cache';
import { signingKeyOf } from './standard-webhooks';
import { isLongEnough, MIN_TOKEN_LENGTH } from './token';
import { asObject } from './values';

/** How an entry of a list is read. */
export interface EntryKind<Entry> {
  /** Name of the list in the secret. */
  readonly member: string;
  /** The entry; undefined for a text that cannot be one. */
  readonly read: (text: string) => Entry | undefined;
  /** What an entry looks like, for the log: `token of at least 16 characters`. */
  readonly form: string;
  /** What a command adds, where that is stricter than `read`. @default what `read` takes */
  readonly added?: AddedEntry;
}

/** What a new entry must look like. */
export interface AddedEntry {
  readonly isGood: (text: string) => boolean;
  readonly form: string;
}

const ADDED_TOKEN: AddedEntry = {
  isGood: (text) => /^[A-Za-z0-9._~-]{22,256}$/.test(text),
  form: '22 to 256 letters, digits and . _ ~ - characters, so that it is safe in a URL and cannot be guessed',
};

const SIGNING_SECRET_FORM = `whsec_ and at least ${MIN_KEY_BYTES} bytes in base64`;

/**
 * Tokens in URLs.
 *
 * @param isToken @default any text of at least 16 characters
 */
export const tokenKind = (member: string, isToken = isLongEnough, form = 'token'): EntryKind<string> => ({
  member,
  read: (text) => (isToken(text) ? text : undefined),
  form: `${form} of at least ${MIN_TOKEN_LENGTH} characters`,
  added: ADDED_TOKEN,
});

/** Keys of plain HMAC signatures: the text itself is the key. */
export const hmacKeyKind = (member: string): EntryKind<Buffer> => ({
  member,
  read: (text) => (Buffer.byteLength(text) >= MIN_KEY_BYTES ? Buffer.from(text) : undefined),
  form: `key of at least ${MIN_KEY_BYTES} bytes`,
});

/** Signing secrets of Standard Webhooks, `whsec_…`. */
export const signingSecretKind = (member: string): EntryKind<Buffer> => ({
  member,
  read: signingKeyOf,
  form: `signing secret: ${SIGNING_SECRET_FORM}`,
  added: {
    isGood: (text) => text.startsWith('whsec_') && signingKeyOf(text) !== undefined,
    form: SIGNING_SECRET_FORM,
  },
});

/** The entries of several lists, and why others are left out. */
export type SecretEntries<Kinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends EntryKind<infer Entry> ? readonly Entry[] : never;
} & { readonly ignored: readonly string[] };

/**
 * Reads the lists of a secret. An entry that cannot be used is left out, and named in `ignored`. Lists that are all empty are fine:
 * somebody has emptied them because what they held may have leaked.
 *
 * @param kinds of the lists, by the name that the result gives them
 * @throws NotConfiguredError if there is no usable entry otherwise, which is a mistake
 * @example
 * ```ts
 * parse: (json) => readSecret(json, { keys: hmacKeyKind('signingKeys') })
 * ```
 */
export function readSecret<const Kinds extends Readonly<Record<string, EntryKind<unknown>>>>(
  json: unknown,
  kinds: Kinds,
): SecretEntries<Kinds> {
  const lists = Object.entries(kinds).map(([name, kind]) => [name, readEntries(json, kind)] as const);
  const members = Object.values(kinds).map(({ member }) => member);
  checkAnyEntry(
    json,
    members,
    lists.map(([, list]) => list),
  );
  return {
    ...Object.fromEntries(lists.map(([name, { entries }]) => [name, entries])),
    ignored: lists.flatMap(([, { ignored }]) => ignored),
  } as SecretEntries<Kinds>;
}

interface Entries {
  readonly entries: readonly unknown[];
  readonly ignored: readonly string[];
}

function readEntries(json: unknown, { member, read, form }: EntryKind<unknown>): Entries {
  const list = asObject(json)?.[member] ?? [];
  if (!Array.isArray(list)) return { entries: [], ignored: [`${member} is no list`] };
  const found = list.map((item: unknown) => (typeof item === 'string' ? read(item) : undefined));
  return {
    entries: found.filter((entry) => entry !== undefined),
    ignored: found.flatMap((entry, index) => (entry === undefined ? `${member}[${index}] is no ${form}` : [])),
  };
}

function checkAnyEntry(json: unknown, members: readonly string[], lists: readonly Entries[]): void {
  if (lists.some(({ entries }) => entries.length > 0)) return;
  const ignored = lists.flatMap((list) => list.ignored);
  const isEmptied = ignored.length === 0 && members.some((member) => member in (asObject(json) ?? {}));
  if (isEmptied) return;
  const why = ignored.length > 0 ? ` ${ignored.join('; ')}.` : '';
  throw new NotConfiguredError(`The secret has no usable entry in ${members.join(' or ')}.${why}`);
}
