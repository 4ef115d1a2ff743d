/** Cloudflare RealtimeKit in Lambda. */
import { hash } from 'node:crypto';
import type { Normalized } from '../kit/normalize';
import { firstId, memberAt, textAt } from '../kit/values';
import type { Beginning, Occurrence, ProviderRuntime, Reading } from '../runtime';
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
  occurrenceOf,
  beginningOf,
};

/** Types that a session has once, so they need no time. Most of them have none. */
const ONCE_A_SESSION: ReadonlySet<string> = new Set([
  'meeting.started',
  'meeting.ended',
  'transcript.ready',
  'summary.ready',
  'chat.export_ready',
]);

/** Types of a participant, whose peer id is new with each join. */
const OF_PARTICIPANTS: ReadonlySet<string> = new Set(['participant.joined', 'participant.left']);

/** A recording can be paused several times, and its API has the last status only, without a time. */
const PAUSED = 'recording.paused';

/** What happens to livestreams is not in the API's lists. */
function occurrenceOf({ type, subject, time, data }: Normalized): Occurrence | undefined {
  if (ONCE_A_SESSION.has(type)) {
    const session = textAt(data, 'meeting', 'sessionid');
    return session === undefined ? undefined : { key: `${subject}#${session}#${type}` };
  }
  if (OF_PARTICIPANTS.has(type)) return { key: `${subject}#${type}`, time };
  if (!type.startsWith('recording.') || type === PAUSED) return undefined;
  return { key: `${subject}#${type}#${textAt(data, 'status', 'code')}`, time };
}

/** Hours: nearly every meeting is shorter. A longer one costs a few requests. */
const LONGEST_MEETING = 4;

/** Hours after a meeting in which its recording is uploaded. */
const UPLOADING = 1;

/** A session of a meeting, or a recording in one. */
function beginningOf({ type, subject, data }: Normalized): Beginning | undefined {
  const [meeting, session] = [textAt(data, 'meeting', 'id'), textAt(data, 'meeting', 'sessionid')];
  if (meeting === undefined) return undefined;
  const of = { subject: `meeting/${meeting}` };
  if (type === 'meeting.started' && session !== undefined) {
    return { ...of, endedBy: [`${subject}#${session}#meeting.ended`], hours: LONGEST_MEETING };
  }
  if (type !== 'recording.started') return undefined;
  const endedBy = [`${subject}#recording.ready#UPLOADED`, `${subject}#recording.failed#ERRORED`];
  return { ...of, endedBy, hours: LONGEST_MEETING + UPLOADING };
}

/** Whether genuine deliveries can have this body again. For a recording, only if the sender is proved. */
function isRepeating({ event, body }: Reading, isOurs: boolean): boolean {
  if (event === REPEATING_EVENT) return true;
  if (event !== 'recording.statusUpdate' || !isOurs) return false;
  return REPEATING_RECORDING_STATUSES.has(memberAt(body, 'recording', 'status'));
}
