/** Zoom event names and the types they become. */
import type { MeetingEventType } from '@meetbus/events';

type Types = Readonly<Record<string, MeetingEventType>>;

/** Actions in meetings and in webinars, whose payloads have one shape. */
const ACTIONS: Types = {
  started: 'meeting.started',
  ended: 'meeting.ended',
  participant_joined: 'participant.joined',
  participant_left: 'participant.left',
  sharing_started: 'participant.screenshare_started',
  sharing_ended: 'participant.screenshare_stopped',
  chat_message_sent: 'chat.message_sent',
  rtms_started: 'mediastream.started',
  rtms_stopped: 'mediastream.stopped',
};

const withPrefix = (prefix: string, types: Types): Types =>
  Object.fromEntries(Object.entries(types).map(([action, type]) => [`${prefix}.${action}`, type]));

const TYPES: Types = {
  ...withPrefix('meeting', ACTIONS),
  'meeting.live_streaming_started': 'livestream.status_changed',
  'meeting.live_streaming_stopped': 'livestream.status_changed',
  'meeting.summary_completed': 'summary.ready',
  ...withPrefix('webinar', ACTIONS),
  'recording.started': 'recording.started',
  'recording.paused': 'recording.paused',
  'recording.resumed': 'recording.started',
  'recording.stopped': 'recording.uploading',
  'recording.completed': 'recording.ready',
  'recording.trashed': 'recording.status_changed',
  'recording.recovered': 'recording.status_changed',
  'recording.deleted': 'recording.deleted',
  'recording.transcript_completed': 'transcript.ready',
};

/** Every name that Meetbus knows. Zoom has many more. */
export const ZOOM_EVENTS: readonly string[] = Object.keys(TYPES);

/** The type of a Zoom event; undefined for a name that Meetbus does not know. */
export const zoomTypeOf = (event: string): MeetingEventType | undefined =>
  Object.hasOwn(TYPES, event) ? TYPES[event] : undefined;

/** What happened, in Zoom's words: the last part of the name. */
export const actionOf = (event: string): string => event.slice(event.indexOf('.') + 1);
