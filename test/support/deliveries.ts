/** Deliveries for tests, signed by independent implementations: the `standardwebhooks` package and node:crypto. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import type { Delivery } from '../../providers/runtime';

/** A fresh signing secret. */
export const newSecret = (): string => `whsec_${randomBytes(24).toString('base64')}`;

/** Headers of a Recall.ai delivery. */
export function recallHeaders(
  secret: string,
  body: string | Buffer,
  { id = `msg_${randomBytes(8).toString('hex')}`, at = new Date(), family = 'webhook' } = {},
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return {
    [`${family}-id`]: id,
    [`${family}-timestamp`]: timestamp,
    // The package signs text alone.
    [`${family}-signature`]: Buffer.isBuffer(body)
      ? `v1,${hmacOf(secret, id, timestamp, body)}`
      : new Webhook(secret).sign(id, at, body),
  };
}

const hmacOf = (secret: string, id: string, timestamp: string, bytes: Buffer): string =>
  createHmac('sha256', Buffer.from(secret.replace('whsec_', ''), 'base64'))
    .update(`${id}.${timestamp}.`)
    .update(bytes)
    .digest('base64');

/** A fresh RSA key pair, the public half in PEM. */
export function newKeyPair(): { readonly privateKey: KeyObject; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { privateKey, publicPem: publicKey.export({ type: 'spki', format: 'pem' }) as string };
}

/** Headers of a RealtimeKit delivery. */
export const realtimekitHeaders = (
  privateKey: KeyObject,
  body: string | Buffer,
  { uuid = randomBytes(16).toString('hex'), webhookId = 'webhook-1' } = {},
): Record<string, string> => ({
  'rtk-signature': sign('sha256', Buffer.from(body), privateKey).toString('base64'),
  'rtk-uuid': uuid,
  'rtk-webhook-id': webhookId,
});

/** An API key of LiveKit. */
export interface LiveKitKey {
  readonly name: string;
  readonly secret: string;
}

/** A fresh API key of LiveKit. */
export const newLiveKitKey = (): LiveKitKey => ({
  name: `API${randomBytes(6).toString('hex')}`,
  secret: randomBytes(32).toString('base64url'),
});

/** Headers of a LiveKit delivery. The digest is that of the body, unless `claims` says another. */
export function livekitHeaders(
  { name, secret }: LiveKitKey,
  body: string,
  { at = new Date(), alg = 'HS256', claims = {} as object } = {},
): Record<string, string> {
  const now = Math.floor(at.getTime() / 1000);
  const sha256 = createHash('sha256').update(body).digest('base64');
  const parts = [
    { alg, typ: 'JWT' },
    { iss: name, nbf: now, exp: now + 300, sha256, ...claims },
  ];
  const signed = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = createHmac('sha256', secret).update(signed).digest('base64url');
  return { authorization: `${signed}.${signature}`, 'content-type': 'application/webhook+json' };
}

/** The headers of a delivery of the probe. */
export const probeHeaders = (key: string, body: string, at = Date.now()): Record<string, string> => ({
  'probe-timestamp': String(at),
  'probe-signature': createHmac('sha256', key).update(`${at}.${body}`).digest('hex'),
});

/** A delivery as a verifier reads it. Several values of a header or parameter come as a list. */
export function delivery({
  body = '',
  headers = {},
  query = {},
  pathToken,
  receivedAt = Date.now(),
}: {
  body?: string | Buffer;
  headers?: Record<string, string | string[]>;
  query?: Record<string, string | string[]>;
  pathToken?: string | undefined;
  receivedAt?: number;
}): Delivery {
  const lists = (values: Record<string, string | string[]>) =>
    new Map(Object.entries(values).map(([name, value]) => [name, [value].flat()]));
  const request = { method: 'POST', path: '/test' };
  return { ...request, body: Buffer.from(body), headers: lists(headers), query: lists(query), pathToken, receivedAt };
}

/** Too large for a message and for an event: it goes through S3 twice. */
export const LARGE = 'x'.repeat(1_100_000);
