/** Plain HMAC signatures in a header, such as `acme-signature: sha256=<hex>`. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Delivery, type Refused, refused, type Verified, verifiedBy } from '../runtime';
import { valuesOf } from './headers';
import { checkTimestamp, type TimestampFormat } from './timestamp';

/**
 * A shorter key could be guessed, and an empty one is known to everybody. 128 bits are out of reach, so a longer minimum would only
 * cost deliveries of providers that issue short secrets.
 */
export const MIN_KEY_BYTES = 16;

/** A sender adds one signature per live key, eleven at most so far. More than this is not a rotation. */
export const MAX_SIGNATURES = 32;

/** How a provider writes its signatures. */
interface HmacForm {
  /** Name of the header with the signature, in lower case. It may hold several, with commas or blanks between them. */
  readonly header: string;
  /** What stands before each digest, such as `sha256=`; without commas and blanks. @default nothing */
  readonly prefix?: string;
  /** How the digest is written. `base64` also takes its URL-safe form. */
  readonly encoding: 'hex' | 'base64';
  /** @default 'sha256' */
  readonly algorithm?: 'sha256' | 'sha384' | 'sha512';
}

/** Without a timestamp, a captured delivery never expires. */
interface WithoutTimestamp {
  readonly timestamp?: undefined;
  /** What is signed, in parts that follow each other. @default the body alone */
  readonly signed?: (delivery: Delivery) => readonly (string | Buffer)[];
}

interface WithTimestamp {
  /** The signed timestamp. */
  readonly timestamp: TimestampFormat & {
    /** Name of its header, in lower case. */
    readonly header: string;
  };
  /**
   * What is signed, in parts that follow each other. Without the timestamp among them, anyone could renew an old delivery.
   *
   * @param timestamp as its header has it
   * @example
   * ```ts
   * signed: ({ body }, timestamp) => [`v0:${timestamp}:`, body]
   * ```
   */
  readonly signed: (delivery: Delivery, timestamp: string) => readonly (string | Buffer)[];
}

/** How a provider signs. */
export type HmacScheme = HmacForm & (WithoutTimestamp | WithTimestamp);

const onlyTheBody = ({ body }: Delivery): readonly Buffer[] => [body];

/**
 * Verifies a delivery by a plain HMAC signature, in constant time.
 *
 * @param keys the live keys; texts stand for their UTF-8 bytes. Any key may match any signature. Keys of fewer than 16 bytes never
 *   match
 * @returns refused with `not_configured`, which is answered 503, where there is no usable key
 */
export function verifyHmac(
  delivery: Delivery,
  keys: readonly (string | Buffer)[],
  scheme: HmacScheme,
): Verified | Refused {
  const { timestamp: timestampScheme, signed = onlyTheBody, algorithm = 'sha256' } = scheme;
  const signatures = valuesOf(delivery, scheme.header);
  const timestamps = timestampScheme ? valuesOf(delivery, timestampScheme.header) : [''];
  const [timestamp] = timestamps;
  if (signatures.length === 0 || timestamp === undefined) return refused('missing_header');
  if (timestamps.length > 1) return refused('repeated_header');
  const untimely = timestampScheme && checkTimestamp(timestamp, delivery.receivedAt, timestampScheme);
  if (untimely !== undefined) return refused(untimely);
  const candidates = digestsIn(signatures, scheme);
  if (candidates.length === 0) return refused('malformed_signature');
  const usable = keys.map((key) => Buffer.from(key as string)).filter(({ length }) => length >= MIN_KEY_BYTES);
  if (usable.length === 0) return refused('not_configured');
  const parts = signed(delivery, timestamp);
  for (const key of usable) {
    const hmac = createHmac(algorithm, key);
    for (const part of parts) hmac.update(part);
    if (isAmong(hmac.digest(), candidates)) return verifiedBy('signature');
  }
  return refused('no_matching_key');
}

/** True where a digest is one of those that were sent. */
export function isAmong(digest: Buffer, sent: readonly Buffer[]): boolean {
  // The length of a digest is known to everybody, so comparing lengths first reveals nothing.
  return sent.some((candidate) => candidate.length === digest.length && timingSafeEqual(candidate, digest));
}

const FORMS = { hex: /^(?:[0-9a-f]{2})+$/i, base64: /^[A-Za-z0-9+/_-]+={0,2}$/ } as const;

/** The bytes of all well-formed digests in the values of a signature header. */
function digestsIn(values: readonly string[], { prefix = '', encoding }: HmacScheme): Buffer[] {
  return values
    .flatMap((value) => value.split(/[\s,]+/))
    .filter((entry) => entry.startsWith(prefix) && FORMS[encoding].test(entry.slice(prefix.length)))
    .slice(0, MAX_SIGNATURES)
    .map((entry) => Buffer.from(entry.slice(prefix.length), encoding));
}
