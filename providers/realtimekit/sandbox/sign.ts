import { sign } from 'node:crypto';

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
