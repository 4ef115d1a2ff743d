/** RealtimeKit event names and the types they become. */
import type { MeetingEventType } from '@meetbus/events';

/** `recording.statusUpdate` becomes one of several types by its status; all are of one family. */
const TYPES: Readonly<Record<string, MeetingEventType>> = {
  'meeting.started': 'meeting.started',
  'meeting.ended': 'meeting.ended',
  'meeting.participantJoined': 'participant.joined',
  'meeting.participantLeft': 'participant.left',
  'meeting.chatSynced': 'chat.export_ready',
  'meeting.summary': 'summary.ready',
  'meeting.transcript': 'transcript.ready',
  'recording.statusUpdate': 'recording.status_changed',
  'livestreaming.statusUpdate': 'livestream.status_changed',
};

export const RECORDING_TYPES = {
  RECORDING: 'recording.started',
  PAUSED: 'recording.paused',
  UPLOADING: 'recording.uploading',
  UPLOADED: 'recording.ready',
  ERRORED: 'recording.failed',
} as const;

/** The type of a RealtimeKit event; undefined for a name that Meetbus does not know. */
export const realtimekitTypeOf = (event: string): MeetingEventType | undefined =>
  Object.hasOwn(TYPES, event) ? TYPES[event] : undefined;

/** The type of a `recording.statusUpdate` by its status, which is an open list. */
export const recordingTypeOf = (status: string) =>
  Object.hasOwn(RECORDING_TYPES, status)
    ? RECORDING_TYPES[status as keyof typeof RECORDING_TYPES]
    : ('recording.status_changed' as const);
