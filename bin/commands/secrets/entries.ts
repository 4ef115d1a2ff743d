/** The secrets of the providers as the operator changes them: pure functions on their JSON values. */
import { hash, randomBytes } from 'node:crypto';
import { signingKeyOf } from '../../../providers/kit/standard-webhooks';
import { isUrlToken } from '../../../providers/realtimekit/secrets';
import { isRealtimeToken } from '../../../providers/recall/secrets';
import { UsageError } from '../../usage';

/** The JSON value of a secret; members that Meetbus does not know are kept. */
export type SecretJson = Readonly<Record<string, unknown>>;

/** The secrets: one for each provider that needs one. */
export const SECRETS = {
  recall: {
    /** Output of the stack with its name. */
    output: 'RecallSecretName',
    description: 'Signing secrets and real-time tokens of Recall.ai, for Meetbus.',
  },
  realtimekit: {
    output: 'RealtimekitSecretName',
    description: 'Tokens at the end of the URL of the RealtimeKit webhook, for Meetbus.',
  },
} as const;

/** Name of a provider that has a secret. */
export type SecretOwner = keyof typeof SECRETS;

const TOKEN = {
  isGood: (entry: string) => /^[A-Za-z0-9._~-]{22,256}$/.test(entry),
  form: '22 to 256 letters, digits and . _ ~ - characters, so that it is safe in a URL and cannot be guessed',
} as const;

/** What an entry of a secret can be. Verifiers take what is usable; what is added must be good. */
export const KINDS = {
  'signing-secret': {
    owner: 'recall',
    member: 'signingSecrets',
    isUsable: (entry: string) => signingKeyOf(entry) !== undefined,
    isGood: (entry: string) => entry.startsWith('whsec_') && signingKeyOf(entry) !== undefined,
    form: 'whsec_ and at least 16 bytes in base64, as the Recall.ai dashboard shows it',
    isMadeUp: false,
    withoutAny: "Recall.ai's deliveries are refused",
  },
  token: {
    owner: 'recall',
    member: 'realtimeTokens',
    isUsable: isRealtimeToken,
    ...TOKEN,
    isMadeUp: true,
    withoutAny: "Recall.ai's deliveries are refused",
  },
  'url-token': {
    owner: 'realtimekit',
    member: 'urlTokens',
    isUsable: isUrlToken,
    ...TOKEN,
    isMadeUp: true,
    withoutAny: "RealtimeKit's events are set aside, unless the settings name their senders",
  },
} as const satisfies Record<string, KindDefinition>;

interface KindDefinition {
  /** Whose secret holds it. */
  readonly owner: SecretOwner;
  /** The list in the JSON that holds it. */
  readonly member: string;
  readonly isUsable: (entry: string) => boolean;
  readonly isGood: (entry: string) => boolean;
  /** What a good one is like. */
  readonly form: string;
  /** True for what is our own choice, so that a command can make it up. */
  readonly isMadeUp: boolean;
  /** What happens where there is none. */
  readonly withoutAny: string;
}

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
  /** When it was added: UTC, ISO 8601; null where no command has added it, or one of a version that did not note it. */
  readonly addedAt: string | null;
}

const FINGERPRINT_LENGTH = 12;
const KIND_NAMES = Object.keys(KINDS) as Kind[];

/**
 * Member of a secret that tells when its entries were added, by their fingerprints. It stands in the secret itself, so that
 * it changes with the entries: Secrets Manager keeps no more than the two last versions. Verifiers pass over it.
 */
const ADDED_AT = 'addedAt';

/** The kinds whose entries this JSON holds. Each secret has lists of its own, whoever looks at it. */
const kindsIn = (json: SecretJson): Kind[] => KIND_NAMES.filter((kind) => KINDS[kind].member in json);

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
  kindsIn(json).flatMap((kind) =>
    itemsOf(json, kind).map((item) => {
      const isUsable = typeof item === 'string' && KINDS[kind].isUsable(item);
      const fingerprint = fingerprintOf(String(item));
      return {
        kind,
        fingerprint,
        isUsable,
        isWeak: KINDS[kind].isMadeUp && isUsable && !KINDS[kind].isGood(item),
        addedAt: addedAtIn(json, fingerprint),
      };
    }),
  );

function addedAtIn(json: SecretJson, fingerprint: string): string | null {
  const at = (json[ADDED_AT] as Readonly<Record<string, unknown>> | null | undefined)?.[fingerprint];
  return typeof at === 'string' && !Number.isNaN(Date.parse(at)) ? at : null;
}

/** The value with the times of the entries that it has, and of no others. */
function withTimes(json: SecretJson, added: Readonly<Record<string, string>> = {}): SecretJson {
  const { [ADDED_AT]: _, ...lists } = json;
  const times = entriesOf(json).flatMap(({ fingerprint, addedAt }) => {
    const at = added[fingerprint] ?? addedAt;
    return at === null ? [] : [[fingerprint, at]];
  });
  return times.length > 0 ? { ...lists, [ADDED_AT]: Object.fromEntries(times) } : lists;
}

/**
 * The value with one entry more, at the end.
 *
 * @param now when it is added
 * @throws UsageError where the value is not of its kind's form
 * @throws Error where it is there already
 */
export function withEntry(json: SecretJson, kind: Kind, value: string, now = new Date()): SecretJson {
  const { member, isGood, form } = KINDS[kind];
  if (!isGood(value)) throw new UsageError(`That is no ${kind}. It must be ${form}. Nothing was changed.`);
  const items = itemsOf(json, kind);
  if (items.includes(value)) throw new Error(`That ${kind} is there already: ${fingerprintOf(value)}.`);
  return withTimes({ ...json, [member]: [...items, value] }, { [fingerprintOf(value)]: now.toISOString() });
}

/** What is said of a text that names no entry, or several. */
export const notOne = (fingerprint: string): string =>
  `${fingerprint} does not name one entry. "npx meetbus secrets show" lists the fingerprints.`;

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
    throw new Error(notOne(fingerprint));
  }
  const others = entries.filter((other) => other.fingerprint !== entry.fingerprint && other.kind === entry.kind);
  if (entry.isUsable && !force && !others.some(({ isUsable }) => isUsable)) {
    throw new Error(
      `${entry.fingerprint} is the last usable ${entry.kind}: without it ${KINDS[entry.kind].withoutAny}. ` +
        `Add another first (npx meetbus secrets add ${entry.kind}), or say --force.`,
    );
  }
  const kept = itemsOf(json, entry.kind).filter((item) => fingerprintOf(String(item)) !== entry.fingerprint);
  const left = withTimes({ ...json, [KINDS[entry.kind].member]: kept });
  if (!entry.isUsable || entriesOf(left).some(({ isUsable }) => isUsable)) return left;
  // Verifiers take only empty lists at their word; of a secret with nothing but unusable entries they keep what was good.
  const { owner } = KINDS[entry.kind];
  const lists = KIND_NAMES.filter((kind) => KINDS[kind].owner === owner).map((kind) => [KINDS[kind].member, []]);
  return withTimes({ ...left, ...Object.fromEntries(lists) });
}

/** A token that nobody can guess, of 32 random bytes: letters, digits, - and _. */
export const newToken = (): string => randomBytes(32).toString('base64url');
