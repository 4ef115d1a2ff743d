/**
 * RealtimeKit's public key: one for the whole service, without a key id, fetched from where Cloudflare publishes it as
 * `{"success":true,"data":{"publicKey":"<PEM>"}}`.
 */
import type { KeyObject } from 'node:crypto';
import { fetchKeyAnswer, parseRsaKey, parseKeyUrl as parseUrl, pemOf } from '../kit/public-key';
import { textAt } from '../kit/values';

/** Where Cloudflare publishes the key. */
export const REALTIMEKIT_KEY_URL = 'https://api.realtime.cloudflare.com/.well-known/webhooks.json';

/**
 * The address as a URL that may be fetched.
 *
 * @throws Error that names the setting
 */
export const parseKeyUrl = (text: string): URL => parseUrl(text, 'realtimekit.keyUrl');

/**
 * Fetches the key.
 *
 * @param timeoutMs for the whole answer; a delivery waits for it
 * @returns the key in PEM, always spelled in the same way
 * @throws Error if the answer is not a usable RSA key; the message holds nothing of the answer
 */
export const fetchPublicKey = async (url: URL, timeoutMs?: number): Promise<string> =>
  pemOf(parsePublicKey(await fetchKeyAnswer(url, timeoutMs)));

/**
 * The key in a key server's answer.
 *
 * @throws Error if there is no RSA key in it, or a short one
 */
export function parsePublicKey(answer: string): KeyObject {
  const text = textAt(parseOrUndefined(answer), 'data', 'publicKey');
  if (text === undefined) throw new Error('The key server answered without data.publicKey.');
  return parseRsaKey(text);
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
