/**
 * The secret that distinguishes our RealtimeKit webhook from those of others: `{"urlTokens":["…"]}`, the last segments
 * of its URL.
 */
import { readSecret, tokenKind } from '../kit/secret-entries';
import { digestOf, isLongEnough } from '../kit/token';
import type { SecretEntry } from '../provider';

/** Its name, unless the settings say another. */
export const REALTIMEKIT_SECRET_NAME = 'meetbus/realtimekit';

/** The valid tokens. Several tokens let a rotation overlap. */
export interface RealtimekitSecrets {
  /** SHA-256 of each token. */
  readonly urlTokenDigests: readonly Buffer[];
  /** Errors of invalid entries. */
  readonly ignored: readonly string[];
}

/**
 * Whether a text may be a token at the end of the URL. Senders may escape any other character in a path in different
 * ways.
 */
export const isUrlToken = (text: string): boolean => isLongEnough(text) && /^[A-Za-z0-9._~-]+$/.test(text);

/** The tokens at the end of the webhook's URL. */
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
 * @throws NotConfiguredError if it has no usable entry, unless the list is empty
 */
export function parseRealtimekitSecrets(json: unknown): RealtimekitSecrets {
  const { tokens, ignored } = readSecret(json, KINDS);
  return { urlTokenDigests: tokens.map(digestOf), ignored };
}
