import type { ProviderBody } from '../../kit/sandbox/delivery';
import { microseconds, type RecallOptions, type RecallParticipant, recallObjects, withDefaults } from './objects';

const PARTICIPANT_ACTIONS = [
  'join',
  'leave',
  'update',
  'speech_on',
  'speech_off',
  'webcam_on',
  'webcam_off',
  'screenshare_on',
  'screenshare_off',
  'chat_message',
];

/** How long a word of the sample transcript takes, and when the next one starts, in seconds. */
const WORD_SECONDS = { spoken: 0.32, untilNext: 0.4 };

function participantOf(event: string, chosen: Partial<RecallParticipant> = {}): RecallParticipant {
  return {
    id: 100,
    name: 'Guest One',
    is_host: false,
    platform: 'desktop',
    extra_data: {},
    // Recall learns an email address late, and sends it only in this event.
    email: event === 'participant_events.update' ? 'guest.one@example.com' : null,
    ...chosen,
  };
}

function participantEvent(event: string, options: RecallOptions): ProviderBody {
  const { seed, at, start, participant, text = 'The notes are in the shared folder.' } = withDefaults(options);
  const message = event === 'participant_events.chat_message' ? { text, to: 'everyone' } : null;
  return {
    event,
    data: {
      data: {
        participant: participantOf(event, participant),
        timestamp: { absolute: microseconds(at), relative: seconds(start, at) },
        data: message,
      },
      ...recallObjects(['realtime_endpoint', 'participant_events', 'recording', 'bot'], seed),
    },
  };
}

function transcriptEvent(event: string, options: RecallOptions): ProviderBody {
  const { seed, at, start, participant, text = 'Let us begin with the agenda' } = withDefaults(options);
  const texts = text.split(' ');
  const words = texts.map((word, index) => {
    // An utterance is sent once it has been said, so its words lie before `at`.
    const from = seconds(start, at) - (texts.length - index) * WORD_SECONDS.untilNext;
    // A partial result comes while its last word is still being said.
    const unfinished = event === 'transcript.partial_data' && index === texts.length - 1;
    return {
      text: word,
      start_timestamp: { relative: rounded(from) },
      end_timestamp: unfinished ? null : { relative: rounded(from + WORD_SECONDS.spoken) },
    };
  });
  return {
    event,
    data: { data: { words, participant: participantOf(event, participant) }, ...transcriptObjects(seed) },
  };
}

function providerData(event: string, options: RecallOptions): ProviderBody {
  const { seed, text = 'Let us begin with the agenda' } = withDefaults(options);
  const payload = { type: 'result', is_final: true, alternatives: [{ transcript: text, confidence: 0.93 }] };
  return { event, data: { data: { payload }, ...transcriptObjects(seed) } };
}

function transcriptObjects(seed: string) {
  return recallObjects(['realtime_endpoint', 'transcript', 'recording', 'bot'], seed);
}

function seconds(from: Date, to: Date): number {
  return (to.getTime() - from.getTime()) / 1000;
}

/** Whole milliseconds: sums of fractions would end in 0000000001. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** The builder of every event that comes from a bot's real-time endpoints, by event name. */
export const realTimeBuilders: Readonly<Record<string, (event: string, options: RecallOptions) => ProviderBody>> = {
  ...Object.fromEntries(PARTICIPANT_ACTIONS.map((action) => [`participant_events.${action}`, participantEvent])),
  'transcript.data': transcriptEvent,
  'transcript.partial_data': transcriptEvent,
  'transcript.provider_data': providerData,
};
