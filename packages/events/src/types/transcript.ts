import * as z from 'zod/mini';
import { described } from '../described';
import { bot, download, endpoint, meeting, participant, recording, status, transcript, word } from '../entities';
import type { MeetingEventType } from '../event-types';
import { defineMeetingEvent } from '../meeting-event';

const exampleBot = { id: '6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11' };
const exampleTranscript = { id: '83a1c5e7-9f2b-4d60-b1a3-c5e7f9024b6d' };
const exampleSubject = `transcript/${exampleTranscript.id}`;

/** The common fields of live transcript events. */
const live = {
  participant: z.optional(participant),
  transcript: z.optional(transcript),
  recording: z.optional(recording),
  bot: z.optional(bot),
  endpoint: z.optional(endpoint),
};

const defineSegment = <const Type extends MeetingEventType>(type: Type, providerevent: string, description: string) =>
  defineMeetingEvent({
    type,
    description,
    data: {
      ...live,
      language: described(z.optional(z.string()), 'Language, in the words of the transcription service, such as `fr`'),
      words: described(z.array(word), 'Words in the order in which they were spoken; empty if the provider sent none'),
    },
    example: {
      providerevent,
      subject: exampleSubject,
      data: {
        participant: { id: '100', name: 'Guest One' },
        words: [{ text: 'Good morning', start: 3.2, end: 4.1 }],
        transcript: exampleTranscript,
        bot: exampleBot,
      },
    },
  });

export const transcriptSegment = defineSegment(
  'transcript.segment',
  'transcript.data',
  'Words that a participant has spoken, final.',
);
export const transcriptPartialSegment = defineSegment(
  'transcript.partial_segment',
  'transcript.partial_data',
  'Words that a participant is speaking, still changing: a later segment replaces them.',
);

export const transcriptProviderData = defineMeetingEvent({
  type: 'transcript.provider_data',
  description: 'A message of the transcription service, passed through in its own shape.',
  data: {
    ...live,
    payload: described(z.optional(z.unknown()), 'Message of the transcription service, in its own shape'),
  },
  example: {
    providerevent: 'transcript.provider_data',
    subject: exampleSubject,
    data: { payload: { confidence: 0.98 }, transcript: exampleTranscript, bot: exampleBot },
  },
});

const defineTranscriptEvent = <const Type extends MeetingEventType>(type: Type, code: string, description: string) =>
  defineMeetingEvent({
    type,
    description,
    data: {
      transcript: z.optional(transcript),
      status,
      download: z.optional(download),
      recording: z.optional(recording),
      bot: z.optional(bot),
      meeting: z.optional(meeting),
    },
    example: {
      providerevent: `transcript.${code}`,
      subject: exampleSubject,
      data: { transcript: exampleTranscript, status: { code }, bot: exampleBot },
    },
  });

export const transcriptStarted = defineTranscriptEvent('transcript.started', 'processing', 'A transcript is begun.');
export const transcriptReady = defineTranscriptEvent(
  'transcript.ready',
  'done',
  'A transcript is complete and can be fetched.',
);
export const transcriptFailed = defineTranscriptEvent(
  'transcript.failed',
  'failed',
  'A transcript could not be made; `status.subcode` says why.',
);
export const transcriptDeleted = defineTranscriptEvent(
  'transcript.deleted',
  'deleted',
  'A transcript was deleted at the provider.',
);
