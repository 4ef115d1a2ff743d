/** Signatures of RealtimeKit deliveries: RSA-SHA256 (PKCS#1 v1.5) over the raw body, nothing else is signed. */
import { type KeyObject, verify } from 'node:crypto';
import { type Delivery, type Refused, refused, type Verified, verifiedBy } from '../runtime';
import { headerValues } from './headers';

/** A sender sends one; a proxy may repeat it, and a header with the former name may be present too. */
const MAX_SIGNATURES = 4;

/** Verifies a delivery by its signature. */
export function verifySignature(delivery: Delivery, publicKey: KeyObject): Verified | Refused {
  // Several different signatures may have been folded into one header.
  const texts = headerValues(delivery, 'signature')
    .flatMap((value) => value.split(','))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .slice(0, MAX_SIGNATURES);
  if (texts.length === 0) return refused('missing_header');
  const wellFormed = texts.filter((text) => /^[A-Za-z0-9+/]+={0,2}$/.test(text));
  if (wellFormed.length === 0) return refused('malformed_signature');
  const matches = wellFormed.some((text) => verify('sha256', delivery.body, publicKey, Buffer.from(text, 'base64')));
  return matches ? verifiedBy('signature') : refused('no_matching_key');
}
