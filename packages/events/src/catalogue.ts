/** The catalogue: every type of meeting event with its family, description, schema and example. */
import type * as z from 'zod/mini';
import type { MeetingEventType } from './event-types';
import * as bot from './types/bot';
import * as meeting from './types/meeting';
import * as participant from './types/participant';
import * as recording from './types/recording';
import * as transcript from './types/transcript';
import { eventUnrecognized } from './types/unrecognized';
import * as workspace from './types/workspace';

const definitions = [
  bot.botStatusChanged,
  bot.endpointStatusChanged,
  meeting.meetingStarted,
  meeting.meetingEnded,
  meeting.chatExportReady,
  meeting.summaryReady,
  meeting.livestreamStatusChanged,
  meeting.ingressStatusChanged,
  meeting.mediastreamStarted,
  meeting.mediastreamStopped,
  participant.participantJoined,
  participant.participantLeft,
  participant.participantConnectionAborted,
  participant.participantUpdated,
  participant.speechStarted,
  participant.speechStopped,
  participant.microphoneStarted,
  participant.microphoneStopped,
  participant.webcamStarted,
  participant.webcamStopped,
  participant.screenshareStarted,
  participant.screenshareStopped,
  participant.trackPublished,
  participant.trackUnpublished,
  participant.chatMessageSent,
  transcript.transcriptSegment,
  transcript.transcriptPartialSegment,
  transcript.transcriptProviderData,
  transcript.transcriptStarted,
  transcript.transcriptReady,
  transcript.transcriptFailed,
  transcript.transcriptDeleted,
  recording.recordingStarted,
  recording.recordingPaused,
  recording.recordingUploading,
  recording.recordingReady,
  recording.recordingFailed,
  recording.recordingDeleted,
  recording.recordingStatusChanged,
  recording.mediaStarted,
  recording.mediaReady,
  recording.mediaFailed,
  recording.mediaDeleted,
  recording.uploadStatusChanged,
  workspace.calendarUpdated,
  workspace.calendarSynced,
  workspace.slackStatusChanged,
  eventUnrecognized,
] as const;

type Definition = (typeof definitions)[number];

type DefinitionOf<Type extends MeetingEventType> = Extract<Definition, { type: Type }>;

/** The named keys of an object, without the `[x: string]: unknown` of a loose schema. */
type NameOf<T> = keyof { [Name in keyof T as string extends Name ? never : Name]: unknown };

/**
 * The fields that this version knows, at every level: another name is a compile error. Events keep unknown fields; code
 * that needs one must cast. An object without named keys, such as `metadata`, stays a record.
 */
type Known<T> = T extends string
  ? T
  : T extends readonly (infer Item)[]
    ? Known<Item>[]
    : T extends object
      ? [NameOf<T>] extends [never]
        ? T
        : { [Name in keyof T as string extends Name ? never : Name]: Known<T[Name]> }
      : T;

/** A meeting event of the given type, or of any type. */
export type MeetingEvent<Type extends MeetingEventType = MeetingEventType> = Type extends MeetingEventType
  ? Known<z.output<DefinitionOf<Type>['schema']>>
  : never;

/** `data` of a meeting event of the given type. */
export type MeetingEventData<Type extends MeetingEventType> = MeetingEvent<Type>['data'];

/** Every definition by its type, in the order of the catalogue. */
export const CATALOGUE = Object.fromEntries(definitions.map((definition) => [definition.type, definition])) as {
  readonly [Type in MeetingEventType]: DefinitionOf<Type>;
};
