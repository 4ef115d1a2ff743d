/** How the RealtimeKit route proves a delivery. */
import type { KeyObject } from 'node:crypto';
import { LastGood } from '../../platform/last-good';
import { describeError, logger } from '../../platform/logger';
import { verifyWithFreshKeys } from '../fresh-keys';
import { type Delivery, refused, type Verification } from '../provider';
import { firstId } from '../values';
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

/** The service's public key from that address, cached; the last good one outlives an outage. */
export function realtimekitKey(keyUrl: string): LastGood<KeyObject> {
  const url = parseKeyUrl(keyUrl);
  return new LastGood({
    load: () => fetchPublicKey(url),
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
  key: LastGood<KeyObject>,
  delivery: Delivery,
  allowed: AllowedSenders,
): Promise<Verification> {
  const verification = await verifyWithFreshKeys(key, (publicKey) => verifySignature(delivery, publicKey));
  if (verification.outcome === 'refused') return verification;
  return isAllowed(delivery, allowed) ? verification : refused('sender_not_allowed');
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
