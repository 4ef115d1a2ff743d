/** How the RealtimeKit route proves a delivery. */
import { createDynamoDbClient } from '../../platform/clients';
import { LastGood } from '../../platform/last-good';
import { describeError, logger } from '../../platform/logger';
import { verifyWithFreshKeys } from '../fresh-keys';
import { type Delivery, refused, type Verification } from '../provider';
import { firstId } from '../values';
import { createKeyStore } from './key-store';
import { createKeyLoader, type LiveKey } from './keys';
import { fetchPublicKey, parseKeyUrl } from './public-key';
import { verifySignature } from './signature';

const ONE_HOUR_MS = 3_600_000;

/** A mismatch may force a fetch this often; in between, wrong signatures cost the key server nothing. */
const REFRESH_EVERY_MS = 30_000;

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
    store: createKeyStore(createDynamoDbClient(), tableName),
    now: Date.now,
    onStoreFailure: (error) => logger.warn('public_key_store_unavailable', { error: describeError(error) }),
  });
  return new LastGood<readonly LiveKey[]>({
    ...loader,
    maxAgeMs: ONE_HOUR_MS,
    refreshEveryMs: REFRESH_EVERY_MS,
    onFailure: (error) => logger.error('public_key_unavailable', { error: describeError(error) }),
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
  return isAllowed(delivery, allowed) ? verification : refused('sender_not_allowed');
}

/** The outcome with the first live key that fits, else with the current one. */
function verifyWithAny(delivery: Delivery, keys: readonly LiveKey[]): Verification {
  const outcomes = keys
    .filter(({ until }) => delivery.receivedAt < until)
    .map(({ key }) => verifySignature(delivery, key));
  return outcomes.find(({ outcome }) => outcome === 'verified') ?? outcomes[0] ?? refused('key_unavailable');
}

function isAllowed(delivery: Delivery, { organizationIds, webhookIds }: AllowedSenders): boolean {
  const webhookId = delivery.headers.get(WEBHOOK_ID_HEADER)?.[0] ?? '';
  if (webhookIds.length > 0 && !webhookIds.includes(webhookId)) return false;
  return organizationIds.length === 0 || organizationIds.includes(organizationOf(delivery) ?? '');
}

/** The organization that the signed body names. */
function organizationOf({ body }: Delivery): string | undefined {
  try {
    return firstId(JSON.parse(body.toString('utf8')), [
      ['meeting', 'organizedBy', 'id'],
      ['organizedBy', 'id'],
      ['recording', 'organizationId'],
      ['organizationId'],
    ]);
  } catch {
    return undefined;
  }
}
