/** The secret of Recall.ai: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`. Several of each let a rotation overlap. */
import { readSecret, type SecretEntries, signingSecretKind, tokenKind } from '../kit/secret-entries';
import { isLongEnough } from '../kit/token';

/** Whether a text may be the token of a real-time URL. It comes in the query string, decoded, so any long text will do. */
export const isRealtimeToken = isLongEnough;

const KINDS = {
  signingKeys: signingSecretKind('signingSecrets'),
  realtimeTokens: tokenKind('realtimeTokens', isRealtimeToken),
};

/**
 * Reads the secret's JSON.
 *
 * @throws NotConfiguredError where it has no usable entry, and nobody has emptied the lists
 */
export const parseRecallSecrets = (json: unknown): SecretEntries<typeof KINDS> => readSecret(json, KINDS);
