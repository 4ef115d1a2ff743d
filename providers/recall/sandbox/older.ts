import type { ProviderBody } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';
import { microseconds, type RecallOptions, withDefaults } from './objects';

/** Real-time events of the API v1.10 that contain only a participant. */
const CALL_EVENTS = [
  'bot.participant_join',
  'bot.participant_leave',
  'bot.participant_screen_on',
  'bot.participant_screen_off',
  'bot.active_speaker_notify',
];

function callEvent(event: string, options: RecallOptions): ProviderBody {
  const { seed, at, participant } = withDefaults(options);
  return {
    event,
    data: {
      bot_id: sampleId(`${seed}/recall/bot`),
      participant_id: participant?.id ?? 16_778_240,
      created_at: microseconds(at),
    },
  };
}

function transcription(event: string, options: RecallOptions): ProviderBody {
  const { seed, at, start, participant, text = 'Let us begin with the agenda' } = withDefaults(options);
  const ended = (at.getTime() - start.getTime()) / 1_000;
  return {
    event,
    data: {
      bot_id: sampleId(`${seed}/recall/bot`),
      recording_id: sampleId(`${seed}/recall/recording`),
      transcript: {
        original_transcript_id: 1,
        speaker: participant?.name ?? 'Guest One',
        speaker_id: participant?.id ?? 16_778_240,
        words: [{ text, start_time: ended - 2, end_time: ended }],
        is_final: true,
        language: 'en',
        source: 'meeting_captions',
      },
    },
  };
}

/** The builder of every real-time event of the API v1.10, which Recall still supports, by event name. */
export const olderBuilders: Readonly<Record<string, (event: string, options: RecallOptions) => ProviderBody>> = {
  ...Object.fromEntries(CALL_EVENTS.map((name) => [name, callEvent])),
  'bot.transcription': transcription,
};
