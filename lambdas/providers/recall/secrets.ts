/** The secrets that prove Recall.ai deliveries: `{"signingSecrets":["whsec_…"],"realtimeTokens":["…"]}`. */
import { NotConfiguredError } from '../../platform/last-good';
import { asObject } from '../values';
import { signingKeyOf } from './signature';

/** What is live. Several of each let a rotation overlap. */
export interface RecallSecrets {
  readonly signingKeys: readonly Buffer[];
  readonly realtimeTokens: readonly string[];
  /** How many entries are neither: a typing error that nobody would notice otherwise. */
  readonly ignored: number;
}

/**
 * Reads the secret's JSON. An entry that is no secret or no token is left out, so that it can match nothing. Lists that
 * somebody has emptied are taken at their word, because what they held may have leaked.
 *
 * @throws NotConfiguredError when nothing is left otherwise, which is rather a mistake
 */
export function parseRecallSecrets(json: unknown): RecallSecrets {
  const lists = asObject(json) ?? {};
  const { signingSecrets = [], realtimeTokens = [] } = lists;
  const signingKeys = texts(signingSecrets)
    .map(signingKeyOf)
    .filter((key) => key !== undefined);
  const tokens = texts(realtimeTokens);
  const given = [signingSecrets, realtimeTokens].flat().length;
  const isEmptied = given === 0 && ('signingSecrets' in lists || 'realtimeTokens' in lists);
  if (signingKeys.length + tokens.length === 0 && !isEmptied) {
    throw new NotConfiguredError('The secret has no entry in signingSecrets (whsec_…) and none in realtimeTokens.');
  }
  return { signingKeys, realtimeTokens: tokens, ignored: given - signingKeys.length - tokens.length };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string' && item !== '') : [];
