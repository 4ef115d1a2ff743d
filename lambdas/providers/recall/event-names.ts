/**
 * Recall.ai event names and the types they become. The prefixes of its two systems overlap (`transcript.data` is a
 * live event, `transcript.done` a status), so a name is matched whole before its prefix is looked at.
 */
import type { MeetingEventType } from '../../../events';

/** Names that stand for themselves. */
const WHOLE_NAMES: Readonly<Record<string, MeetingEventType>> = {
  'participant_events.join': 'participant.joined',
  'participant_events.leave': 'participant.left',
  'participant_events.update': 'participant.updated',
  'participant_events.speech_on': 'participant.speech_started',
  'participant_events.speech_off': 'participant.speech_stopped',
  'participant_events.webcam_on': 'participant.webcam_started',
  'participant_events.webcam_off': 'participant.webcam_stopped',
  'participant_events.screenshare_on': 'participant.screenshare_started',
  'participant_events.screenshare_off': 'participant.screenshare_stopped',
  'participant_events.chat_message': 'chat.message_sent',
  'transcript.data': 'transcript.segment',
  'transcript.partial_data': 'transcript.partial_segment',
  'transcript.provider_data': 'transcript.provider_data',
  'transcript.processing': 'transcript.started',
  'transcript.done': 'transcript.ready',
  'transcript.failed': 'transcript.failed',
  'transcript.deleted': 'transcript.deleted',
  'recording.processing': 'recording.started',
  'recording.paused': 'recording.paused',
  'recording.uploading': 'recording.uploading',
  'recording.done': 'recording.ready',
  'recording.failed': 'recording.failed',
  'recording.deleted': 'recording.deleted',
  'calendar.update': 'calendar.updated',
  'calendar.sync_events': 'calendar.synced',
};

/** Status lists that Recall keeps open: any `prefix.code` is of the type. */
const OPEN_PREFIXES: Readonly<Record<string, MeetingEventType>> = {
  bot: 'bot.status_changed',
  realtime_endpoint: 'endpoint.status_changed',
  recording: 'recording.status_changed',
  sdk_upload: 'upload.status_changed',
  slack_team: 'slack.status_changed',
  slack: 'slack.status_changed',
};

/** Media objects beside the transcript, which has types of its own. The object's key in `data` is its kind. */
const MEDIA_KINDS: ReadonlySet<string> = new Set([
  'participant_events',
  'video_mixed',
  'video_separate',
  'audio_mixed',
  'audio_separate',
  'meeting_metadata',
]);

const MEDIA_TYPES: Readonly<Record<string, MeetingEventType>> = {
  processing: 'media.started',
  done: 'media.ready',
  failed: 'media.failed',
  deleted: 'media.deleted',
};

/** `prefix` and `code` of a name such as `bot.in_call_recording`; the code may be an object's status. */
export function splitName(event: string): { readonly prefix: string; readonly code: string } | undefined {
  const [, prefix, code] = /^([a-z_]{1,64})\.([a-z0-9_]{1,64})$/.exec(event) ?? [];
  return prefix !== undefined && code !== undefined ? { prefix, code } : undefined;
}

/** The type that a Recall.ai event becomes; undefined for a name that Meetbus does not know. */
export function recallTypeOf(event: string): MeetingEventType | undefined {
  const name = splitName(event);
  if (name === undefined) return undefined;
  const { prefix, code } = name;
  if (Object.hasOwn(WHOLE_NAMES, event)) return WHOLE_NAMES[event];
  if (MEDIA_KINDS.has(prefix)) return Object.hasOwn(MEDIA_TYPES, code) ? MEDIA_TYPES[code] : undefined;
  return Object.hasOwn(OPEN_PREFIXES, prefix) ? OPEN_PREFIXES[prefix] : undefined;
}
