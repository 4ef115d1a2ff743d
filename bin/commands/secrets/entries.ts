/** The secrets of the providers as the operator changes them: pure functions on their JSON values. */
import { hash, randomBytes } from 'node:crypto';
import { memberWith, type StoredEntry, storedEntries, storedEntry, textOf } from '../../../providers/kit/secret-form';
import type { SecretEntry } from '../../../providers/provider';
import { UsageError } from '../../usage';
import { addCommandOf, type SecretOwner } from './owners';

/** The JSON value of a secret; members that Meetbus does not know are kept. */
export type SecretJson = Readonly<Record<string, unknown>>;

/** Whether verifiers accept a value. */
export const isUsable = ({ read }: SecretEntry, value: string): boolean => read(value) !== undefined;

/** Whether a value may be added: verifiers accept more than that. */
export const isGood = (entry: SecretEntry, value: string): boolean =>
  entry.added?.isGood(value) ?? isUsable(entry, value);

/** An entry without its value. */
export interface Entry {
  readonly kind: string;
  /**
   * Its name, which is no secret; null in a list. It is null too for an entry that verifiers ignore: somebody may have swapped name and
   * value.
   */
  readonly name: string | null;
  /** First characters of the SHA-256 of the value, or of `<name>:<value>`, in hex: it identifies the entry, and tells nothing of it. */
  readonly fingerprint: string;
  /** False for a value that verifiers ignore. */
  readonly isUsable: boolean;
  /** True for a token that counts, and could be guessed or breaks a URL. */
  readonly isWeak: boolean;
  /** When it was added: UTC, ISO 8601; null where no command has added it, or one of a version that did not note it. */
  readonly addedAt: string | null;
}

/** An entry in a sentence: its kind, its name if it has one, and its fingerprint. */
export const inWords = ({ kind, name, fingerprint }: Entry): string =>
  [kind, ...(name === null ? [] : [name]), fingerprint].join(' ');

const FINGERPRINT_LENGTH = 12;

/**
 * Member of a secret that tells when its entries were added, by their fingerprints. It stands in the secret itself, so that
 * it changes with the entries: Secrets Manager keeps no more than the two last versions. Verifiers pass over it.
 */
const ADDED_AT = 'addedAt';

/** See {@link Entry.fingerprint}. */
export const fingerprintOf = (value: string): string => hash('sha256', value, 'hex').slice(0, FINGERPRINT_LENGTH);

/** All items in the member of a kind, oldest first. By mistake, some may be no text. A member of another form is one such item. */
const itemsOf = (json: SecretJson, entry: SecretEntry): readonly StoredEntry[] =>
  storedEntries(json, entry) ?? [{ value: { wrongForm: json[entry.member] } }];

const fingerprintOfItem = (item: StoredEntry): string => fingerprintOf(textOf(item) ?? JSON.stringify(item));

/** The values of a kind, oldest first, without what is no text: verifiers ignore that. A named entry is `<name>:<value>`. */
export const valuesOf = (json: SecretJson, entry: SecretEntry): string[] =>
  itemsOf(json, entry).flatMap((item) => textOf(item) ?? []);

/** The value that somebody has typed. A named entry may have blanks around its colon: `<name>: <value>`. */
export function typedValue(entry: SecretEntry, text: string): string {
  if (!entry.isNamed || !text.includes(':')) return text;
  const { name = '', value } = storedEntry(entry, text);
  return `${name.trim()}:${value.trim()}`;
}

/** Every entry of a provider's secret, without its value. */
export const entriesOf = ({ secret }: SecretOwner, json: SecretJson): Entry[] =>
  secret.entries.flatMap((entry) =>
    itemsOf(json, entry).map((item) => {
      const value = textOf(item);
      const counts = value !== undefined && isUsable(entry, value);
      const fingerprint = fingerprintOfItem(item);
      return {
        kind: entry.kind,
        name: counts ? (item.name ?? null) : null,
        fingerprint,
        isUsable: counts,
        isWeak: entry.prompt === undefined && counts && !isGood(entry, value),
        addedAt: addedAtIn(json, fingerprint),
      };
    }),
  );

function addedAtIn(json: SecretJson, fingerprint: string): string | null {
  const at = (json[ADDED_AT] as Readonly<Record<string, unknown>> | null | undefined)?.[fingerprint];
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : null;
}

/** The value with the times of the entries that it has, and of no others. */
function withTimes(owner: SecretOwner, json: SecretJson, added: Readonly<Record<string, string>> = {}): SecretJson {
  const { [ADDED_AT]: _, ...members } = json;
  const times = entriesOf(owner, json).flatMap(({ fingerprint, addedAt }) => {
    const at = added[fingerprint] ?? addedAt;
    return at === null ? [] : [[fingerprint, at]];
  });
  return times.length > 0 ? { ...members, [ADDED_AT]: Object.fromEntries(times) } : members;
}

