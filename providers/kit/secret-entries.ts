/**
 * Reads the entries in the JSON of a secret, such as `{"signingSecrets":["…"],"tokens":["…"]}` or `{"apiKeys":{"<name>":"…"}}`.
 * Messages never hold a value.
 */
import { MIN_KEY_BYTES } from './hmac';
import { type SecretMember, storedEntries, storedEntry, textOf } from './secret-form';
import { NotConfiguredError } from './stale-if-error-cache';
import { signingKeyOf } from './standard-webhooks';
import { isLongEnough, MIN_TOKEN_LENGTH } from './token';
import { asObject } from './values';

/** How the entries of a member are read. */
export interface EntryKind<Entry> extends SecretMember {
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

/** A key whose name the provider sends, so that a delivery chooses the key that verifies it. */
export interface NamedKey {
  readonly name: string;
  readonly key: Buffer;
}

/** A text in the `iss` of a token, say. It can be shown on a terminal, and no blank hides in it. */
const KEY_NAME = /^[^\s:\p{C}]{1,128}$/u;

/** Keys with names: `{"<name>":"<key>"}`. The text of the value itself is the key. */
export function namedKeyKind(member: string): EntryKind<NamedKey> {
  const read = (text: string): NamedKey | undefined => {
    const { name = '', value } = storedEntry({ member, isNamed: true }, text);
    const key = Buffer.from(value);
    return KEY_NAME.test(name) && key.length >= MIN_KEY_BYTES ? { name, key } : undefined;
  };
  return {
    ...{ member, isNamed: true, read, form: `name with a key of at least ${MIN_KEY_BYTES} bytes` },
    added: {
      isGood: (text) => read(text) !== undefined,
      form: `<name>:<key>, with a name without blanks and a key of at least ${MIN_KEY_BYTES} bytes`,
    },
  };
}

/** The entries of several members, and why others are left out. */
export type SecretEntries<Kinds> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends EntryKind<infer Entry> ? readonly Entry[] : never;
} & { readonly ignored: readonly string[] };

/**
 * Reads the members of a secret. An entry that cannot be used is left out, and `ignored` tells its position. Members that are all
 * empty are fine: somebody has emptied them because what they held may have leaked.
 *
 * @param kinds of the entries, by the name that the result gives them
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

function readEntries(json: unknown, kind: EntryKind<unknown>): Entries {
  const { member, isNamed, read, form } = kind;
  const stored = storedEntries(json, kind);
  if (!stored) return { entries: [], ignored: [`${member} is no ${isNamed ? 'object of names and values' : 'list'}`] };
  const found = stored.map((entry) => {
    const text = textOf(entry);
    return text === undefined ? undefined : read(text);
  });
  // Not the name: somebody may have swapped it with the value.
  const positionOf = (index: number) => (isNamed ? `entry ${index + 1} of ${member}` : `${member}[${index}]`);
  return {
    entries: found.filter((entry) => entry !== undefined),
    ignored: found.flatMap((entry, index) => (entry === undefined ? `${positionOf(index)} is no ${form}` : [])),
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
