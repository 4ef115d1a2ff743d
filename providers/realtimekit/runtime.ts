/** Cloudflare RealtimeKit in Lambda. */
import { hash } from 'node:crypto';
import { firstId, memberAt, textAt } from '../kit/values';
import type { ProviderRuntime, Reading } from '../runtime';
import { realtimekitTypeOf } from './event-names';
import { headerValues } from './headers';
import type * as Normalize from './normalize';
import { organizationsIn } from './sender';
import { type RealtimekitOptions, webhooks } from './verify';

/** A captured delivery stays valid for ever, because no timestamp is signed. Remembering it is the defence. */
const THIRTY_DAYS_SECONDS = 30 * 24 * 3600;

/** The event whose body repeats byte for byte for genuine changes: it holds no more than a stream and its status. */
const REPEATING_EVENT = 'livestreaming.statusUpdate';

/** Statuses of a recording that come again: its bodies may then repeat byte for byte as well. */
const REPEATING_RECORDING_STATUSES: ReadonlySet<unknown> = new Set(['RECORDING', 'PAUSED']);

/** Where the payloads of the various events keep the id of their meeting, best first. */
const MEETING_ID_PATHS = [['meeting', 'id'], ['meetingId'], ['recording', 'meetingId']] as const;

export const runtime: ProviderRuntime<RealtimekitOptions> = {
  rememberSeconds: THIRTY_DAYS_SECONDS,
  routes: { 'realtimekit/webhooks': webhooks },
  eventNameOf: (body) => textAt(body, 'event'),
  typeOf: realtimekitTypeOf,
  // The delivery id is not signed, so it must not make a captured body new, save where bodies repeat by nature. It is assumed
  // to be the same on every retry; only a body that repeats depends on that.
  identify(delivery, reading, { isOurs }) {
    const deliveryId = headerValues(delivery, 'uuid')[0];
    const bodyKey = `body:${hash('sha256', delivery.body)}`;
    const key = isRepeating(reading, isOurs === true) ? `${bodyKey}:${deliveryId ?? ''}` : bodyKey;
    return { deliveryId, key };
  },
  groupOf: (body) => firstId(body, [...MEETING_ID_PATHS, ['streamId']]),
  // Loaded with the first body that needs it: its schemas would be a fifth of what a verifier loads, which needs none of them.
  normalize: (body, event) => (require('./normalize') as typeof Normalize).normalizeRealtimekit(body, event),
  credentialMembers: ['streamKey'],
  organizationsIn,
};

/** Whether genuine deliveries may have this body again. For a recording, only a proof of the sender counts. */
function isRepeating({ event, body }: Reading, isOurs: boolean): boolean {
  if (event === REPEATING_EVENT) return true;
  if (event !== 'recording.statusUpdate' || !isOurs) return false;
  return REPEATING_RECORDING_STATUSES.has(memberAt(body, 'recording', 'status'));
}
