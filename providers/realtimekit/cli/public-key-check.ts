/** Whether RealtimeKit's public key can be fetched. */

import type { Deployment } from '../../../bin/deployment';
import { withCause } from '../../../bin/errors';
import { type Finding, ok, warning } from '../../../bin/findings';
import { fetchPublicKey, parseKeyUrl, REALTIMEKIT_KEY_URL } from '../public-key';

/** A person waits here, and no delivery. */
const TIMEOUT_MS = 30_000;

export async function checkPublicKey({ local, outputs }: Deployment): Promise<Finding[]> {
  const url = String(local?.providers.realtimekit?.options?.keyUrl ?? outputs.RealtimekitKeyUrl ?? REALTIMEKIT_KEY_URL);
  try {
    await fetchPublicKey(parseKeyUrl(url), TIMEOUT_MS);
    return [ok('public key', `${url} serves RealtimeKit's key`)];
  } catch (error) {
    // The functions have a network of their own, and a key that they keep: this is only a hint.
    const message = `${url} serves no key from here: ${withCause(error)}`;
    const remedy =
      'Nothing is to be set. A verifier goes on with the key that it has; one that has none answers 503, and RealtimeKit tries ' +
      'again. If it lasts: is the setting realtimekit.keyUrl right, is a proxy in between, is Cloudflare well ' +
      '(https://www.cloudflarestatus.com)?';
    return [warning('public key', message, remedy)];
  }
}
