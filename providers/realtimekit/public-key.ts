/**
 * RealtimeKit's public key: one for the whole service, without a key id, fetched from where Cloudflare publishes it as
 * `{"success":true,"data":{"publicKey":"<PEM>"}}`.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { memberAt } from '../kit/values';

/** Where Cloudflare publishes the key. */
export const REALTIMEKIT_KEY_URL = 'https://api.realtime.cloudflare.com/.well-known/webhooks.json';

const FETCH_TIMEOUT_MS = 2_000;
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * The address as a URL that may be fetched: https, or http on the loopback interface, for a local cloud.
 *
 * @throws Error that names the setting
 */
export function parseKeyUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = url !== undefined && ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname);
  const isPlain = url?.username === '' && url.password === '';
  if (isPlain && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback))) return url;
  throw new Error('realtimekit.keyUrl (REALTIMEKIT_KEY_URL) must be an https URL without a user name.');
}

/**
 * Fetches the key: no redirects, 64 KB at most.
 *
 * @param timeoutMs for the whole answer; a delivery waits for it
 * @returns the key in PEM, spelled in one way whatever the spelling of the answer
 * @throws Error when the answer is not a usable RSA key; the message holds nothing of the answer
 */
export async function fetchPublicKey(url: URL, timeoutMs = FETCH_TIMEOUT_MS): Promise<string> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`The key server answered ${response.status}.`);
  }
  const key = parsePublicKey(await readAtMost(response, MAX_ANSWER_BYTES));
  return key.export({ type: 'spki', format: 'pem' }) as string;
}

/** Shorter keys can be factored, and are forbidden wherever anybody has a say in it (NIST SP 800-131A). */
const MIN_KEY_BITS = 2_048;

/** What a key is short of; undefined for an RSA key that is too long for anyone to find its other half. */
function weaknessOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | undefined {
  if (asymmetricKeyType !== 'rsa') return 'is not an RSA key';
  const bits = asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < MIN_KEY_BITS ? `has ${bits} bits, and needs ${MIN_KEY_BITS}` : undefined;
}

/** Whether a key may prove anything. */
export const isStrong = (key: KeyObject): boolean => weaknessOf(key) === undefined;

/**
 * The key in a key server's answer. The PEM may hold backslash-n in place of line ends, or be bare base64.
 *
 * @throws Error when there is no RSA key in it, or a short one
 */
export function parsePublicKey(answer: string): KeyObject {
  const text = memberAt(parseOrUndefined(answer), 'data', 'publicKey');
  if (typeof text !== 'string') throw new Error('The key server answered without data.publicKey.');
  const pem = text.replaceAll('\\n', '\n').trim();
  const key = pem.startsWith('-----BEGIN')
    ? createPublicKey(pem)
    : createPublicKey({ key: Buffer.from(pem, 'base64'), format: 'der', type: 'spki' });
  const weakness = weaknessOf(key);
  if (weakness !== undefined) throw new Error(`The key of the key server ${weakness}.`);
  return key;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

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
