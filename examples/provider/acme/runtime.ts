/** Acme Rooms in Lambda: how its deliveries are verified and told apart. */
import { createHash } from 'node:crypto';
import {
  firstId,
  type ProviderRuntime,
  type RuntimeContext,
  readSecret,
  textAt,
  type Verify,
  verifyHmac,
  verifyWithFreshKeys,
} from 'meetbus/provider/kit';
import { TYPES } from './events';
import type * as Normalize from './normalize';
import { SIGNING_KEY } from './secret';

/** Acme tries for a day. */
const TWO_DAYS_SECONDS = 2 * 24 * 3600;

/** `acme-signature: sha256=<hex>` is the HMAC of `<acme-timestamp>.<body>`. */
function webhooks({ secret }: RuntimeContext): Verify {
  const keys = secret({ parse: (json) => readSecret(json, { signingKeys: SIGNING_KEY }) });
  return (delivery) =>
    verifyWithFreshKeys(keys, ({ signingKeys }) =>
      verifyHmac(delivery, signingKeys, {
        header: 'acme-signature',
        prefix: 'sha256=',
        encoding: 'hex',
        timestamp: { header: 'acme-timestamp' },
        signed: ({ body }, timestamp) => [`${timestamp}.`, body],
      }),
    );
}

export const runtime: ProviderRuntime = {
  rememberSeconds: TWO_DAYS_SECONDS,
  routes: { 'acme/webhooks': webhooks },
  eventNameOf: (body) => textAt(body, 'type'),
  typeOf: (event) => (Object.hasOwn(TYPES, event) ? TYPES[event] : undefined),
  // Acme's id stands in the body, so the signature covers it. Its retries have another timestamp, and the same id.
  identify: (delivery, { body }) => {
    const deliveryId = textAt(body, 'id');
    if (deliveryId !== undefined) return { deliveryId, key: `id:${deliveryId}` };
    return { deliveryId, key: `body:${createHash('sha256').update(delivery.body).digest('hex')}` };
  },
  groupOf: (body) => firstId(body, [['room', 'id']]),
  // Loaded with the first body that needs it: a verifier needs none of its schemas.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalize(body, event),
  credentialMembers: ['hostKey'],
};
