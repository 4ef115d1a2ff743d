/**
 * What `meetbus/provider/kit` exports: the interface of a provider's runtime and of what reads its API, and proven parts for verification. It imports no
 * package.
 */
export * from '../../providers/backfill';
export { parseBody } from '../../providers/kit/body';
export { verifyWithFreshKeys } from '../../providers/kit/fresh-keys';
export { valuesOf } from '../../providers/kit/headers';
export { type HmacScheme, MIN_KEY_BYTES, verifyHmac } from '../../providers/kit/hmac';
export { type JwtKey, type JwtTimes, type VerifiedJwt, verifyJwt } from '../../providers/kit/jwt';
export type { Mismatch, Normalized } from '../../providers/kit/normalize';
export { fetchKeyAnswer, isStrong, parseKeyUrl, parseRsaKey, pemOf } from '../../providers/kit/public-key';
export { cachedRotatingKey, type LiveKey } from '../../providers/kit/rotating-key';
export {
  type EntryKind,
  hmacKeyKind,
  type NamedKey,
  namedKeyKind,
  readSecret,
  type SecretEntries,
  signingSecretKind,
  tokenKind,
} from '../../providers/kit/secret-entries';
export { memberInAnySpelling } from '../../providers/kit/spelling';
export {
  type Cached,
  type CacheSource,
  type Held,
  type Missing,
  NotConfiguredError,
} from '../../providers/kit/stale-if-error-cache';
export { isSigned, messageIdOf, signingKeyOf, verifySignature } from '../../providers/kit/standard-webhooks';
export { checkTimestamp, TIMESTAMP_TOLERANCE_SECONDS, type TimestampFormat } from '../../providers/kit/timestamp';
export {
  digestOf,
  hasDigestOf,
  isLongEnough,
  isOneOf,
  MIN_TOKEN_LENGTH,
  verifyPathToken,
  verifyQueryToken,
} from '../../providers/kit/token';
export { asObject, firstId, idsAt, type JsonObject, memberAt, textAt } from '../../providers/kit/values';
export * from '../../providers/runtime';
