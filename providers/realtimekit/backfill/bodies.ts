/**
 * What RealtimeKit's API says as bodies of its webhooks: pure functions. Only the members that a webhook has are taken:
 * answers also hold keys of the customer's storage and of streams.
 */
import type { ApiEvent, Gap } from '../../backfill';
import { utcTimeOf } from '../../kit/time';
import { type JsonObject, memberAt, textAt } from '../../kit/values';

/** A session of a meeting. */
export interface Session {
  readonly id: string;
  /** The meeting, as webhooks have it. */
  readonly meeting: Readonly<Record<string, unknown>>;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
}

/** Statuses of a recording that follow its end without an error. */
const STOPPED: ReadonlySet<unknown> = new Set(['UPLOADING', 'UPLOADED']);

/** Statuses of a recording that may be paused, and resumed, again. */
const ONGOING: ReadonlySet<unknown> = new Set(['RECORDING', 'PAUSED']);

const bodyOf = (event: string, members: object): ApiEvent => ({ event, body: { event, ...members } });

/** The object without the members that are null or undefined. */
const present = (members: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));

/** A session, without its end while it is live; a gap where the row has no meeting or no start. */
export function sessionOf(row: JsonObject): Session | Gap {
  const [id, meetingId, startedAt] = ['id', 'associated_id', 'started_at'].map((name) => textAt(row, name));
  if (id === undefined || meetingId === undefined || startedAt === undefined || utcTimeOf(startedAt) === undefined) {
    return { gap: 'sessions without a meeting or a start' };
  }
  if (textAt(row, 'type') === 'participant')
    return { gap: 'sessions of a single participant: no webhook is about them' };
  const organization = textAt(row, 'organization_id');
  const meeting = present({
    ...{ id: meetingId, sessionId: id, title: textAt(row, 'meeting_display_name'), startedAt },
    organizedBy: organization && { id: organization },
  });
  const endedAt = textAt(row, 'ended_at');
  return { id, meeting, startedAt, endedAt: utcTimeOf(endedAt) === undefined ? undefined : endedAt };
}

/** The start of a session, and its end. */
export function eventsOfSession({ meeting, endedAt }: Session): ApiEvent[] {
  const started = bodyOf('meeting.started', { meeting });
  return endedAt === undefined ? [started] : [started, bodyOf('meeting.ended', { meeting: { ...meeting, endedAt } })];
}

/** The joining and the leaving of a participant. */
export function eventsOfParticipant({ meeting }: Session, row: JsonObject): (ApiEvent | Gap)[] {
  const [peerId, joinedAt, leftAt] = ['id', 'joined_at', 'left_at'].map((name) => textAt(row, name));
  if (peerId === undefined) return [{ gap: 'participants without an id' }];
  const participant = present({
    ...{ peerId, userDisplayName: textAt(row, 'display_name') },
    ...{ customParticipantId: textAt(row, 'custom_participant_id'), joinedAt },
  });
  const joined = bodyOf('meeting.participantJoined', { meeting, participant });
  const left = bodyOf('meeting.participantLeft', { meeting, participant: { ...participant, leftAt } });
  return [...(utcTimeOf(joinedAt) ? [joined] : []), ...(utcTimeOf(leftAt) ? [left] : [])];
}

/** A file of a session that is ready: its event, and where the API says so. Members are spelled in either way. */
export const FILES = [
  { event: 'meeting.transcript', path: 'transcript', member: 'transcriptDownloadUrl' },
  { event: 'meeting.summary', path: 'summary', member: 'summaryDownloadUrl' },
  { event: 'meeting.chatSynced', path: 'chat', member: 'chatDownloadUrl' },
] as const;

const underscored = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The event of a file, if the answer has a link to it. */
export function eventsOfFile(session: Session, { event, member }: (typeof FILES)[number], answer: unknown): ApiEvent[] {
  const read = (name: string) => textAt(answer, 'data', name) ?? textAt(answer, 'data', underscored(name));
  const [url, expiry] = [read(member), read(`${member}Expiry`)];
  if (url === undefined) return [];
  const links = present({ [member]: url, [`${member}Expiry`]: expiry });
  const { id: meetingId, ...rest } = session.meeting;
  const meeting = present({ ...session.meeting, endedAt: session.endedAt });
  // This webhook has the meeting's members at its top.
  if (event === 'meeting.chatSynced')
    return [bodyOf(event, { ...rest, endedAt: session.endedAt, meetingId, ...links })];
  return [bodyOf(event, { meeting, ...links })];
}

/**
 * The start and the end of a recording, and its last status. An ongoing one has none of them yet: when it is resumed, a
 * webhook may report the same start, and would not be published if the start had been brought back. The API does not say since when it has that one, so the
 * recording's own time decides whether it is of the window.
 */
export function eventsOfRecording(row: JsonObject, isInWindow: (time: string) => boolean): (ApiEvent | Gap)[] {
  const [id, status] = [textAt(row, 'id'), textAt(row, 'status')];
  if (id === undefined || status === undefined) return [{ gap: 'recordings without an id or a status' }];
  const [invoked, started, stopped] = ['invoked_time', 'started_time', 'stopped_time'].map((name) => textAt(row, name));
  if (ONGOING.has(status)) return [{ gap: 'recordings that go on: their start is brought back once they have ended' }];
  const earlier = [
    ...(started && status !== 'INVOKED' ? [recordingBody(row, { status: 'RECORDING', startedTime: started })] : []),
    ...(stopped && STOPPED.has(status)
      ? [recordingBody(row, { status: 'UPLOADING', startedTime: started, stoppedTime: stopped })]
      : []),
  ];
  if (status === 'UPLOADING') return earlier;
  if (!isInWindow(stopped ?? started ?? invoked ?? '')) return earlier;
  const last = recordingBody(row, {
    ...{ status, startedTime: started, stoppedTime: stopped },
    ...{ downloadUrl: textAt(row, 'download_url'), downloadUrlExpiry: textAt(row, 'download_url_expiry') },
    ...{ audioDownloadUrl: textAt(row, 'audio_download_url'), fileSize: memberAt(row, 'file_size') },
    recordingDuration: memberAt(row, 'recording_duration'),
  });
  return [...earlier, last];
}

function recordingBody(row: JsonObject, members: object): ApiEvent {
  const [id, meetingId] = [textAt(row, 'id'), textAt(row, 'meeting', 'id')];
  const common = { id, recordingId: id, outputFileName: textAt(row, 'output_file_name'), meetingId };
  const recording = present({ ...common, roomUUID: textAt(row, 'session_id'), ...members });
  const meeting = meetingId && present({ id: meetingId, title: textAt(row, 'meeting', 'title') });
  return bodyOf('recording.statusUpdate', present({ recording, meeting }));
}
