/** The real-time events of Recall.ai's API v1.10: flat, and named as if they were statuses of the bot. */
import { compact, type Rule, rule } from '../kit/normalize';
import { botOf, NO_BOT, type ParticipantType, participantSubject } from './parts';
import * as payloads from './payloads';

const callEventRule = (type: ParticipantType): Rule =>
  rule(payloads.callEventBody, ({ data }) => {
    const bot = botOf(data);
    if (bot === undefined) return NO_BOT;
    return {
      type,
      subject: participantSubject({ bot }, data.participant_id),
      time: data.created_at,
      data: { participant: { id: data.participant_id }, bot },
    };
  });

const transcriptionRule = rule(payloads.transcriptionBody, ({ data }) => {
  const bot = botOf(data);
  if (bot === undefined) return NO_BOT;
  const { speaker, speaker_id, words = [], is_final, language } = data.transcript ?? {};
  return {
    type: is_final === false ? 'transcript.partial_segment' : 'transcript.segment',
    subject: `bot/${bot.id}`,
    time: undefined,
    data: compact({
      bot,
      recording: data.recording_id ? { id: data.recording_id } : undefined,
      participant: speaker || speaker_id ? compact({ id: speaker_id, name: speaker }) : undefined,
      language,
      words: words.map(({ text, start_time, end_time }) =>
        compact({ text: text ?? '', start: start_time, end: end_time }),
      ),
    }),
  };
});

/** By event name. */
export const OLDER_RULES: Readonly<Record<string, Rule>> = {
  'bot.participant_join': callEventRule('participant.joined'),
  'bot.participant_leave': callEventRule('participant.left'),
  'bot.participant_screen_on': callEventRule('participant.screenshare_started'),
  'bot.participant_screen_off': callEventRule('participant.screenshare_stopped'),
  // The event does not say who spoke before: the next speaker's beginning is the end of this one's.
  'bot.active_speaker_notify': callEventRule('participant.speech_started'),
  'bot.transcription': transcriptionRule,
};