/**
 * The secret with one entry more, at the end. It takes the place of one of its name that verifiers ignore.
 *
 * @param now when it is added
 * @throws UsageError if the value does not have the form of its kind
 * @throws Error if it is there already, or another usable one of its name, or if the member has another form
 */
export function withEntry(
  owner: SecretOwner,
  json: SecretJson,
  entry: SecretEntry,
  value: string,
  now = new Date(),
): SecretJson {
  const { kind, member, form, added } = entry;
  if (!isGood(entry, value)) {
    throw new UsageError(`That is no ${kind}. It must be ${added?.form ?? form}. Nothing was changed.`);
  }
  const items = itemsOf(json, entry);
  if (storedEntries(json, entry) === undefined) throw new Error(wrongForm(entry, items));
  const fingerprint = fingerprintOf(value);
  if (items.some((item) => textOf(item) === value)) throw new Error(`That ${kind} is there already: ${fingerprint}.`);
  const item = storedEntry(entry, value);
  const hasItsName = ({ name }: StoredEntry) => name !== undefined && name === item.name;
  const other = items.find(hasItsName);
  if (other && isUsable(entry, textOf(other) ?? '')) throw new Error(takenName(kind, other));
  const others = items.filter((one) => !hasItsName(one));
  const changed = { ...json, [member]: memberWith(entry, [...others, item]) };
  return withTimes(owner, changed, { [fingerprint]: now.toISOString() });
}

const takenName = (kind: string, taken: StoredEntry): string =>
  `The ${kind} ${taken.name} is there already, with another value: ${fingerprintOfItem(taken)}. Nothing was changed. Add a new key ` +
  `under a name of its own, and both count. To replace the value of this one, first take it out: ${retiring(taken)}`;

const wrongForm = ({ member, isNamed }: SecretEntry, [whole]: readonly StoredEntry[]): string =>
  `${member} in the secret is no ${isNamed ? 'object of names and values' : 'list'}, so verifiers ignore it. Look at what it holds, ` +
  `then take it out: ${whole ? retiring(whole) : ''}`;

const retiring = (item: StoredEntry): string => `npx meetbus secrets retire ${fingerprintOfItem(item)}`;

/** What is said of a text that names no entry, or several. */
export const notOne = (fingerprint: string): string =>
  `${fingerprint} does not name one entry. "npx meetbus secrets show" lists the fingerprints.`;

/**
 * The value without the entry that a fingerprint, or the beginning of one, names. With the last usable entry of all, those
 * that verifiers ignore go too.
 *
 * @param force takes out the last usable entry of a kind too
 * @throws Error if it names none or several, or the last usable one
 */
export function withoutEntry(owner: SecretOwner, json: SecretJson, fingerprint: string, force: boolean): SecretJson {
  const entries = entriesOf(owner, json);
  const [found, ...more] = entries.filter((known) => known.fingerprint.startsWith(fingerprint));
  // The same value may stand there twice: both go.
  if (fingerprint.length < 4 || !found || more.some((other) => other.fingerprint !== found.fingerprint)) {
    throw new Error(notOne(fingerprint));
  }
  const entry = owner.secret.entries.find(({ kind }) => kind === found.kind) as SecretEntry;
  const others = entries.filter((other) => other.fingerprint !== found.fingerprint && other.kind === found.kind);
  if (found.isUsable && !force && !others.some((other) => other.isUsable)) {
    const { kind, withoutAny = `${owner.title}'s deliveries are refused` } = entry;
    throw new Error(
      `${found.fingerprint} is the last usable ${kind}: without it ${withoutAny}. ` +
        `Add another first (${addCommandOf(owner, entry)}), or say --force.`,
    );
  }
  const kept = itemsOf(json, entry).filter((item) => fingerprintOfItem(item) !== found.fingerprint);
  const left = withTimes(owner, { ...json, [entry.member]: memberWith(entry, kept) });
  if (!found.isUsable || entriesOf(owner, left).some((other) => other.isUsable)) return left;
  // Verifiers accept only empty members as emptied. Of a secret with nothing but unusable entries they keep the last good value.
  const empty = owner.secret.entries.map((one) => [one.member, memberWith(one, [])]);
  return withTimes(owner, { ...left, ...Object.fromEntries(empty) });
}

/** A token that nobody can guess, of 32 random bytes: letters, digits, - and _. */
export const newToken = (): string => randomBytes(32).toString('base64url');
