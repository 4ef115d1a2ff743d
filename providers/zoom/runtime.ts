/** Zoom in Lambda. */
import { valuesOf } from '../kit/headers';
import { firstId, idsAt, textAt } from '../kit/values';
import type { ProviderRuntime } from '../runtime';
import { CREDENTIAL_MEMBERS } from './credentials';
import { zoomTypeOf } from './event-names';
import { keyOf } from './identity';
import type * as Normalize from './normalize';
import { webhooks } from './verify';

/**
 * Longer than a captured delivery can be sent again, which is a day and five minutes: until then its timestamp is accepted, so only this
 * memory makes it a duplicate. It is longer than Zoom retries too, which is 85 minutes.
 */
const THREE_DAYS_SECONDS = 3 * 24 * 3600;

/** Paths of the ids of a sitting, and of its meeting, in the payloads of the various events. The sitting is in almost all of them. */
const GROUP_PATHS = [
  ['payload', 'object', 'uuid'],
  ['payload', 'object', 'meeting_uuid'],
  ['payload', 'meeting_uuid'],
  ['payload', 'webinar_uuid'],
  ['payload', 'object', 'id'],
] as const;

export const runtime: ProviderRuntime = {
  rememberSeconds: THREE_DAYS_SECONDS,
  routes: { 'zoom/webhooks': webhooks },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: zoomTypeOf,
  // These headers are not signed, and nobody says whether a retry keeps them: they are for logs alone.
  identify: (delivery, { event, body }) => ({
    deliveryId: valuesOf(delivery, 'x-zm-trackingid')[0] ?? valuesOf(delivery, 'x-zm-request-id')[0],
    key: keyOf(delivery.body, event, body),
  }),
  groupOf: (body) => firstId(body, GROUP_PATHS),
  // Loaded with the first body: a verifier needs no schemas.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalizeZoom(body, event),
  credentialMembers: CREDENTIAL_MEMBERS,
  organizationsIn: (body) => idsAt(body, [['payload', 'account_id']]),
};
