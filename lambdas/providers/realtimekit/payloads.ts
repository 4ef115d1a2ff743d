/** The shapes of RealtimeKit payloads, as loose as they come: only what an event cannot do without is required. */
import * as z from 'zod/mini';
import { id, maybe } from '../normalize';

const organization = maybe(z.object({ id: maybe(id), name: maybe(z.string()) }));

const sitting = {
  sessionId: maybe(id),
  title: maybe(z.string()),
  createdAt: maybe(z.string()),
  startedAt: maybe(z.string()),
  endedAt: maybe(z.string()),
  organizedBy: organization,
};

/** The `meeting` of most events. */
const meeting = maybe(z.object({ ...sitting, id: maybe(id) }));

/** Every event: the meeting, or its id at the top. */
const anyBody = { meeting, meetingId: maybe(id) };

/** `meeting.started` and `meeting.ended`. */
export const meetingBody = z.object({ ...anyBody, reason: maybe(z.string()) });

/** `meeting.chatSynced`, which has the meeting's fields at its top. */
export const chatBody = z.object({
  ...anyBody,
  ...sitting,
  chatDownloadUrl: maybe(z.string()),
  chatDownloadUrlExpiry: maybe(z.string()),
});

/** `meeting.summary`. */
export const summaryBody = z.object({
  ...anyBody,
  summaryDownloadUrl: maybe(z.string()),
  summaryDownloadUrlExpiry: maybe(z.string()),
});

/** `meeting.transcript`. */
export const transcriptBody = z.object({
  ...anyBody,
  transcriptDownloadUrl: maybe(z.string()),
  transcriptDownloadUrlExpiry: maybe(z.string()),
});

/** `meeting.participantJoined` and `meeting.participantLeft`. */
export const participantBody = z.object({
  ...anyBody,
  participant: z.object({
    peerId: maybe(id),
    userDisplayName: maybe(z.string()),
    customParticipantId: maybe(id),
    /** The older name of `customParticipantId`. */
    clientSpecificId: maybe(id),
    joinedAt: maybe(z.string()),
    leftAt: maybe(z.string()),
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
    downloadUrlExpiry: maybe(z.string()),
    startedTime: maybe(z.string()),
    stoppedTime: maybe(z.string()),
    fileSize: maybe(z.union([z.string(), z.number()])),
    outputFileName: maybe(z.string()),
    recordingDuration: maybe(z.number()),
  }),
});

/** `livestreaming.statusUpdate`. The stream key is left where it is. */
export const livestreamBody = z.object({
  ...anyBody,
  streamId: id,
  status: maybe(z.string()),
  manualIngest: maybe(z.boolean()),
  playbackUrl: maybe(z.string()),
  ingestServer: maybe(z.string()),
});

/** Fields of a meeting, wherever an event keeps them. */
export type Sitting = { readonly [Key in keyof typeof sitting]?: z.output<(typeof sitting)[Key]> };
/** What every event has. */
export type AnyBody = { readonly [Key in keyof typeof anyBody]?: z.output<(typeof anyBody)[Key]> };
/** A parsed participant. */
export type Participant = z.output<typeof participantBody>['participant'];
