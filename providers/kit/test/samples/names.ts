/** The event names of Recall.ai and RealtimeKit, by hand here and in `event-types.ts`: the samples are held against them. */
import { REALTIMEKIT_TYPES, RECALL_TYPES } from '../../../../test/support/event-types';

export const SEED_REAL_TIME = [
  'participant_events.join',
  'participant_events.leave',
  'participant_events.update',
  'participant_events.speech_on',
  'participant_events.speech_off',
  'participant_events.webcam_on',
  'participant_events.webcam_off',
  'participant_events.screenshare_on',
  'participant_events.screenshare_off',
  'participant_events.chat_message',
  'transcript.data',
];

export const SEED_BOT = [
  'bot.joining_call',
  'bot.in_waiting_room',
  'bot.in_call_not_recording',
  'bot.recording_permission_allowed',
  'bot.recording_permission_denied',
  'bot.in_call_recording',
  'bot.call_ended',
  'bot.done',
  'bot.fatal',
];

export const SEED_MEDIA = [
  'participant_events.processing',
  'participant_events.done',
  'participant_events.failed',
  'participant_events.deleted',
  'transcript.processing',
  'transcript.done',
  'transcript.failed',
  'transcript.deleted',
  'video_mixed.processing',
  'video_mixed.done',
  'video_mixed.failed',
  'video_mixed.deleted',
  'video_separate.processing',
  'video_separate.done',
  'video_separate.failed',
  'video_separate.deleted',
  'audio_mixed.processing',
  'audio_mixed.done',
  'audio_mixed.failed',
  'audio_mixed.deleted',
  'audio_separate.processing',
  'audio_separate.done',
  'audio_separate.failed',
  'audio_separate.deleted',
  'meeting_metadata.processing',
  'meeting_metadata.done',
  'meeting_metadata.failed',
  'meeting_metadata.deleted',
];

export const SEED_RECORDING = ['recording.processing', 'recording.done', 'recording.failed', 'recording.deleted'];

export const SEED_RECALL = [...SEED_REAL_TIME, ...SEED_BOT, ...SEED_MEDIA, ...SEED_RECORDING];

export const ALL_RECALL = Object.keys(RECALL_TYPES);

/** Real-time events of the API v1.10. */
export const OLDER_REAL_TIME = [
  'bot.participant_join',
  'bot.participant_leave',
  'bot.participant_screen_on',
  'bot.participant_screen_off',
  'bot.active_speaker_notify',
  'bot.transcription',
];

export const REALTIME_ROUTE = [
  ...SEED_REAL_TIME,
  ...OLDER_REAL_TIME,
  'transcript.partial_data',
  'transcript.provider_data',
];

export const ALL_REALTIMEKIT = Object.keys(REALTIMEKIT_TYPES);
