/** The schemas of RealtimeKit payloads. They are lenient: only members that an event needs are required. */
import * as z from 'zod/mini';
import { flag, id, lenient, numeric, objectInAnySpelling as object, text, time } from '../kit/normalize';
import { linksIn } from './links';

/** Links of any shape. */
const links = z.optional(z.pipe(z.unknown(), z.transform(linksIn)));

const sitting = {
  sessionId: lenient(id),
  title: text,
  createdAt: time,
  startedAt: time,
  endedAt: time,
  organizedBy: lenient(object({ id: lenient(id), name: text })),
};

/** The `meeting` of most events. */
const meeting = lenient(object({ ...sitting, id: lenient(id) }));

/** Every event: the meeting, or its id at the top. */
const anyBody = { meeting, meetingId: lenient(id) };

/** `meeting.started` and `meeting.ended`. */
export const meetingBody = object({ ...anyBody, reason: text });

/** `meeting.chatSynced`, which has the meeting's fields at its top. */
export const chatBody = object({
  ...anyBody,
  ...sitting,
  chatDownloadUrl: links,
  chatDownloadUrlExpiry: time,
});

/** `meeting.summary`, whose meeting may be at its top as well. */
export const summaryBody = object({
  ...anyBody,
  ...sitting,
  summaryDownloadUrl: links,
  summaryDownloadUrlExpiry: time,
});

/** `meeting.transcript`, likewise. */
export const transcriptBody = object({
  ...anyBody,
  ...sitting,
  transcriptDownloadUrl: links,
  transcriptDownloadUrlExpiry: time,
});

const participant = object({
  peerId: lenient(id),
  userDisplayName: text,
  customParticipantId: lenient(id),
  /** The older name of `customParticipantId`. */
  clientSpecificId: lenient(id),
  joinedAt: time,
  leftAt: time,
});

/** `meeting.participantJoined` and `meeting.participantLeft`. */
export const participantBody = object({ ...anyBody, participant });

/** `recording.statusUpdate`. `fileSize` in bytes, `recordingDuration` in seconds. */
export const recordingBody = object({
  ...anyBody,
  recording: object({
    id: lenient(id),
    recordingId: lenient(id),
    meetingId: lenient(id),
    sessionId: lenient(id),
    /** The session, by its older name. */
    roomUUID: lenient(id),
    status: text,
    type: text,
    downloadUrl: links,
    audioDownloadUrl: links,
    downloadUrlExpiry: time,
    startedTime: time,
    stoppedTime: time,
    fileSize: numeric,
    outputFileName: text,
    recordingDuration: numeric,
  }),
});

/** `livestreaming.statusUpdate`. The stream key is read so that it can be removed from other members. */
export const livestreamBody = object({
  ...anyBody,
  streamId: id,
  status: text,
  manualIngest: flag,
  playbackUrl: text,
  ingestServer: text,
  streamKey: text,
});

/** Fields of a meeting, wherever they are in an event. */
export type Sitting = { readonly [Key in keyof typeof sitting]?: z.output<(typeof sitting)[Key]> };
/** What every event has. */
export type AnyBody = { readonly [Key in keyof typeof anyBody]?: z.output<(typeof anyBody)[Key]> };
/** A parsed participant. */
export type Participant = z.output<typeof participant>;
