/** Verifies a delivery of the RealtimeKit route, and that a webhook of ours sent it. */
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { cachedRotatingKey, type LiveKey } from '../kit/rotating-key';
import type { Cached } from '../kit/stale-if-error-cache';
import { hasDigestOf } from '../kit/token';
import {
  type Delivery,
  type Refused,
  type RuntimeContext,
  refused,
  type Verified,
  type Verify,
  verifiedBy,
} from '../runtime';
import { hasFormerNames } from './headers';
import { fetchPublicKey, parseKeyUrl, REALTIMEKIT_KEY_URL } from './public-key';
import { parseRealtimekitSecrets, type RealtimekitSecrets } from './secrets';
import { isBelieved, senderOf } from './sender';
import { verifySignature } from './signature';

/** The options that the definition passes to the runtime. */
export interface RealtimekitOptions {
  readonly keyUrl?: string;
  readonly organizationIds?: readonly string[];
  readonly webhookIds?: readonly string[];
}

/** Shorter than for other secrets: a verifier must answer within three seconds even if every service hangs. */
const SECRET_TIMEOUT_MS = 700;

/** Name of the provider's own metric: deliveries whose headers have the names of Dyte, RealtimeKit's predecessor. */
export const FORMER_HEADERS = 'FormerHeaders';

/**
 * Verifies a delivery by its signature, and its sender by the token of the URL or by the lists: RealtimeKit uses one
 * key for all customers, so anyone with an app there can have Cloudflare sign events for our URL. A genuine delivery is
 * never refused, because RealtimeKit would drop it: if its sender is not proved, it is set aside.
 */
export function webhooks(context: RuntimeContext<RealtimekitOptions>): Verify {
  const { keyUrl = REALTIMEKIT_KEY_URL, organizationIds = [], webhookIds = [] } = context.options;
  const url = parseKeyUrl(keyUrl);
  const keys = cachedRotatingKey(context, 'key', () => fetchPublicKey(url));
  const secret = secretOf(context);
  return async (delivery) => {
    const verification = await verifyWithFreshKeys(keys, (liveKeys) => verifyWithAny(delivery, liveKeys));
    if (verification.outcome === 'refused') return verification;
    if (hasFormerNames(delivery)) context.count(FORMER_HEADERS);
    // Only now: a forged request must neither load the secret nor use up its forced loads.
    if (await hasOurToken(secret, delivery)) return { ...verification, isOurs: true };
    const sender = senderOf(delivery);
    if (isBelieved(sender, { organizationIds, webhookIds })) return verification;
    const [organizationId] = sender.organizations;
    const [webhookId] = sender.webhooks;
    return { ...verification, unrecognized: 'sender_not_proved', sender: { organizationId, webhookId } };
  };
}

/** The tokens' digests outlive an outage of Secrets Manager, also across cold starts. The tokens themselves are never kept. */
const secretOf = ({ secret }: RuntimeContext<RealtimekitOptions>): Cached<RealtimekitSecrets> =>
  secret({
    parse: parseRealtimekitSecrets,
    timeoutMs: SECRET_TIMEOUT_MS,
    keep: {
      as: 'tokens',
      unlessSame: 'digests',
      toRecord: ({ urlTokenDigests }) => ({ digests: urlTokenDigests.map((digest) => digest.toString('base64')) }),
      fromRecord: ({ digests }) =>
        Array.isArray(digests)
          ? { urlTokenDigests: digests.map((text: string) => Buffer.from(text, 'base64')), ignored: [] }
          : undefined,
    },
  });

/** Whether the URL ends with a valid token. A secret that is missing or unavailable has none. */
async function hasOurToken(secret: Cached<RealtimekitSecrets>, { pathToken }: Delivery): Promise<boolean> {
  if (pathToken === undefined) return false;
  const checked = await verifyWithFreshKeys(secret, ({ urlTokenDigests }) =>
    hasDigestOf(pathToken, urlTokenDigests) ? verifiedBy('token') : refused('unknown_token'),
  );
  return checked.outcome === 'verified';
}

/** The outcome with the first key that matches, or else with the current key. */
function verifyWithAny(delivery: Delivery, keys: readonly LiveKey[]): Verified | Refused {
  const outcomes = keys
    .filter(({ until }) => delivery.receivedAt < until)
    .map(({ key }) => verifySignature(delivery, key));
  return outcomes.find(({ outcome }) => outcome === 'verified') ?? outcomes[0] ?? refused('key_unavailable');
}
