/** Tokens in URLs: what one must be like, and how it is compared. */
import { hash, timingSafeEqual } from 'node:crypto';
import { type Delivery, type Refused, refused, type Verified, verifiedBy } from '../runtime';

/** A shorter one could be guessed: 16 random letters and digits are more than 90 bits. */
export const MIN_TOKEN_LENGTH = 16;

/** Whether a token is hard to guess, as far as its length can tell. */
export const isLongEnough = (token: string): boolean => token.length >= MIN_TOKEN_LENGTH;

/** SHA-256 of a token: digests have one length, so comparing them tells nothing of the token's length or prefix. */
export const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** True where a token that was sent is one of `tokens`. Takes as long whichever it is. */
export const isOneOf = (sent: string, tokens: readonly string[]): boolean => hasDigestOf(sent, tokens.map(digestOf));

/** True where one of `digests` is that of a token that was sent. Takes as long whichever it is. */
export function hasDigestOf(sent: string, digests: readonly Buffer[]): boolean {
  const digest = digestOf(sent);
  // No early exit: the time must not tell which of the tokens came closest.
  return digests.filter((known) => timingSafeEqual(known, digest)).length > 0;
}

/** Verifies a delivery by the one parameter `token` of its query string, which must be one of `tokens`. */
export function verifyQueryToken(delivery: Delivery, tokens: readonly string[]): Verified | Refused {
  const sent = delivery.query.get('token') ?? [];
  if (sent.length > 1) return refused('repeated_token');
  const token = sent[0];
  if (token === undefined || token === '') return refused('missing_token');
  if (tokens.length === 0) return refused('not_configured');
  return isOneOf(token, tokens) ? verifiedBy('token') : refused('unknown_token');
}
