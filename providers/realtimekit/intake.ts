/** What a verifier needs to know of RealtimeKit. */
import { hash } from 'node:crypto';
import { firstId, memberAt } from '../kit/values';
import type { ProviderIntake, Reading } from '../provider';
import { realtimekitTypeOf } from './event-names';
import { headerValues } from './headers';

/** A captured delivery stays valid for ever, because no timestamp is signed: the memory is the defence. */
const THIRTY_DAYS_SECONDS = 30 * 24 * 3600;

/** The event whose body repeats byte for byte for genuine changes: it says no more than a stream and its status. */
const REPEATING_EVENT = 'livestreaming.statusUpdate';

/** Statuses of a recording that come again: its bodies may then repeat byte for byte as well. */
const REPEATING_RECORDING_STATUSES: ReadonlySet<unknown> = new Set(['RECORDING', 'PAUSED']);

/** Where the payloads of the various events keep the id of their meeting, best first. */
const MEETING_ID_PATHS = [['meeting', 'id'], ['meetingId'], ['recording', 'meetingId']] as const;

export const realtimekitIntake: ProviderIntake = {
  name: 'realtimekit',
  families: ['meeting', 'participant', 'recording', 'transcript', 'unrecognized'],
  rememberSeconds: THIRTY_DAYS_SECONDS,
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
};

/** Whether genuine deliveries may have this body again. Of a recording that is believed only with a proof of the sender. */
function isRepeating({ event, body }: Reading, isOurs: boolean): boolean {
  if (event === REPEATING_EVENT) return true;
  if (event !== 'recording.statusUpdate' || !isOurs) return false;
  return REPEATING_RECORDING_STATUSES.has(memberAt(body, 'recording', 'status'));
}
