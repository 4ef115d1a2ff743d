/** The secret of Recall.ai as the operator changes it: pure functions on its JSON value. */
import { hash } from 'node:crypto';
import { signingKeyOf } from '../../../lambdas/providers/recall/signature';
import { UsageError } from '../../usage';

/** The JSON value of the secret; members that Meetbus does not know are kept. */
export type SecretJson = Readonly<Record<string, unknown>>;

/** What an entry of the secret can be. Verifiers take what is usable; what is added must be good. */
export const KINDS = {
  'signing-secret': {
    member: 'signingSecrets',
    isUsable: (entry: string) => signingKeyOf(entry) !== undefined,
    isGood: (entry: string) => entry.startsWith('whsec_') && signingKeyOf(entry) !== undefined,
    form: 'whsec_ and at least 16 bytes in base64, as the Recall.ai dashboard shows it',
  },
  token: {
    member: 'realtimeTokens',
    isUsable: (entry: string) => entry !== '',
    isGood: (entry: string) => /^[A-Za-z0-9._~-]{22,256}$/.test(entry),
    form: '22 to 256 letters, digits and . _ ~ - characters, so that it is safe in a URL and cannot be guessed',
  },
} as const;

export type Kind = keyof typeof KINDS;

/** An entry without its value. */
export interface Entry {
  readonly kind: Kind;
  /** First characters of the SHA-256 of the value, in hex: names the entry, and tells nothing of it. */
  readonly fingerprint: string;
  /** False for a value that verifiers ignore. */
  readonly isUsable: boolean;
  /** True for a token that counts, and could be guessed or breaks a URL. */
  readonly isWeak: boolean;
}

const FINGERPRINT_LENGTH = 12;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

/** See {@link Entry.fingerprint}. */
export const fingerprintOf = (value: string): string => hash('sha256', value, 'hex').slice(0, FINGERPRINT_LENGTH);

/** Whatever stands in the list of a kind, oldest first: by a slip that may be no text. */
function itemsOf(json: SecretJson, kind: Kind): readonly unknown[] {
  const items = json[KINDS[kind].member];
  return Array.isArray(items) ? items : [];
}

/** The values of a kind, oldest first. What is no text is none: verifiers ignore it. */
export const valuesOf = (json: SecretJson, kind: Kind): string[] =>
  itemsOf(json, kind).filter((item) => typeof item === 'string');

/** Every entry, without its value. */
export const entriesOf = (json: SecretJson): Entry[] =>
  KIND_NAMES.flatMap((kind) =>
    itemsOf(json, kind).map((item) => {
      const isUsable = typeof item === 'string' && KINDS[kind].isUsable(item);
      return {
        kind,
        fingerprint: fingerprintOf(String(item)),
        isUsable,
        isWeak: kind === 'token' && isUsable && !KINDS.token.isGood(item),
      };
    }),
  );

/**
 * The value with one entry more, at the end.
 *
 * @throws UsageError where the value is not of its kind's form
 * @throws Error where it is there already
 */
export function withEntry(json: SecretJson, kind: Kind, value: string): SecretJson {
  const { member, isGood, form } = KINDS[kind];
  if (!isGood(value)) throw new UsageError(`That is no ${kind}. It must be ${form}. Nothing was changed.`);
  const items = itemsOf(json, kind);
  if (items.includes(value)) throw new Error(`That ${kind} is there already: ${fingerprintOf(value)}.`);
  return { ...json, [member]: [...items, value] };
}

/**
 * The value without the entry that a fingerprint, or the beginning of one, names. With the last usable entry of all, those
 * that verifiers ignore go too.
 *
 * @param force takes out the last usable entry of a kind too
 * @throws Error where it names none or several, or the last usable one
 */
export function withoutEntry(json: SecretJson, fingerprint: string, force: boolean): SecretJson {
  const entries = entriesOf(json);
  const [entry, ...more] = entries.filter((known) => known.fingerprint.startsWith(fingerprint));
  // The same value may stand there twice: both go.
  if (fingerprint.length < 4 || !entry || more.some((other) => other.fingerprint !== entry.fingerprint)) {
    throw new Error(`${fingerprint} does not name one entry. "npx meetbus secrets show" lists the fingerprints.`);
  }
  const others = entries.filter((other) => other.fingerprint !== entry.fingerprint && other.kind === entry.kind);
  if (entry.isUsable && !force && !others.some(({ isUsable }) => isUsable)) {
    throw new Error(
      `${entry.fingerprint} is the last usable ${entry.kind}: without it Recall.ai's deliveries are refused. ` +
        `Add another first (npx meetbus secrets add ${entry.kind}), or say --force.`,
    );
  }
  const kept = itemsOf(json, entry.kind).filter((item) => fingerprintOf(String(item)) !== entry.fingerprint);
  const left = { ...json, [KINDS[entry.kind].member]: kept };
  if (!entry.isUsable || entriesOf(left).some(({ isUsable }) => isUsable)) return left;
  // Verifiers take only empty lists at their word; of a secret with nothing but unusable entries they keep what was good.
  return { ...left, ...Object.fromEntries(KIND_NAMES.map((kind) => [KINDS[kind].member, []])) };
}
