/** The `token` in the query string of a Recall.ai real-time endpoint. */

import { isOneOf } from '../kit/token';
import { type Delivery, refused, type Verification, verifiedBy } from '../provider';

/** Proves a delivery by the one `token` of its query string, which must be one of `tokens`. */
export function verifyToken(delivery: Delivery, tokens: readonly string[]): Verification {
  const sent = delivery.query.get('token') ?? [];
  if (sent.length > 1) return refused('repeated_token');
  const token = sent[0];
  if (token === undefined || token === '') return refused('missing_token');
  if (tokens.length === 0) return refused('not_configured');
  return isOneOf(token, tokens) ? verifiedBy('token') : refused('unknown_token');
}
