/** Deliveries as LiveKit sends them, signed by its own SDK. */
import { createHash, randomBytes } from 'node:crypto';
import { AccessToken } from 'livekit-server-sdk';

/** An API key of LiveKit. */
export interface ApiKey {
  readonly name: string;
  readonly secret: string;
}

/** A new one, as LiveKit makes them. */
export const newKey = (): ApiKey => ({
  name: `API${randomBytes(6).toString('hex')}`,
  secret: randomBytes(32).toString('base64url'),
});

/** What is special about a token. */
export interface TokenOptions {
  /** Seconds until it expires; negative for one that has expired. @default five minutes, as LiveKit's server says */
  readonly ttl?: number;
  /** The digest that it claims. @default that of the body; null for none */
  readonly sha256?: string | null;
}

/** A token of LiveKit's SDK for a body. */
export async function tokenFor(body: string | Buffer, { name, secret }: ApiKey, options: TokenOptions = {}) {
  const { ttl = 300, sha256 = createHash('sha256').update(body).digest('base64') } = options;
  const token = new AccessToken(name, secret, { ttl: `${ttl} seconds` });
  if (sha256 !== null) token.sha256 = sha256;
  return token.toJwt();
}
