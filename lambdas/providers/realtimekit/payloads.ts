/** The shapes of RealtimeKit payloads, as loose as they come: only what an event cannot do without is required. */
import * as z from 'zod/mini';
import { id, lenient, maybe } from '../normalize';

const organization = lenient(z.object({ id: maybe(id), name: lenient(z.string()) }));

const sitting = {
  sessionId: maybe(id),
  title: lenient(z.string()),
  createdAt: lenient(z.string()),
  startedAt: lenient(z.string()),
  endedAt: lenient(z.string()),
  organizedBy: organization,
};

/** The `meeting` of most events. */
const meeting = maybe(z.object({ ...sitting, id: maybe(id) }));

/** Every event: the meeting, or its id at the top. */
const anyBody = { meeting, meetingId: maybe(id) };

/** `meeting.started` and `meeting.ended`. */
export const meetingBody = z.object({ ...anyBody, reason: lenient(z.string()) });

/** `meeting.chatSynced`, which has the meeting's fields at its top. */
export const chatBody = z.object({
  ...anyBody,
  ...sitting,
  chatDownloadUrl: maybe(z.string()),
  chatDownloadUrlExpiry: lenient(z.string()),
});

/** `meeting.summary`. */
export const summaryBody = z.object({
  ...anyBody,
  summaryDownloadUrl: maybe(z.string()),
  summaryDownloadUrlExpiry: lenient(z.string()),
});

/** `meeting.transcript`. */
export const transcriptBody = z.object({
  ...anyBody,
  transcriptDownloadUrl: maybe(z.string()),
  transcriptDownloadUrlExpiry: lenient(z.string()),
});

/** `meeting.participantJoined` and `meeting.participantLeft`. */
export const participantBody = z.object({
  ...anyBody,
  participant: z.object({
    peerId: maybe(id),
    userDisplayName: lenient(z.string()),
    customParticipantId: maybe(id),
    /** The older name of `customParticipantId`. */
    clientSpecificId: maybe(id),
    joinedAt: lenient(z.string()),
    leftAt: lenient(z.string()),
  }),
});

/** `recording.statusUpdate`. `fileSize` in bytes, as a number or a text; `recordingDuration` in seconds. */
export const recordingBody = z.object({
  ...anyBody,
  recording: z.object({
    id: maybe(id),
    recordingId: maybe(id),
    meetingId: maybe(id),
    status: maybe(z.string()),
    downloadUrl: maybe(z.string()),
    audioDownloadUrl: maybe(z.string()),
    downloadUrlExpiry: lenient(z.string()),
    startedTime: lenient(z.string()),
    stoppedTime: lenient(z.string()),
    fileSize: lenient(z.union([z.string(), z.number()])),
    outputFileName: lenient(z.string()),
    recordingDuration: lenient(z.number()),
  }),
});

/** `livestreaming.statusUpdate`. The stream key is left where it is. */
export const livestreamBody = z.object({
  ...anyBody,
  streamId: id,
  status: maybe(z.string()),
  manualIngest: lenient(z.boolean()),
  playbackUrl: maybe(z.string()),
  ingestServer: lenient(z.string()),
});

/** Fields of a meeting, wherever an event keeps them. */
export type Sitting = { readonly [Key in keyof typeof sitting]?: z.output<(typeof sitting)[Key]> };
/** What every event has. */
export type AnyBody = { readonly [Key in keyof typeof anyBody]?: z.output<(typeof anyBody)[Key]> };
/** A parsed participant. */
export type Participant = z.output<typeof participantBody>['participant'];
