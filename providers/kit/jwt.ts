/** JSON Web Tokens (RFC 7519) that are signed with HS256, HMAC-SHA256 with a shared secret. No other algorithm is accepted. */
import { createHmac } from 'node:crypto';
import { type RefusalReason, type Refused, refused } from '../runtime';
import { parseBody } from './body';
import { isAmong, MIN_KEY_BYTES } from './hmac';
import { asObject, type JsonObject, textAt } from './values';

/** API Gateway takes 10 KB of headers, so a longer token cannot be genuine. */
const MAX_TOKEN_LENGTH = 8_192;

/** Three segments of base64url without padding. */
const COMPACT = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/;

/** A key that may have signed a token. */
export interface JwtKey {
  /** The shared secret. A key of fewer than 16 bytes never matches. */
  readonly key: Buffer;
  /** Claim `iss` of the tokens that it signs. @default the key may sign for every issuer */
  readonly issuer?: string;
}

/** When a token is valid. */
export interface JwtTimes {
  /** Our clock, milliseconds since 1970. */
  readonly now: number;
  /** Seconds by which `exp` may have passed, and by which `nbf` may lie ahead. @default 60 */
  readonly leewaySeconds?: number;
}

/** A token that is genuine and valid now. */
export interface VerifiedJwt {
  readonly outcome: 'verified';
  /** What the token says. */
  readonly claims: JsonObject;
}

/**
 * Verifies a token, in constant time. Until the signature holds, its claims are used for one thing only: `iss` chooses the keys.
 *
 * | refused with          | where                                                                          |
 * | --------------------- | ------------------------------------------------------------------------------ |
 * | `malformed_signature` | it is no JWT, its `alg` is not `HS256`, or its header has `crit`               |
 * | `not_configured`      | no key is usable; answered 503                                                 |
 * | `no_matching_key`     | no key of its issuer has signed it                                             |
 * | `malformed_timestamp` | it has no `exp`, so it would be valid for ever, or `exp` or `nbf` is no number |
 * | `timestamp_too_old`   | it has expired                                                                 |
 * | `timestamp_in_future` | it is not valid yet                                                            |
 *
 * @param token in the compact form, without a scheme before it
 * @param keys the live keys
 * @example
 * ```ts
 * const verified = verifyJwt(token, [{ key: secret, issuer: 'acme' }], { now: delivery.receivedAt });
 * if (verified.outcome === 'refused') return verified;
 * ```
 */
export function verifyJwt(token: string, keys: readonly JwtKey[], times: JwtTimes): VerifiedJwt | Refused {
  const jwt = readJwt(token);
  if (jwt === undefined) return refused('malformed_signature');
  const usable = keys.filter(({ key }) => key.length >= MIN_KEY_BYTES);
  if (usable.length === 0) return refused('not_configured');
  const issuer = textAt(jwt.claims, 'iss');
  const candidates = usable.filter((one) => one.issuer === undefined || one.issuer === issuer);
  if (!candidates.some(({ key }) => isSignedWith(key, jwt))) return refused('no_matching_key');
  const untimely = checkTimes(jwt.claims, times);
  return untimely === undefined ? { outcome: 'verified', claims: jwt.claims } : refused(untimely);
}

/** A token in its parts. Nothing in it is proved. */
interface UnverifiedJwt {
  /** Header and claims as they were sent. */
  readonly signed: string;
  readonly signature: string;
  readonly claims: JsonObject;
}

/** The parts of a token that asks for HS256 and for nothing else. */
function readJwt(token: string): UnverifiedJwt | undefined {
  const [, head, payload, signature] = (token.length <= MAX_TOKEN_LENGTH && COMPACT.exec(token)) || [];
  if (head === undefined || payload === undefined || signature === undefined) return undefined;
  const header = jsonIn(head);
  const claims = jsonIn(payload);
  // `crit` names extensions that a receiver must know, and this one knows none.
  if (claims === undefined || header?.alg !== 'HS256' || Object.hasOwn(header, 'crit')) return undefined;
  return { signed: `${head}.${payload}`, signature, claims };
}

const jsonIn = (segment: string): JsonObject | undefined => asObject(parseBody(Buffer.from(segment, 'base64url')));

/** The signature is compared as text, so that each token has one spelling. */
function isSignedWith(key: Buffer, { signed, signature }: UnverifiedJwt): boolean {
  const expected = createHmac('sha256', key).update(signed).digest('base64url');
  return isAmong(Buffer.from(expected), [Buffer.from(signature)]);
}

/** Why a token is not valid now; undefined for one that is. */
function checkTimes({ exp, nbf }: JsonObject, { now, leewaySeconds = 60 }: JwtTimes): RefusalReason | undefined {
  if (typeof exp !== 'number' || (nbf !== undefined && typeof nbf !== 'number')) return 'malformed_timestamp';
  const seconds = now / 1000;
  if (seconds >= exp + leewaySeconds) return 'timestamp_too_old';
  return nbf !== undefined && seconds < nbf - leewaySeconds ? 'timestamp_in_future' : undefined;
}
