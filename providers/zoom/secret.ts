/** The secret of Zoom: `{"secretTokens":["…"]}`. Several tokens let a regeneration overlap, and let several apps send to one URL. */
import { hmacKeyKind, readSecret } from '../kit/secret-entries';
import type { SecretEntry } from '../provider';

/** The secret tokens. Zoom issues them with 22 letters, digits, `-` and `_`. */
export const SECRET_TOKEN = {
  ...hmacKeyKind('secretTokens'),
  kind: 'secret-token',
  title: 'secret token',
  description: 'Zoom signs with it; the page of your Zoom app shows it',
  prompt: 'Secret token of the Zoom app',
} satisfies SecretEntry;

const KINDS = { secretTokens: SECRET_TOKEN };

/**
 * Reads the secret's JSON.
 *
 * @throws NotConfiguredError if it has no usable entry, unless the list is empty
 */
export const parseZoomSecret = (json: unknown) => readSecret(json, KINDS);
