/** Signatures of RealtimeKit deliveries: RSA-SHA256 (PKCS#1 v1.5) over the raw body, nothing else is signed. */
import { type KeyObject, verify } from 'node:crypto';
import { type Delivery, refused, type Verification, verifiedBy } from '../provider';

/** Header with the base64 signature. */
export const SIGNATURE_HEADER = 'rtk-signature';

/** Its name when the service was Dyte's. Not accepted, but told apart, so that it shows if it still comes. */
const FORMER_SIGNATURE_HEADER = 'dyte-signature';

/** Proves a delivery by its signature. */
export function verifySignature(delivery: Delivery, publicKey: KeyObject): Verification {
  const values = delivery.headers.get(SIGNATURE_HEADER) ?? [];
  if (values.length > 1) return refused('repeated_header');
  const text = values[0];
  if (text === undefined || text === '') {
    return refused(delivery.headers.has(FORMER_SIGNATURE_HEADER) ? 'former_header_names' : 'missing_header');
  }
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return refused('malformed_signature');
  const matches = verify('sha256', delivery.body, publicKey, Buffer.from(text, 'base64'));
  return matches ? verifiedBy('signature') : refused('no_matching_key');
}
