/** Every type of meeting event and the family it belongs to. Plain data, so that a verifier needs no schema. */
import type { Family } from './families';

/** The family of each type. */
export const FAMILY_OF = {
  'bot.status_changed': 'bot',
  'endpoint.status_changed': 'bot',
  'meeting.started': 'meeting',
  'meeting.ended': 'meeting',
  'chat.export_ready': 'meeting',
  'summary.ready': 'meeting',
  'livestream.status_changed': 'meeting',
  'ingress.status_changed': 'meeting',
  'mediastream.started': 'meeting',
  'mediastream.stopped': 'meeting',
  'participant.joined': 'participant',
  'participant.left': 'participant',
  'participant.connection_aborted': 'participant',
  'participant.updated': 'participant',
  'participant.speech_started': 'participant',
  'participant.speech_stopped': 'participant',
  'participant.microphone_started': 'participant',
  'participant.microphone_stopped': 'participant',
  'participant.webcam_started': 'participant',
  'participant.webcam_stopped': 'participant',
  'participant.screenshare_started': 'participant',
  'participant.screenshare_stopped': 'participant',
  'track.published': 'participant',
  'track.unpublished': 'participant',
  'chat.message_sent': 'participant',
  'transcript.segment': 'transcript',
  'transcript.partial_segment': 'transcript',
  'transcript.provider_data': 'transcript',
  'transcript.started': 'transcript',
  'transcript.ready': 'transcript',
  'transcript.failed': 'transcript',
  'transcript.deleted': 'transcript',
  'recording.started': 'recording',
  'recording.paused': 'recording',
  'recording.uploading': 'recording',
  'recording.ready': 'recording',
  'recording.failed': 'recording',
  'recording.deleted': 'recording',
  'recording.status_changed': 'recording',
  'media.started': 'recording',
  'media.ready': 'recording',
  'media.failed': 'recording',
  'media.deleted': 'recording',
  'upload.status_changed': 'recording',
  'calendar.updated': 'workspace',
  'calendar.synced': 'workspace',
  'slack.status_changed': 'workspace',
  'event.unrecognized': 'unrecognized',
} as const satisfies Record<string, Family>;

/** Name of a type of meeting event; it is the EventBridge `detail-type` too. */
export type MeetingEventType = keyof typeof FAMILY_OF;

/** Every type, in the order of the catalogue. */
export const MEETING_EVENT_TYPES = Object.keys(FAMILY_OF) as readonly MeetingEventType[];

/**
 * Types with a status of their subject. An event that is older than another about its subject is marked `stale`.
 * Slack's type is not one of them: its subject is a whole workspace, and its events are about many things in it.
 */
export const STATUS_TYPES: ReadonlySet<MeetingEventType> = new Set<MeetingEventType>([
  'bot.status_changed',
  'endpoint.status_changed',
  'livestream.status_changed',
  'ingress.status_changed',
  'transcript.started',
  'transcript.ready',
  'transcript.failed',
  'transcript.deleted',
  'recording.started',
  'recording.paused',
  'recording.uploading',
  'recording.ready',
  'recording.failed',
  'recording.deleted',
  'recording.status_changed',
  'media.started',
  'media.ready',
  'media.failed',
  'media.deleted',
  'upload.status_changed',
]);

/** Why a genuine delivery was set aside: it was understood, but not fully proved. */
export const SET_ASIDE_REASONS = ['signature_required', 'sender_not_proved'] as const;

/** Why a verified delivery could not become an event of a known type. */
export const UNRECOGNIZED_REASONS = [
  'not_json',
  'no_event_name',
  'unknown_event_name',
  'schema_mismatch',
  ...SET_ASIDE_REASONS,
] as const;

/** One of {@link UNRECOGNIZED_REASONS}. */
export type UnrecognizedReason = (typeof UNRECOGNIZED_REASONS)[number];

/** Whether a delivery was set aside for that reason. */
export const isSetAside = (reason: unknown): boolean => (SET_ASIDE_REASONS as readonly unknown[]).includes(reason);
