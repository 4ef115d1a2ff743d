/** Cloudflare RealtimeKit in Lambda. */
import { hash } from 'node:crypto';
import { firstId, memberAt, textAt } from '../kit/values';
import type { ProviderRuntime, Reading } from '../runtime';
import { realtimekitTypeOf } from './event-names';
import { headerValues } from './headers';
import type * as Normalize from './normalize';
import { organizationsIn } from './sender';
import { type RealtimekitOptions, webhooks } from './verify';

/** A captured delivery stays valid forever, because no timestamp is signed. The protection is to remember the delivery. */
const THIRTY_DAYS_SECONDS = 30 * 24 * 3600;

/** The event whose genuine bodies repeat byte for byte: they contain only a stream and its status. */
const REPEATING_EVENT = 'livestreaming.statusUpdate';

/** Repeated statuses of a recording, whose bodies may also repeat byte for byte. */
const REPEATING_RECORDING_STATUSES: ReadonlySet<unknown> = new Set(['RECORDING', 'PAUSED']);

/** Paths of the meeting's id in the payloads of the various events, best first. */
const MEETING_ID_PATHS = [['meeting', 'id'], ['meetingId'], ['recording', 'meetingId']] as const;

export const runtime: ProviderRuntime<RealtimekitOptions> = {
  rememberSeconds: THIRTY_DAYS_SECONDS,
  routes: { 'realtimekit/webhooks': webhooks },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: realtimekitTypeOf,
  // The delivery id is not signed, so it must not make a captured body new, except where bodies repeat by nature. We
  // assume that it is the same on every retry; only a body that repeats depends on that.
  identify(delivery, reading, { isOurs }) {
    const deliveryId = headerValues(delivery, 'uuid')[0];
    const bodyKey = `body:${hash('sha256', delivery.body)}`;
    const key = isRepeating(reading, isOurs === true) ? `${bodyKey}:${deliveryId ?? ''}` : bodyKey;
    return { deliveryId, key };
  },
  groupOf: (body) => firstId(body, [...MEETING_ID_PATHS, ['streamId']]),
  // Loaded with the first body: a verifier needs no schemas, and they would be a fifth of its code.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalizeRealtimekit(body, event),
  credentialMembers: ['streamKey'],
  organizationsIn,
};

/** Whether genuine deliveries can have this body again. For a recording, only if the sender is proved. */
function isRepeating({ event, body }: Reading, isOurs: boolean): boolean {
  if (event === REPEATING_EVENT) return true;
  if (event !== 'recording.statusUpdate' || !isOurs) return false;
  return REPEATING_RECORDING_STATUSES.has(memberAt(body, 'recording', 'status'));
}
