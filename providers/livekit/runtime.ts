/** LiveKit in Lambda. */
import { hash } from 'node:crypto';
import { memberInAnySpelling } from '../kit/spelling';
import { textAt } from '../kit/values';
import type { ProviderRuntime } from '../runtime';
import { CREDENTIAL_MEMBERS } from './credentials';
import { livekitTypeOf } from './event-names';
import type * as Normalize from './normalize';
import { webhooks } from './verify';

/** Longer than any token is accepted, and so longer than a captured delivery can be sent again. */
const TWO_DAYS_SECONDS = 2 * 24 * 3600;

/**
 * LiveKit makes five tries, and obeys `Retry-After`. Meanwhile the room's other events wait, and it drops those that wait for 30 seconds. So
 * its tries must be over within that time, and not much sooner.
 */
const RETRY_AFTER_SECONDS = 7;

/** The room of an event, best first; then what else its events have in common. */
const GROUP_PATHS = [
  ['room', 'name'],
  ['egressInfo', 'roomName'],
  ['ingressInfo', 'roomName'],
  ['job', 'room', 'name'],
  ['egressInfo', 'egressId'],
  ['ingressInfo', 'ingressId'],
  ['job', 'id'],
] as const;

export const runtime: ProviderRuntime = {
  rememberSeconds: TWO_DAYS_SECONDS,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
  routes: { 'livekit/webhooks': webhooks },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: livekitTypeOf,
  // The token covers the body, so the id in it is signed. Several webhooks of one server send an event with the same id.
  identify(delivery, { body }) {
    const deliveryId = textAt(body, 'id');
    const key = deliveryId === undefined ? `body:${hash('sha256', delivery.body)}` : `id:${deliveryId}`;
    return { deliveryId, key };
  },
  groupOf: (body) =>
    GROUP_PATHS.map((path) => memberInAnySpelling(body, ...path)).find(
      (member): member is string => typeof member === 'string' && member !== '',
    ),
  // Loaded with the first body: a verifier needs no schemas.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalizeLivekit(body, event),
  credentialMembers: CREDENTIAL_MEMBERS,
};
