/** The secret of Recall.ai: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`. Several of each let a rotation overlap. */
import { readSecret, type SecretEntries, signingSecretKind, tokenKind } from '../kit/secret-entries';
import { isLongEnough } from '../kit/token';
import type { SecretEntry } from '../provider';

/** Whether a text may be the token of a real-time URL. It comes in the query string, decoded, so any long text will do. */
export const isRealtimeToken = isLongEnough;

/** The signing secrets. */
export const SIGNING_SECRET = {
  ...signingSecretKind('signingSecrets'),
  kind: 'signing-secret',
  title: 'signing secret',
  description: 'Recall.ai signs with it; its dashboard shows it (whsec_…)',
  prompt: 'Signing secret of Recall.ai (whsec_…)',
} satisfies SecretEntry;

/** The tokens in the URLs of real-time endpoints. */
export const REALTIME_TOKEN = {
  ...tokenKind('realtimeTokens', isRealtimeToken),
  kind: 'token',
  title: 'real-time token',
  description: "ends the URLs of Recall.ai's real-time endpoints",
  withoutAny: 'real-time deliveries without a signature are refused',
} satisfies SecretEntry;

const KINDS = { signingKeys: SIGNING_SECRET, realtimeTokens: REALTIME_TOKEN };

/**
 * Reads the secret's JSON.
 *
 * @throws NotConfiguredError if it has no usable entry, unless all lists are empty
 */
export const parseRecallSecrets = (json: unknown): SecretEntries<typeof KINDS> => readSecret(json, KINDS);
