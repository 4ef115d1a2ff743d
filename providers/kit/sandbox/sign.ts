import { createHmac } from 'node:crypto';

/** A Standard Webhooks delivery that is to be signed. */
export interface StandardWebhook {
  /** `whsec_` and the key in base64; the prefix may be missing. */
  readonly secret: string;
  readonly id: string;
  /** When the attempt is made, in unix seconds. */
  readonly timestampSeconds: number;
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
  /** Senders of the older version use `svix-…` headers. */
  readonly headerFamily: 'svix' | 'webhook';
}

/**
 * Signs by the Standard Webhooks specification, with HMAC-SHA256.
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
