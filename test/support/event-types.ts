/** What each provider event becomes, written out by hand from the contract. */

const statuses = (object: string, type: string): Record<string, string> => ({
  [`${object}.processing`]: `${type}.started`,
  [`${object}.done`]: `${type}.ready`,
  [`${object}.failed`]: `${type}.failed`,
  [`${object}.deleted`]: `${type}.deleted`,
});

const all = (names: readonly string[], type: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, type]));

/** Recall.ai event name → type. */
export const RECALL_TYPES: Readonly<Record<string, string>> = {
  ...all(
    [
      'bot.joining_call',
      'bot.in_waiting_room',
      'bot.in_call_not_recording',
      'bot.recording_permission_allowed',
      'bot.recording_permission_denied',
      'bot.in_call_recording',
      'bot.call_ended',
      'bot.done',
      'bot.fatal',
      'bot.breakout_room_entered',
      'bot.breakout_room_left',
      'bot.breakout_room_opened',
      'bot.breakout_room_closed',
      'bot.status_change',
    ],
    'bot.status_changed',
  ),
  ...all(
    ['realtime_endpoint.running', 'realtime_endpoint.done', 'realtime_endpoint.failed'],
    'endpoint.status_changed',
  ),
  ...statuses('recording', 'recording'),
  'recording.paused': 'recording.paused',
  ...statuses('transcript', 'transcript'),
  ...statuses('participant_events', 'media'),
  ...statuses('video_mixed', 'media'),
  ...statuses('video_separate', 'media'),
  ...statuses('audio_mixed', 'media'),
  ...statuses('audio_separate', 'media'),
  ...statuses('meeting_metadata', 'media'),
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
  'bot.participant_join': 'participant.joined',
  'bot.participant_leave': 'participant.left',
  'bot.participant_screen_on': 'participant.screenshare_started',
  'bot.participant_screen_off': 'participant.screenshare_stopped',
  'bot.active_speaker_notify': 'participant.speech_started',
  'bot.transcription': 'transcript.segment',
  'transcript.data': 'transcript.segment',
  'transcript.partial_data': 'transcript.partial_segment',
  'transcript.provider_data': 'transcript.provider_data',
  'calendar.update': 'calendar.updated',
  'calendar.sync_events': 'calendar.synced',
  ...all(
    [
      'sdk_upload.complete',
      'sdk_upload.completed',
      'sdk_upload.failed',
      'sdk_upload.uploading',
      'sdk_upload.recording_started',
      'sdk_upload.recording_ended',
    ],
    'upload.status_changed',
  ),
  ...all(
    ['slack_team.invited', 'slack_team.active', 'slack_team.access_revoked', 'slack.huddle_state'],
    'slack.status_changed',
  ),
};

/** RealtimeKit event name → type, for the sample of each name. */
export const REALTIMEKIT_TYPES: Readonly<Record<string, string>> = {
  'meeting.started': 'meeting.started',
  'meeting.ended': 'meeting.ended',
  'meeting.participantJoined': 'participant.joined',
  'meeting.participantLeft': 'participant.left',
  'meeting.chatSynced': 'chat.export_ready',
  'meeting.transcript': 'transcript.ready',
  'meeting.summary': 'summary.ready',
  'recording.statusUpdate': 'recording.ready',
  'livestreaming.statusUpdate': 'livestream.status_changed',
};

/** Variants that become another type than the event that they vary, by name. */
export const OTHER_TYPES: Readonly<Record<string, string>> = {
  'words that are partial': 'transcript.partial_segment',
};
