/** Signs as Zoom describes it, written from its description alone. It shares no code with the provider or its sandbox. */
import { createHmac, randomBytes } from 'node:crypto';

/** A secret token as Zoom makes it up: 22 characters. */
export const newSecretToken = (): string => randomBytes(16).toString('base64url');

/** HMAC-SHA256 in hexadecimal digits. */
export const hmacOf = (secretToken: string, ...parts: readonly (string | Uint8Array)[]): string =>
  createHmac('sha256', secretToken)
    .update(Buffer.concat(parts.map((part) => Buffer.from(part as string))))
    .digest('hex');

/** The headers of a delivery. */
export const zoomHeaders = (
  secretToken: string,
  body: string | Uint8Array,
  { at = new Date(), trackingId = 'v=2.0;clid=sample;rid=WEB_1' }: { at?: Date; trackingId?: string } = {},
): Record<string, string> => {
  const timestamp = String(Math.trunc(at.valueOf() / 1_000));
  return {
    'x-zm-signature': `v0=${hmacOf(secretToken, 'v0:', timestamp, ':', body)}`,
    'x-zm-request-timestamp': timestamp,
    'x-zm-trackingid': trackingId,
  };
};

/** A handshake's body. */
export const handshakeBody = (plainToken: unknown): string =>
  JSON.stringify({ payload: { plainToken }, event_ts: 1_770_111_725_917, event: 'endpoint.url_validation' });
