import * as z from 'zod/mini';
import { described } from '../described';
import { bot, endpoint, meeting, participant, recording, track } from '../entities';
import type { MeetingEventType } from '../event-types';
import { defineMeetingEvent } from '../meeting-event';

/** The common fields of events about a participant. */
const data = {
  participant,
  offset: described(z.optional(z.number()), 'When it happened, in seconds since the recording began'),
  bot: z.optional(bot),
  meeting: z.optional(meeting),
  recording: z.optional(recording),
  endpoint: z.optional(endpoint),
};

const botId = '6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11';
const exampleData = { participant: { id: '100', name: 'Guest One', ishost: false }, offset: 12.5, bot: { id: botId } };

const exampleOf = (providerevent: string) => ({
  providerevent,
  subject: `bot/${botId}/participant/100`,
  data: exampleData,
});

const define = <const Type extends MeetingEventType>(type: Type, providerevent: string, description: string) =>
  defineMeetingEvent({ type, description, data, example: exampleOf(providerevent) });

/** After the event the participant is not in the meeting. */
const defineGone = <const Type extends MeetingEventType>(type: Type, providerevent: string, description: string) =>
  defineMeetingEvent({
    type,
    description,
    data: { ...data, reason: described(z.optional(z.string()), 'Why, in the words of the provider; an open list') },
    example: exampleOf(providerevent),
  });

/** The event is about what a participant publishes. */
const defineTrack = <const Type extends MeetingEventType>(type: Type, providerevent: string, description: string) =>
  defineMeetingEvent({
    type,
    description,
    data: { ...data, track: z.optional(track) },
    example: exampleOf(providerevent),
  });

export const participantJoined = define('participant.joined', 'participant.join', 'A participant joined the meeting.');
export const participantLeft = defineGone('participant.left', 'participant.leave', 'A participant left the meeting.');
export const participantConnectionAborted = defineGone(
  'participant.connection_aborted',
  'participant.abort',
  'The connection of a participant failed before the participant was in the meeting.',
);
export const participantUpdated = define(
  'participant.updated',
  'participant.update',
  'Details of a participant changed, such as the name or the e-mail address.',
);
export const speechStarted = define(
  'participant.speech_started',
  'participant.speech_on',
  'A participant began to speak.',
);
export const speechStopped = define(
  'participant.speech_stopped',
  'participant.speech_off',
  'A participant stopped speaking.',
);
export const microphoneStarted = defineTrack(
  'participant.microphone_started',
  'participant.microphone_on',
  'A participant began to publish the sound of a microphone.',
);
export const microphoneStopped = defineTrack(
  'participant.microphone_stopped',
  'participant.microphone_off',
  'A participant stopped publishing the sound of a microphone.',
);
export const webcamStarted = defineTrack(
  'participant.webcam_started',
  'participant.webcam_on',
  'A participant turned the camera on.',
);
export const webcamStopped = defineTrack(
  'participant.webcam_stopped',
  'participant.webcam_off',
  'A participant turned the camera off.',
);
export const screenshareStarted = defineTrack(
  'participant.screenshare_started',
  'participant.screenshare_on',
  'A participant began to share the screen.',
);
export const screenshareStopped = defineTrack(
  'participant.screenshare_stopped',
  'participant.screenshare_off',
  'A participant stopped sharing the screen.',
);

const exampleTrack = { id: 'track-7', kind: 'AUDIO', source: 'SCREEN_SHARE_AUDIO' };

const defineOtherTrack = <const Type extends MeetingEventType>(
  type: Type,
  providerevent: string,
  description: string,
) =>
  defineMeetingEvent({
    type,
    description,
    data: { ...data, track },
    example: { ...exampleOf(providerevent), data: { ...exampleData, track: exampleTrack } },
  });

export const trackPublished = defineOtherTrack(
  'track.published',
  'track.on',
  'A participant began to publish sound or video that is neither of a webcam, nor a microphone, nor a screen.',
);
export const trackUnpublished = defineOtherTrack(
  'track.unpublished',
  'track.off',
  'A participant stopped publishing sound or video that is neither of a webcam, nor a microphone, nor a screen.',
);

export const chatMessageSent = defineMeetingEvent({
  type: 'chat.message_sent',
  description: 'A participant wrote in the chat of the meeting.',
  data: {
    ...data,
    message: described(
      z.looseObject({
        text: described(z.string(), 'Text of the message; empty if the provider sent none'),
        to: described(z.optional(z.string()), 'To whom it was written, such as `everyone`'),
        id: described(z.optional(z.string()), 'Id at the provider'),
      }),
      'Chat message',
    ),
  },
  example: {
    providerevent: 'chat.message',
    subject: `bot/${botId}/participant/100`,
    data: { ...exampleData, message: { text: 'Good morning', to: 'everyone' } },
  },
});
