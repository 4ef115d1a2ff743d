import { createHmac, sign } from 'node:crypto';

/** A Standard Webhooks delivery that is to be signed. */
export interface StandardWebhook {
  /** `whsec_` and the key in base64; the prefix may be missing. */
  readonly secret: string;
  readonly id: string;
  /** When the attempt is made, in unix seconds. */
  readonly timestampSeconds: number;
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
  /** Recall uses `svix-…` headers for older accounts and `webhook-…` headers for newer ones. */
  readonly headerFamily: 'svix' | 'webhook';
}

/**
 * Signs as Recall does: HMAC-SHA256 by the Standard Webhooks specification.
 *
 * @returns the three headers of the delivery, names in lower case
 * @throws Error if the secret holds no key
 */
export function signStandardWebhook(webhook: StandardWebhook): Record<string, string> {
  const { secret, id, timestampSeconds, body, headerFamily } = webhook;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  if (key.length === 0)
    throw new Error('The signing secret holds no key: give "whsec_" followed by the key in base64.');
  const signature = createHmac('sha256', key).update(`${id}.${timestampSeconds}.`).update(body).digest('base64');
  return {
    [`${headerFamily}-id`]: id,
    [`${headerFamily}-timestamp`]: String(timestampSeconds),
    [`${headerFamily}-signature`]: `v1,${signature}`,
  };
}

/** A RealtimeKit delivery that is to be signed. */
export interface RealtimeKitWebhook {
  /** An RSA private key in PEM. */
  readonly privateKeyPem: string;
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
  /** Names the delivery. */
  readonly uuid: string;
  /** Names the webhook's registration. */
  readonly webhookId: string;
}

/**
 * Signs as Cloudflare RealtimeKit does: RSA-SHA256 (PKCS#1 v1.5) over the body and nothing else, so the ids are not signed.
 *
 * @returns the three headers of the delivery, names in lower case
 * @throws Error if the key is no private key in PEM
 */
export function signRealtimeKit(webhook: RealtimeKitWebhook): Record<string, string> {
  const { privateKeyPem, body, uuid, webhookId } = webhook;
  return {
    'rtk-signature': sign('sha256', Buffer.from(body), privateKeyPem).toString('base64'),
    'rtk-uuid': uuid,
    'rtk-webhook-id': webhookId,
  };
}
