/**
 * Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, in either of its header families (`webhook-*`, and the older
 * `svix-*`). Specification: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
import { createHmac } from 'node:crypto';
import { type Delivery, type RefusalReason, type Refused, refused, type Verified, verifiedBy } from '../runtime';
import { valuesOf } from './headers';
import { isAmong, MAX_SIGNATURES, MIN_KEY_BYTES } from './hmac';
import { checkTimestamp } from './timestamp';

const FAMILIES = ['webhook', 'svix'] as const;
const PARTS = ['id', 'timestamp', 'signature'] as const;

type Signed = Record<(typeof PARTS)[number], string>;
type Checked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: RefusalReason };

/**
 * The HMAC key of a signing secret, which is base64 with or without the prefix `whsec_`. Standard Webhooks asks for 24 to 64 bytes, but
 * its libraries take any length, so 16 bytes are enough: a real secret that breaks the rule must not cost its deliveries.
 *
 * @returns undefined for any other text, and for a shorter key
 */
export function signingKeyOf(secret: string): Buffer | undefined {
  const encoded = secret.trim().replace(/^whsec_/, '');
  const key = Buffer.from(encoded, 'base64');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) && key.length >= MIN_KEY_BYTES ? key : undefined;
}

/** True where a delivery carries any header of a signature, complete or not. */
export const isSigned = ({ headers }: Delivery): boolean =>
  FAMILIES.some((family) => PARTS.some((part) => headers.has(`${family}-${part}`)));

/** The id of a delivery's message, the same on every retry; undefined where there is none. The signature covers it. */
export function messageIdOf(delivery: Delivery): string | undefined {
  const read = readHeaders(delivery);
  return read.ok ? read.value.id : undefined;
}

/**
 * Verifies a delivery by its signature, in constant time.
 *
 * @param keys the live HMAC keys, see {@link signingKeyOf}; any of them may match any `v1` entry
 * @param now our clock, milliseconds since 1970
 * @returns refused with `not_configured`, which is answered 503, where there is no key
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
    if (isAmong(Buffer.from(digest), candidates)) return verifiedBy('signature');
  }
  return refused('no_matching_key');
}

/**
 * The digests of version 1 in a signature header, `v1,<digest> v1,<digest>`. A proxy that folds repeated headers into one joins
 * them with a comma, with or without blanks.
 */
function digestsOf(signature: string): Buffer[] {
  const digests = signature.split(/\s/).flatMap((folded) => {
    const found: Buffer[] = [];
    const parts = folded.split(',');
    // Version, digest, version, digest: one entry, or several that were folded without a blank.
    for (let index = 0; index < parts.length; index += 2) {
      // An empty header that was folded with the others.
      while (parts[index] === '') index += 1;
      if (parts[index] === 'v1') found.push(Buffer.from(parts[index + 1] ?? ''));
    }
    return found;
  });
  return digests.slice(0, MAX_SIGNATURES);
}

/** The three headers of a complete family. Both families may come, if they name the same message. */
function readHeaders(delivery: Delivery): Checked<Signed> {
  const complete: Signed[] = [];
  const seen: Partial<Signed> = {};
  for (const family of FAMILIES) {
    const signed: Partial<Signed> = {};
    for (const part of PARTS) {
      const name = `${family}-${part}`;
      const values = valuesOf(delivery, name);
      // A signature header may hold several entries, so several headers mean the same as one.
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
