import { createHash, createHmac } from 'node:crypto';

/** A LiveKit delivery that is to be signed. */
export interface LiveKitWebhook {
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The body exactly as it is sent. */
  readonly body: string | Uint8Array;
  /** When the first try is made: later tries have the same token. */
  readonly at: Date;
}

/** How long LiveKit's tokens are valid. */
const LIFETIME_SECONDS = 5 * 60;

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/**
 * Signs as LiveKit does: a JWT with the digest of the body, without a scheme before it.
 *
 * @returns the headers of the delivery, names in lower case
 */
export function signLiveKit({ apiKey, apiSecret, body, at }: LiveKitWebhook): Record<string, string> {
  const now = Math.floor(at.getTime() / 1000);
  const sha256 = createHash('sha256').update(body).digest('base64');
  const claims = { iss: apiKey, iat: now, nbf: now, exp: now + LIFETIME_SECONDS, sha256 };
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  const signature = createHmac('sha256', apiSecret).update(signed).digest('base64url');
  return {
    authorization: `${signed}.${signature}`,
    'content-type': 'application/webhook+json',
    'user-agent': 'LiveKit',
  };
}
