/** Verifies a delivery of the LiveKit route: a JWT that an API secret signed, with the digest of the body. */
import { hash } from 'node:crypto';
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { valuesOf } from '../kit/headers';
import { verifyJwt } from '../kit/jwt';
import { type NamedKey, readSecret } from '../kit/secret-entries';
import { textAt } from '../kit/values';
import {
  type Delivery,
  type Refused,
  type RuntimeContext,
  refused,
  type Verified,
  type Verify,
  verifiedBy,
} from '../runtime';
import { API_KEY } from './secret';

/**
 * How long after its expiry a token is accepted. LiveKit makes a token for five minutes and keeps it for all its tries. It sets no time
 * limit for a try, and Linux gives a dead connection up after about 15 minutes, so the last of five tries may begin after an hour.
 * A refused try would be the last one. The defence against replays is not this time: the id in the signed body makes a repeat a
 * duplicate, for longer than any token is accepted.
 */
export const LEEWAY_SECONDS = 3_600;

/** Short, because LiveKit sends the events of a room one after the other: a slow answer delays all that follow. */
const SECRET_TIMEOUT_MS = 700;

/** Verifies deliveries with the API keys in the secret. */
export function webhooks({ secret }: RuntimeContext): Verify {
  const keys = secret({ parse: (json) => readSecret(json, { apiKeys: API_KEY }), timeoutMs: SECRET_TIMEOUT_MS });
  return (delivery) => verifyWithFreshKeys(keys, ({ apiKeys }) => verifyDelivery(delivery, apiKeys));
}

/** Verifies a delivery by its token. The API keys are names, and secrets that sign. */
export function verifyDelivery(delivery: Delivery, apiKeys: readonly NamedKey[]): Verified | Refused {
  const [token, other] = tokensIn(delivery);
  if (token === undefined) return refused('missing_header');
  if (other !== undefined) return refused('repeated_header');
  const keys = apiKeys.map(({ name, key }) => ({ issuer: name, key }));
  const jwt = verifyJwt(token, keys, { now: delivery.receivedAt, leewaySeconds: LEEWAY_SECONDS });
  if (jwt.outcome === 'refused') return jwt;
  // The tokens of participants are signed with the same secret. They have no digest.
  if (textAt(jwt.claims, 'sha256') !== hash('sha256', delivery.body, 'base64')) return refused('digest_mismatch');
  return { ...verifiedBy('jwt'), sender: { apiKey: textAt(jwt.claims, 'iss') } };
}

/** The distinct tokens in `Authorization`. LiveKit sends no scheme, but a proxy may add one. */
const tokensIn = (delivery: Delivery): string[] => [
  ...new Set(valuesOf(delivery, 'authorization').map((value) => value.replace(/^Bearer\s+/i, ''))),
];
