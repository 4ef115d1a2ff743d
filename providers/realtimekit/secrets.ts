/** The secret that tells our RealtimeKit webhook from those of others: `{"urlTokens":["…"]}`, the last segments of its URL. */
import { readSecret, tokenKind } from '../kit/secret-entries';
import { digestOf, isLongEnough } from '../kit/token';
import type { SecretEntry } from '../provider';

/** Its name, unless the settings say another. */
export const REALTIMEKIT_SECRET_NAME = 'meetbus/realtimekit';

/** What is live. Several tokens let a rotation overlap. */
export interface RealtimekitSecrets {
  /** SHA-256 of each token. */
  readonly urlTokenDigests: readonly Buffer[];
  /** What is said of entries that are no token. */
  readonly ignored: readonly string[];
}

/**
 * Whether a text may be a token at the end of the URL. Any other character could be escaped in a path, by one sender in this way
 * and by another in that.
 */
export const isUrlToken = (text: string): boolean => isLongEnough(text) && /^[A-Za-z0-9._~-]+$/.test(text);

/** What ends the URL of the webhook. */
export const URL_TOKEN = {
  ...tokenKind('urlTokens', isUrlToken, 'token of letters, digits and . _ ~ -'),
  kind: 'url-token',
  title: 'URL token',
  description: "ends the URL of RealtimeKit's webhook",
  withoutAny: "RealtimeKit's events are set aside, unless the settings name their senders",
  passOn: 'npx meetbus realtimekit webhooks sync',
} satisfies SecretEntry;

const KINDS = { tokens: URL_TOKEN };

/**
 * Reads the secret's JSON.
 *
 * @throws NotConfiguredError where it has no usable entry, and nobody has emptied the list
 */
export function parseRealtimekitSecrets(json: unknown): RealtimekitSecrets {
  const { tokens, ignored } = readSecret(json, KINDS);
  return { urlTokenDigests: tokens.map(digestOf), ignored };
}
