/**
 * Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, in either of its header families (`webhook-*`, and the older
 * `svix-*`). Specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Delivery, type RefusalReason, type Refused, refused, type Verified, verifiedBy } from '../runtime';
import { valuesOf } from './headers';

/** Seconds by which a signed timestamp may differ from our clock, either way; what the Standard Webhooks libraries allow. */
export const TIMESTAMP_TOLERANCE_SECONDS = 300;

const FAMILIES = ['webhook', 'svix'] as const;
const PARTS = ['id', 'timestamp', 'signature'] as const;

/** A sender adds one entry per key that is live, up to eleven have been seen; more than this is not a rotation. */
const MAX_ENTRIES = 32;

type Signed = Record<(typeof PARTS)[number], string>;
type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: RefusalReason };

/**
 * A shorter key could be guessed, and an empty one is known to everybody. Standard Webhooks asks for 24 to 64 bytes, but its
 * libraries take any, and 128 bits are out of reach: a real secret that breaks the rule must not cost its deliveries.
 */
export const MIN_KEY_BYTES = 16;

/**
 * The HMAC key of a signing secret, which is base64 with or without the prefix `whsec_`.
 *
 * @returns undefined where the text is not such a secret, or is too short for one
 */
export function signingKeyOf(secret: string): Buffer | undefined {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && key.length >= MIN_KEY_BYTES ? key : undefined;
}

/** True where a delivery carries any header of a signature, be it whole or not. */
export const isSigned = ({ headers }: Delivery): boolean =>
  FAMILIES.some((family) => PARTS.some((part) => headers.has(`${family}-${part}`)));

/** The signed id of a delivery's message, the same on every retry and resend; undefined where there is none. */
export function messageIdOf(delivery: Delivery): string | undefined {
  const read = readHeaders(delivery);
  return read.ok ? read.value.id : undefined;
}

/**
 * Proves a delivery by its signature.
 *
 * @param keys the HMAC keys that are live, see {@link signingKeyOf}; any of them may match any `v1` entry
 * @param now our clock, milliseconds since 1970
 */
export function verifySignature(delivery: Delivery, keys: readonly Buffer[], now: number): Verified | Refused {
  const read = readHeaders(delivery);
  if (!read.ok) return refused(read.reason);
  const { id, timestamp, signature } = read.value;
  const untimely = checkTimestamp(timestamp, now);
  if (untimely !== undefined) return refused(untimely);
  const candidates = digestsOf(signature);
  if (candidates.length === 0) return refused('malformed_signature');
  if (keys.length === 0) return refused('not_configured');
  for (const key of keys) {
    const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(delivery.body).digest('base64');
    const expected = Buffer.from(digest);
    for (const candidate of candidates) {
      // A digest has one length, known to all, so comparing lengths first gives nothing away.
      if (candidate.length === expected.length && timingSafeEqual(candidate, expected)) return verifiedBy('signature');
    }
  }
  return refused('no_matching_key');
}

/**
 * The digests of version 1 in a signature header, `v1,<digest> v1,<digest>`. A proxy that folds repeated headers into one puts
 * a comma between them, with blanks or without.
 */
function digestsOf(signature: string): Buffer[] {
  const digests = signature.split(/\s/).flatMap((folded) => {
    const found: Buffer[] = [];
    const parts = folded.split(',');
    // Version, digest, version, digest: an entry alone, or several that were folded without a blank.
    for (let index = 0; index < parts.length; index += 2) {
      // An empty header that was folded with the others.
      while (parts[index] === '') index += 1;
      if (parts[index] === 'v1') found.push(Buffer.from(parts[index + 1] ?? ''));
    }
    return found;
  });
  return digests.slice(0, MAX_ENTRIES);
}

/** The three headers of the one family that is complete. Both families may come, if they speak of the same message. */
function readHeaders(delivery: Delivery): Checked<Signed> {
  const complete: Signed[] = [];
  const seen: Partial<Signed> = {};
  for (const family of FAMILIES) {
    const signed: Partial<Signed> = {};
    for (const part of PARTS) {
      const name = `${family}-${part}`;
      const values = valuesOf(delivery, name);
      // A signature header may hold several entries, so several headers say no more than one.
      if (values.length > 1 && part !== 'signature') return { ok: false, reason: 'repeated_header' };
      const value = values.length > 1 ? values.join(' ') : values[0];
      if (value === undefined) continue;
      if (part !== 'signature' && seen[part] !== undefined && seen[part] !== value) {
        return { ok: false, reason: 'conflicting_headers' };
      }
      seen[part] = value;
      signed[part] = value;
    }
    if (isComplete(signed)) complete.push(signed);
  }
  const [first, second] = complete;
  if (first === undefined) return { ok: false, reason: 'missing_header' };
  const signature = second === undefined ? first.signature : `${first.signature} ${second.signature}`;
  return { ok: true, value: { ...first, signature } };
}

const isComplete = (signed: Partial<Signed>): signed is Signed => PARTS.every((part) => signed[part] !== undefined);

/** Decimal unix seconds without sign, fraction or leading zero, within the tolerance. */
function checkTimestamp(timestamp: string, now: number): RefusalReason | undefined {
  if (!/^[1-9]\d{0,14}$/.test(timestamp)) return 'malformed_timestamp';
  const age = Math.floor(now / 1000) - Number(timestamp);
  if (age > TIMESTAMP_TOLERANCE_SECONDS) return 'timestamp_too_old';
  return age < -TIMESTAMP_TOLERANCE_SECONDS ? 'timestamp_in_future' : undefined;
}
