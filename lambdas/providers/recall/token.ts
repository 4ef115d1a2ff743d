/** The `token` in the query string of a Recall.ai real-time endpoint, compared in constant time. */
import { hash, timingSafeEqual } from 'node:crypto';
import { type Delivery, refused, type Verification, verifiedBy } from '../provider';

/** SHA-256 of a token: digests have one length, so comparing them tells nothing of the token's length or prefix. */
const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** Proves a delivery by the one `token` of its query string, which must be one of `tokens`. */
export function verifyToken(delivery: Delivery, tokens: readonly string[]): Verification {
  const sent = delivery.query.get('token') ?? [];
  if (sent.length > 1) return refused('repeated_token');
  const token = sent[0];
  if (token === undefined || token === '') return refused('missing_token');
  if (tokens.length === 0) return refused('not_configured');
  const digest = digestOf(token);
  // No early exit: the time must not tell which of the tokens came closest.
  const matches = tokens.filter((known) => timingSafeEqual(digestOf(known), digest));
  return matches.length > 0 ? verifiedBy('token') : refused('unknown_token');
}
