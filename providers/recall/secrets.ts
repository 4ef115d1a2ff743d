/** The secrets that prove Recall.ai deliveries: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`. */
import { checkAnyEntry, readEntries, tokenKind } from '../kit/secret-entries';
import { MIN_KEY_BYTES, signingKeyOf } from '../kit/standard-webhooks';
import { isLongEnough } from '../kit/token';

/** What is live. Several of each let a rotation overlap. */
export interface RecallSecrets {
  readonly signingKeys: readonly Buffer[];
  readonly realtimeTokens: readonly string[];
  /** What is said of entries that are neither: a typing error that nobody would notice otherwise. */
  readonly ignored: readonly string[];
}

/** Whether a text may be the token of a real-time URL. It comes decoded, so any that is long enough will do. */
export function isRealtimeToken(text: string): boolean {
  return isLongEnough(text);
}

const SIGNING_SECRETS = {
  member: 'signingSecrets',
  read: signingKeyOf,
  form: `signing secret: whsec_ and at least ${MIN_KEY_BYTES} bytes in base64`,
};

const REALTIME_TOKENS = tokenKind('realtimeTokens', isRealtimeToken, 'token');

/**
 * Reads the secret's JSON. An entry that is no secret or no token is left out.
 *
 * @throws NotConfiguredError where nothing usable is left and nobody has emptied the lists
 */
export function parseRecallSecrets(json: unknown): RecallSecrets {
  const signing = readEntries(json, SIGNING_SECRETS);
  const tokens = readEntries(json, REALTIME_TOKENS);
  checkAnyEntry(json, [SIGNING_SECRETS.member, REALTIME_TOKENS.member], [signing, tokens]);
  return {
    signingKeys: signing.entries,
    realtimeTokens: tokens.entries,
    ignored: [...signing.ignored, ...tokens.ignored],
  };
}
