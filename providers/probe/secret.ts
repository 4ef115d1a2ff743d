/** The secret of the probe: `{"signingKeys":"…"}`, which the stack generates. */
import { hmacKeyKind, readSecret } from '../kit/secret-entries';
import { asObject } from '../kit/values';
import type { SecretEntry } from '../provider';

/** Member of the secret with the key. */
export const SIGNING_KEYS = 'signingKeys';

export const SIGNING_KEY = {
  ...hmacKeyKind(SIGNING_KEYS),
  kind: 'probe-key',
  title: 'key of the probe',
  description: 'the probe signs with it; the stack generates it',
} satisfies SecretEntry;

/**
 * The keys in the secret's JSON. CloudFormation can generate one text in a JSON object and no list, so a text stands for a list of
 * one. The last key is the one to sign with.
 *
 * @throws NotConfiguredError where there is no usable key
 */
export function readProbeSecret(json: unknown) {
  const secret = asObject(json);
  const keys = secret?.[SIGNING_KEYS];
  return readSecret(typeof keys === 'string' ? { ...secret, [SIGNING_KEYS]: [keys] } : json, { keys: SIGNING_KEY });
}
