/** Fetches public keys that a provider publishes, and checks their URL and strength. */
import { createPublicKey, type KeyObject } from 'node:crypto';

const FETCH_TIMEOUT_MS = 2_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * The address as a URL that may be fetched: https, or http on the loopback interface, for a local cloud.
 *
 * @param setting name of the setting that holds the address, for the error
 * @throws Error that names the setting
 */
export function parseKeyUrl(text: string, setting: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isPlain = url?.username === '' && url.password === '';
  if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) return url;
  throw new Error(`${setting} must be an https URL without a user name.`);
}

/**
 * Fetches the response of a key server: no redirects, at most 64 KB.
 *
 * @param timeoutMs for the whole answer; a delivery waits for it
 * @throws Error without any part of the response
 */
export async function fetchKeyAnswer(url: URL, timeoutMs = FETCH_TIMEOUT_MS): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`The key server answered ${response.status}.`);
  }
  return readAtMost(response, MAX_ANSWER_BYTES);
}

/** Shorter keys can be factored, and NIST SP 800-131A disallows them. */
const MIN_KEY_BITS = 2_048;

/** Why a key is too weak; undefined for an RSA key of sufficient length. */
function weaknessOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (asymmetricKeyType !== 'rsa') return 'is not an RSA key';
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < MIN_KEY_BITS ? `has ${bits} bits, and needs ${MIN_KEY_BITS}` : undefined;
}

/** True for an RSA key of sufficient length. */
export const isStrong = (key: KeyObject): boolean => weaknessOf(key) === undefined;

/**
 * An RSA public key, in PEM or bare base64. The PEM may have backslash-n instead of line breaks.
 *
 * @throws Error if there is no RSA key in the text, or a short one
 */
export function parseRsaKey(text: string): KeyObject {
  const pem = text.replaceAll('\\n', '\n').trim();
  const key = pem.startsWith('-----BEGIN')
    ? createPublicKey(pem)
    : createPublicKey({ key: Buffer.from(pem, 'base64'), format: 'der', type: 'spki' });
  const weakness = weaknessOf(key);
  if (weakness !== undefined) throw new Error(`The key of the key server ${weakness}.`);
  return key;
}

/** A key in PEM. Two equal keys have the same text. */
export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string;

async function readAtMost(response: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > limit) throw new Error(`The key server answered with more than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
