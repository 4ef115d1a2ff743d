/**
 * Recall.ai event names and the types they become. The prefixes of its two systems overlap (`transcript.data` is a live
 * event, `transcript.done` a status), so the full name is matched before its prefix.
 */
import type { MeetingEventType } from '@meetbus/events';

/** Live events of a call as the API v1.10 names them, though none is a status. `bot.transcription` may be a partial one. */
const OLDER_NAMES: Readonly<Record<string, MeetingEventType>> = {
  'bot.participant_join': 'participant.joined',
  'bot.participant_leave': 'participant.left',
  'bot.participant_screen_on': 'participant.screenshare_started',
  'bot.participant_screen_off': 'participant.screenshare_stopped',
  'bot.active_speaker_notify': 'participant.speech_started',
  'bot.transcription': 'transcript.segment',
};

/** Live events of a call, which Recall.ai sends to a bot's real-time endpoint. */
const REAL_TIME_NAMES: Readonly<Record<string, MeetingEventType>> = {
  ...OLDER_NAMES,
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
};

/** Names that stand for themselves. */
const WHOLE_NAMES: Readonly<Record<string, MeetingEventType>> = {
  ...REAL_TIME_NAMES,
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

/** A status list that Recall keeps open. */
interface OpenList {
  readonly type: MeetingEventType;
  /**
   * Known codes: a name with one has that status, whatever its payload says. With any other name, the payload must have
   * a status.
   */
  readonly codes: readonly string[];
}

/** By prefix: `prefix.code` is of the type. */
const OPEN_LISTS: Readonly<Record<string, OpenList>> = {
  bot: {
    type: 'bot.status_changed',
    codes: [
      ...[
        'joining_call',
        'in_waiting_room',
        'in_call_not_recording',
        'in_call_recording',
        'call_ended',
        'done',
        'fatal',
      ],
      ...['recording_permission_allowed', 'recording_permission_denied'],
      ...['breakout_room_entered', 'breakout_room_left', 'breakout_room_opened', 'breakout_room_closed'],
    ],
  },
  realtime_endpoint: { type: 'endpoint.status_changed', codes: ['running', 'done', 'failed'] },
  recording: { type: 'recording.status_changed', codes: [] },
  sdk_upload: {
    type: 'upload.status_changed',
    codes: ['complete', 'completed', 'failed', 'uploading', 'recording_started', 'recording_ended'],
  },
  slack_team: { type: 'slack.status_changed', codes: ['invited', 'active', 'access_revoked'] },
  slack: { type: 'slack.status_changed', codes: ['huddle_state'] },
};

/** Media objects besides the transcript, which has its own types. The object's key in `data` is its kind. */
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

/** The type of a known full name; undefined if only its prefix can determine the type. */
function knownTypeOf(event: string): MeetingEventType | undefined {
  if (Object.hasOwn(WHOLE_NAMES, event)) return WHOLE_NAMES[event];
  const { prefix = '', code = '' } = splitName(event) ?? {};
  if (MEDIA_KINDS.has(prefix)) return Object.hasOwn(MEDIA_TYPES, code) ? MEDIA_TYPES[code] : undefined;
  const list = openListOf(prefix);
  return list?.codes.includes(code) ? list.type : undefined;
}

const openListOf = (prefix: string): OpenList | undefined =>
  Object.hasOwn(OPEN_LISTS, prefix) ? OPEN_LISTS[prefix] : undefined;

/**
 * The type that a Recall.ai event becomes; undefined for a name that Meetbus does not know. A name that may be on an
 * open list becomes that type only if its payload has a status.
 */
export const recallTypeOf = (event: string): MeetingEventType | undefined =>
  knownTypeOf(event) ?? openListOf(splitName(event)?.prefix ?? '')?.type;

/** The code in a name, if it is known. */
export const codeInName = (event: string): string | undefined =>
  knownTypeOf(event) === undefined ? undefined : splitName(event)?.code;

/** True for a live event of a call: only these may have no signature. */
export const isRealTimeName = (event: string): boolean => Object.hasOwn(REAL_TIME_NAMES, event);
