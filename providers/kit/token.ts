/** Tokens in URLs: their least length, and how they are compared. A token proves the sender, and nothing about the body. */
import { hash, timingSafeEqual } from 'node:crypto';
import { type Delivery, type Refused, refused, type Verified, verifiedBy } from '../runtime';

/** A shorter one could be guessed: 16 random letters and digits are more than 90 bits. */
export const MIN_TOKEN_LENGTH = 16;

/** Whether a token is hard to guess, as far as its length can tell. */
export const isLongEnough = (token: string): boolean => token.length >= MIN_TOKEN_LENGTH;

/** SHA-256 of a token. All digests have one length, so comparing them reveals neither length nor prefix of a token. */
export const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** True where `sent` is one of `tokens`, in constant time. */
export const isOneOf = (sent: string, tokens: readonly string[]): boolean => hasDigestOf(sent, tokens.map(digestOf));

/** True where one of `digests` is that of `sent`, in constant time. */
export function hasDigestOf(sent: string, digests: readonly Buffer[]): boolean {
  const digest = digestOf(sent);
  // No early exit: the time must not depend on which of them matches.
  return digests.filter((known) => timingSafeEqual(known, digest)).length > 0;
}

/** Verifies a delivery by a parameter of its query string, which must be one of `tokens`, and there once. */
export const verifyQueryToken = ({ query }: Delivery, tokens: readonly string[], parameter = 'token') =>
  verifyToken(query.get(parameter) ?? [], tokens);

/** Verifies a delivery by the last segment of its path, which must be one of `tokens`. Its route takes a path token. */
export const verifyPathToken = ({ pathToken }: Delivery, tokens: readonly string[]) =>
  verifyToken(pathToken === undefined ? [] : [pathToken], tokens);

/** Verifies the tokens that were sent. No token at all is refused, whatever is configured. */
function verifyToken(sent: readonly string[], tokens: readonly string[]): Verified | Refused {
  if (sent.length > 1) return refused('repeated_token');
  const token = sent[0];
  if (token === undefined || token === '') return refused('missing_token');
  if (tokens.length === 0) return refused('not_configured');
  return isOneOf(token, tokens) ? verifiedBy('token') : refused('unknown_token');
}
