/** How the RealtimeKit route proves a delivery, and that a webhook of ours has sent it. */
import { createVerifierDynamoDbClient } from '../../lambdas/platform/clients';
import { loadedSecret } from '../../lambdas/platform/loaded-secret';
import { describeError, logger } from '../../lambdas/platform/logger';
import { LOAD_SOURCE, METRIC } from '../../lambdas/platform/metric-names';
import { count } from '../../lambdas/platform/metrics';
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import { LastGood } from '../kit/last-good';
import { hasDigestOf } from '../kit/token';
import { type Delivery, refused, type Verification, verifiedBy } from '../provider';
import { hasFormerNames } from './headers';
import { createKeyStore } from './key-store';
import { createKeyLoader, type LiveKey } from './keys';
import { fetchPublicKey, parseKeyUrl } from './public-key';
import { parseRealtimekitSecrets, type RealtimekitSecrets } from './secrets';
import { type BelievedSenders, isBelieved, senderOf } from './sender';
import { verifySignature } from './signature';
import { createTokenStore } from './token-store';

const ONE_HOUR_MS = 3_600_000;

/** Less than for other secrets: a delivery is answered within three seconds though every service hangs. */
const SECRET_TIMEOUT_MS = 700;

/** The secret under that name in Secrets Manager; of the last good one digests outlive an outage, also across cold starts. */
export function realtimekitSecrets(name: string, tableName: string): LastGood<RealtimekitSecrets> {
  const store = createTokenStore(createVerifierDynamoDbClient(), tableName);
  return loadedSecret({
    name,
    parse: parseRealtimekitSecrets,
    source: LOAD_SOURCE.realtimekitSecret,
    timeoutMs: SECRET_TIMEOUT_MS,
    store: {
      read: async () => {
        const urlTokenDigests = await store.read();
        return urlTokenDigests && { urlTokenDigests, ignored: [] };
      },
      write: ({ urlTokenDigests }) => store.write(urlTokenDigests),
    },
  });
}

/** The service's public keys, cached; the last good ones outlive an outage of the key server, also across cold starts. */
export function realtimekitKeys(keyUrl: string, tableName: string): LastGood<readonly LiveKey[]> {
  const url = parseKeyUrl(keyUrl);
  const loader = createKeyLoader({
    fetchKey: () => fetchPublicKey(url),
    store: createKeyStore(createVerifierDynamoDbClient(), tableName),
    now: Date.now,
    onStoreFailure: (error) => logger.warn('public_key_store_unavailable', { error: describeError(error) }),
  });
  return new LastGood<readonly LiveKey[]>({
    ...loader,
    maxAgeMs: ONE_HOUR_MS,
    onSuccess: () => count(METRIC.load, { source: LOAD_SOURCE.realtimekitKey, result: 'ok' }),
    onFailure: (error) => {
      count(METRIC.load, { source: LOAD_SOURCE.realtimekitKey, result: 'failed' });
      logger.error('public_key_unavailable', { error: describeError(error) });
    },
  });
}

interface Sources {
  readonly keys: LastGood<readonly LiveKey[]>;
  readonly secrets: LastGood<RealtimekitSecrets>;
  readonly believed: BelievedSenders;
}

/**
 * Proves a delivery by its signature, and its sender by the token of the URL or by the lists: the key is one for all of
 * RealtimeKit, so anyone with an app there can have Cloudflare sign events for our URL. What is genuine is never refused, because
 * RealtimeKit would drop it: without a proof of its sender it is kept where nobody takes it for an event.
 */
export async function verifyWebhook({ keys, secrets, believed }: Sources, delivery: Delivery): Promise<Verification> {
  const verification = await verifyWithFreshKeys(keys, (liveKeys) => verifyWithAny(delivery, liveKeys));
  if (verification.outcome === 'refused') return verification;
  if (hasFormerNames(delivery)) count(METRIC.formerHeaders, { provider: 'realtimekit' });
  // Only now: a request that proves nothing must neither load the secret nor use up what may be loaded anew.
  if (await hasOurToken(secrets, delivery)) return { ...verification, isOurs: true };
  const sender = senderOf(delivery);
  if (isBelieved(sender, believed)) return verification;
  const [organizationId] = sender.organizations;
  const [webhookId] = sender.webhooks;
  return { ...verification, unrecognized: 'sender_not_proved', sender: { organizationId, webhookId } };
}

/** Whether the URL ends with a live token. A secret that is missing or cannot be loaded has none. */
async function hasOurToken(secrets: LastGood<RealtimekitSecrets>, { pathToken }: Delivery): Promise<boolean> {
  if (pathToken === undefined) return false;
  const checked = await verifyWithFreshKeys(secrets, ({ urlTokenDigests }) =>
    hasDigestOf(pathToken, urlTokenDigests) ? verifiedBy('token') : refused('unknown_token'),
  );
  return checked.outcome === 'verified';
}

/** The outcome with the first live key that fits, else with the current one. */
function verifyWithAny(delivery: Delivery, keys: readonly LiveKey[]): Verification {
  const outcomes = keys
    .filter(({ until }) => delivery.receivedAt < until)
    .map(({ key }) => verifySignature(delivery, key));
  return outcomes.find(({ outcome }) => outcome === 'verified') ?? outcomes[0] ?? refused('key_unavailable');
}
