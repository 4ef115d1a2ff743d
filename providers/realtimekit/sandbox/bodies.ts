import { type ProviderBody, SAMPLE_SEED, SAMPLE_START, SAMPLE_TIME } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';

/** The organization of every sample, whatever its seed: an operator allows it by this id. */
export const SAMPLE_ORGANIZATION_ID = sampleId('organization');

/** How long RealtimeKit's download links live. */
const LINK_LIFETIME_MS = 7 * 24 * 3600 * 1000;

/** Values that a test or a meeting can set in a body; each event uses those that it has. */
export interface RealtimeKitOptions {
  /** The ids derive from it. */
  readonly seed?: string;
  /** When it happened. */
  readonly at?: Date;
  /** When the meeting, and its recording, began. */
  readonly start?: Date;
  /** When the meeting ended; `null` leaves it out. */
  readonly end?: Date | null;
  /** When the participant who leaves had joined. */
  readonly joined?: Date;
  /** The status of a recording or of a livestream. */
  readonly status?: string;
  /** The participant's number, from 1. */
  readonly guest?: number;
  /** Distinguishes the recordings of one meeting. */
  readonly recording?: string;
}

function withDefaults(options: RealtimeKitOptions) {
  const chosen = { seed: SAMPLE_SEED, at: SAMPLE_TIME, start: SAMPLE_START, guest: 1, recording: 'first', ...options };
  return { end: chosen.at, joined: chosen.start, ...chosen };
}

type Chosen = ReturnType<typeof withDefaults>;

const id = ({ seed }: Chosen, name: string) => sampleId(`${seed}/realtimekit/${name}`);
const expiry = ({ at }: Chosen) => new Date(at.getTime() + LINK_LIFETIME_MS).toISOString();
const link = (chosen: Chosen, file: string) => `https://files.example.org/${id(chosen, 'session')}/${file}`;
const organizer = () => ({ id: SAMPLE_ORGANIZATION_ID, name: 'Sample organization' });

/** The meeting before it has ended; RealtimeKit says "LIVE" after the end too. */
function liveMeeting(chosen: Chosen) {
  const start = chosen.start.toISOString();
  return {
    id: id(chosen, 'meeting'),
    sessionId: id(chosen, 'session'),
    title: 'Quarterly planning',
    status: 'LIVE',
    createdAt: start,
    startedAt: start,
    organizedBy: organizer(),
  };
}

function meeting(chosen: Chosen) {
  return chosen.end ? { ...liveMeeting(chosen), endedAt: chosen.end.toISOString() } : liveMeeting(chosen);
}

function guestOf(chosen: Chosen) {
  return {
    peerId: id(chosen, `peer-${chosen.guest}`),
    userDisplayName: `Guest ${chosen.guest}`,
    customParticipantId: `guest-${chosen.guest}`,
  };
}

function recordingOf(chosen: Chosen) {
  const { status = 'UPLOADED', at, start, end, recording } = chosen;
  const recordingId = id(chosen, `recording-${recording}`);
  const stopped = end ?? at;
  const known = {
    id: recordingId,
    recordingId,
    status,
    // A recording that has only been asked for has not begun.
    ...(status !== 'INVOKED' && { startedTime: start.toISOString() }),
    outputFileName: `quarterly-planning-${recording}.mp4`,
    meetingId: id(chosen, 'meeting'),
    organizationId: SAMPLE_ORGANIZATION_ID,
    roomUUID: id(chosen, 'session'),
  };
  if (status !== 'UPLOADED') return known;
  return {
    ...known,
    stoppedTime: stopped.toISOString(),
    downloadUrl: link(chosen, `${recording}.mp4`),
    audioDownloadUrl: link(chosen, `${recording}.mp3`),
    downloadUrlExpiry: expiry(chosen),
    fileSize: '48210733',
    recordingDuration: Math.round((stopped.getTime() - start.getTime()) / 1000),
  };
}

function chatSynced(chosen: Chosen) {
  const { title, createdAt, startedAt, sessionId, id: meetingId, organizedBy } = liveMeeting(chosen);
  return {
    title,
    createdAt,
    startedAt,
    ...(chosen.end && { endedAt: chosen.end.toISOString() }),
    meetingId,
    sessionId,
    chatDownloadUrl: link(chosen, 'chat.json'),
    chatDownloadUrlExpiry: expiry(chosen),
    organizedBy,
  };
}

function livestream(chosen: Chosen) {
  const { id: meetingId, title, createdAt, status, organizedBy } = liveMeeting(chosen);
  return {
    streamId: id(chosen, 'stream'),
    status: chosen.status ?? 'LIVE',
    manualIngest: false,
    playbackUrl: 'https://live.example.org/quarterly-planning.m3u8',
    ingestServer: 'rtmps://ingest.example.org:443/live',
    streamKey: 'sample-stream-key',
    meeting: { id: meetingId, title, createdAt, status, organizedBy },
  };
}

/** The members after `event` in the body of every RealtimeKit event, by event name. */
const builders: Readonly<Record<string, (chosen: Chosen) => object>> = {
  'meeting.started': (chosen) => ({ meeting: liveMeeting(chosen) }),
  'meeting.ended': (chosen) => ({ meeting: meeting(chosen), reason: 'ALL_PARTICIPANTS_LEFT' }),
  'meeting.participantJoined': (chosen) => ({
    meeting: liveMeeting(chosen),
    participant: { ...guestOf(chosen), joinedAt: chosen.at.toISOString() },
  }),
  'meeting.participantLeft': (chosen) => ({
    meeting: meeting(chosen),
    participant: { ...guestOf(chosen), joinedAt: chosen.joined.toISOString(), leftAt: chosen.at.toISOString() },
  }),
  'meeting.chatSynced': chatSynced,
  'recording.statusUpdate': (chosen) => ({ recording: recordingOf(chosen), meeting: meeting(chosen) }),
  'livestreaming.statusUpdate': livestream,
  'meeting.transcript': (chosen) => ({
    meeting: meeting(chosen),
    transcriptDownloadUrl: link(chosen, 'transcript.csv'),
    transcriptDownloadUrlExpiry: expiry(chosen),
  }),
  'meeting.summary': (chosen) => ({
    meeting: { id: id(chosen, 'meeting'), sessionId: id(chosen, 'session'), organizedBy: organizer() },
    summaryDownloadUrl: link(chosen, 'summary.txt'),
    summaryDownloadUrlExpiry: expiry(chosen),
  }),
};

/** The nine events of RealtimeKit. */
export const REALTIMEKIT_EVENTS: readonly string[] = Object.keys(builders);

/**
 * Builds the body of a RealtimeKit event.
 *
 * @param event a provider event name, such as `meeting.started`
 * @param options ids, times and statuses to use; without them, those of the sample meeting
 * @throws Error if there is no sample of that event
 */
export function realtimekitBody(event: string, options: RealtimeKitOptions = {}): ProviderBody {
  const build = Object.hasOwn(builders, event) ? builders[event] : undefined;
  if (!build) throw new Error(`There is no sample of "${event}". RealtimeKit's are: ${REALTIMEKIT_EVENTS.join(', ')}.`);
  return { event, ...build(withDefaults(options)) };
}
