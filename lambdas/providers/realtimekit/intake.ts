/** What a verifier needs to know of RealtimeKit. */
import { hash } from 'node:crypto';
import type { ProviderIntake } from '../provider';
import { firstId } from '../values';
import { realtimekitTypeOf } from './event-names';

/** A captured delivery stays valid for ever, because no timestamp is signed: the memory is the defence. */
const THIRTY_DAYS_SECONDS = 30 * 24 * 3600;

/** Header with the provider's id of a delivery. It is not signed. */
export const DELIVERY_ID_HEADER = 'rtk-uuid';

/** The one event whose body repeats byte for byte for genuine changes. */
const REPEATING_EVENT = 'livestreaming.statusUpdate';

/** Where the payloads of the various events keep the id of their meeting, best first. */
export const MEETING_ID_PATHS = [['meeting', 'id'], ['meetingId'], ['recording', 'meetingId']] as const;

export const realtimekitIntake: ProviderIntake = {
  name: 'realtimekit',
  families: ['meeting', 'participant', 'recording', 'transcript', 'unrecognized'],
  rememberSeconds: THIRTY_DAYS_SECONDS,
  typeOf: realtimekitTypeOf,
  // The delivery id is not signed, so it must not make a captured body new, save where bodies repeat by nature.
  identify(delivery, { event }) {
    const deliveryId = delivery.headers.get(DELIVERY_ID_HEADER)?.[0] || undefined;
    const bodyKey = `body:${hash('sha256', delivery.body)}`;
    return { deliveryId, key: event === REPEATING_EVENT ? `${bodyKey}:${deliveryId ?? ''}` : bodyKey };
  },
  groupOf: (body) => firstId(body, [...MEETING_ID_PATHS, ['streamId']]),
};
