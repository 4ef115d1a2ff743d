/**
 * The schemas of LiveKit's payloads, which are messages of its protocol in the JSON of protobuf. They are lenient: only members that an
 * event needs are required, and any member may be spelled with underscores. Zero means that a time, a size or a text is not set.
 */
import type * as z from 'zod/mini';
import { id, labels, lenient, list, numeric, objectInAnySpelling as object, text, time } from '../kit/normalize';
import * as enums from './enums';

/** `creationTime` in seconds, `creationTimeMs` in milliseconds. In most events a room has name and sid alone. */
const room = object({ name: lenient(id), sid: lenient(id), creationTime: time, creationTimeMs: time });

/** Every event. `createdAt` is in seconds. */
const anyBody = { id: lenient(id), createdAt: time, room: lenient(room) };

/** `room_started` and `room_finished`. */
export const roomBody = object({ ...anyBody, room });

/** `joinedAt` in seconds, `joinedAtMs` in milliseconds. Events about tracks have sid and identity alone. */
const participant = object({
  sid: lenient(id),
  identity: lenient(id),
  name: text,
  kind: enums.participantKind,
  joinedAt: time,
  joinedAtMs: time,
  disconnectReason: enums.disconnectReason,
  attributes: labels,
});

/** `participant_*`. */
export const participantBody = object({ ...anyBody, participant });

const track = object({ sid: lenient(id), type: enums.trackType, source: enums.trackSource, name: text });

/** `track_*`. */
export const trackBody = object({ ...anyBody, participant, track });

/** A file. Times and `duration` are in nanoseconds, `size` in bytes. `location` is where it was stored, often a URL. */
const file = object({
  filename: text,
  location: text,
  startedAt: time,
  endedAt: time,
  duration: numeric,
  size: numeric,
});

/** Segments of a stream with their playlist, for the most part HLS. Units are those of a file. */
const segments = object({
  playlistName: text,
  playlistLocation: text,
  startedAt: time,
  endedAt: time,
  duration: numeric,
  size: numeric,
});

/** `egress_*`. Times are in nanoseconds. `file` and `segments` are older names of the results. */
export const egressBody = object({
  ...anyBody,
  egressInfo: object({
    egressId: lenient(id),
    roomId: lenient(id),
    roomName: lenient(id),
    status: enums.egressStatus,
    startedAt: time,
    endedAt: time,
    updatedAt: time,
    error: text,
    fileResults: list(file),
    segmentResults: list(segments),
    file: lenient(file),
    segments: lenient(segments),
  }),
});

/** `ingress_*`. Times are in nanoseconds. */
export const ingressBody = object({
  ...anyBody,
  ingressInfo: object({
    ingressId: id,
    name: text,
    inputType: enums.ingressInput,
    roomName: lenient(id),
    state: lenient(object({ status: enums.ingressStatus, error: text, roomId: lenient(id), updatedAt: time })),
  }),
});

/** `agent_job_*`. Times are in nanoseconds. */
export const jobBody = object({
  ...anyBody,
  job: object({
    id,
    state: lenient(object({ status: enums.jobStatus, error: text, updatedAt: time })),
    attributes: labels,
    room: lenient(room),
  }),
});

/** What every event has. */
export type AnyBody = { readonly [Key in keyof typeof anyBody]?: z.output<(typeof anyBody)[Key]> };
/** A parsed participant. */
export type Participant = z.output<typeof participant>;
/** A parsed egress. */
export type Egress = z.output<typeof egressBody>['egressInfo'];
