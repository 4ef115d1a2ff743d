/** Tokens in URLs: what one must be like, and how it is compared. */
import { hash, timingSafeEqual } from 'node:crypto';

/** A shorter one could be guessed: 16 random letters and digits are more than 90 bits. */
export const MIN_TOKEN_LENGTH = 16;

/** Whether a token is hard to guess, as far as its length can tell. */
export const isLongEnough = (token: string): boolean => token.length >= MIN_TOKEN_LENGTH;

/** SHA-256 of a token: digests have one length, so comparing them tells nothing of the token's length or prefix. */
const digestOf = (token: string): Buffer => hash('sha256', token, 'buffer');

/** True where a token that was sent is one of `tokens`. Takes as long whichever it is. */
export function isOneOf(sent: string, tokens: readonly string[]): boolean {
  const digest = digestOf(sent);
  // No early exit: the time must not tell which of the tokens came closest.
  return tokens.filter((known) => timingSafeEqual(digestOf(known), digest)).length > 0;
}
