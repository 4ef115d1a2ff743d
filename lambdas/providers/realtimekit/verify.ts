/** How the RealtimeKit route proves a delivery. */
import { createVerifierDynamoDbClient } from '../../platform/clients';
import { LastGood } from '../../platform/last-good';
import { describeError, logger } from '../../platform/logger';
import { LOAD_SOURCE, METRIC } from '../../platform/metric-names';
import { count } from '../../platform/metrics';
import { readBody } from '../body';
import { verifyWithFreshKeys } from '../fresh-keys';
import { type Delivery, refused, type Verification } from '../provider';
import { firstId } from '../values';
import { createKeyStore } from './key-store';
import { createKeyLoader, type LiveKey } from './keys';
import { fetchPublicKey, parseKeyUrl } from './public-key';
import { verifySignature } from './signature';

const ONE_HOUR_MS = 3_600_000;

/** Header with the id of the webhook configuration that a delivery comes from. It is not signed. */
export const WEBHOOK_ID_HEADER = 'rtk-webhook-id';

/** The senders that the operator accepts; an empty list accepts every one. */
export interface AllowedSenders {
  readonly organizationIds: readonly string[];
  readonly webhookIds: readonly string[];
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

/**
 * Proves a delivery by its signature, and its sender by the allow list: the key is one for all of RealtimeKit, so
 * anyone with an app there can have Cloudflare sign events for our URL.
 */
export async function verifyWebhook(
  keys: LastGood<readonly LiveKey[]>,
  delivery: Delivery,
  allowed: AllowedSenders,
): Promise<Verification> {
  const verification = await verifyWithFreshKeys(keys, (liveKeys) => verifyWithAny(delivery, liveKeys));
  if (verification.outcome === 'refused') return verification;
  return checkSender(delivery, allowed) ?? verification;
}

/** The outcome with the first live key that fits, else with the current one. */
function verifyWithAny(delivery: Delivery, keys: readonly LiveKey[]): Verification {
  const outcomes = keys
    .filter(({ until }) => delivery.receivedAt < until)
    .map(({ key }) => verifySignature(delivery, key));
  return outcomes.find(({ outcome }) => outcome === 'verified') ?? outcomes[0] ?? refused('key_unavailable');
}

/**
 * The outcome for a genuine delivery of a sender that is not on the list. One that names no organization may be the
 * operator's own (a livestream update without its meeting), so it is kept, where nobody takes it for an event.
 */
function checkSender(delivery: Delivery, allowed: AllowedSenders): Verification | undefined {
  const webhookId = delivery.headers.get(WEBHOOK_ID_HEADER)?.[0] ?? '';
  if (allowed.webhookIds.length > 0 && !allowed.webhookIds.includes(webhookId)) return refused('sender_not_allowed');
  if (allowed.organizationIds.length === 0) return undefined;
  const organizationId = organizationOf(delivery);
  if (organizationId === undefined) {
    return { outcome: 'verified', proof: 'signature', unrecognized: 'sender_not_proved' };
  }
  return allowed.organizationIds.includes(organizationId) ? undefined : refused('sender_not_allowed');
}

/** The organization that the signed body names. */
const organizationOf = ({ body }: Delivery): string | undefined =>
  firstId(readBody(body).body, [
    ['meeting', 'organizedBy', 'id'],
    ['organizedBy', 'id'],
    ['recording', 'organizationId'],
    ['organizationId'],
  ]);
