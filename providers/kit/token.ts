/** Tokens in URLs: what one must be like, and how it is compared. */
import { hash, timingSafeEqual } from 'node:crypto';

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
