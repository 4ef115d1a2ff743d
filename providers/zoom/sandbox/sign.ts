/** Signs as Zoom does. It shares no code with what verifies. */
import { createHmac } from 'node:crypto';

/** A Zoom delivery that is to be signed. */
export interface ZoomWebhook {
  /** The secret token of the app. */
  readonly secretToken: string;
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
  /** When it is sent, in unix seconds. */
  readonly timestampSeconds: number;
  /** Names the delivery. Zoom does not sign it. */
  readonly trackingId: string;
}

/** The headers of the delivery, names in lower case. */
export function signZoom({ secretToken, body, timestampSeconds, trackingId }: ZoomWebhook): Record<string, string> {
  const digest = createHmac('sha256', secretToken).update(`v0:${timestampSeconds}:`).update(body).digest('hex');
  return {
    'x-zm-request-timestamp': String(timestampSeconds),
    'x-zm-signature': `v0=${digest}`,
    'x-zm-trackingid': trackingId,
  };
}
