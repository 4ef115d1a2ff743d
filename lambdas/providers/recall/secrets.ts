/** The secrets that prove Recall.ai deliveries: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`. */
import { asObject } from '../values';
import { signingKeyOf } from './signature';

/** What is live. Several of each let a rotation overlap. */
export interface RecallSecrets {
  readonly signingKeys: readonly Buffer[];
  readonly realtimeTokens: readonly string[];
}

/** Reads the secret's JSON; an entry that is no secret or no token is left out, so that it can match nothing. */
export function parseRecallSecrets(json: unknown): RecallSecrets {
  const secret = asObject(json) ?? {};
  return {
    signingKeys: texts(secret.signingSecrets)
      .map(signingKeyOf)
      .filter((key) => key !== undefined),
    realtimeTokens: texts(secret.realtimeTokens),
  };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
