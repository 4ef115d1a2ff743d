/**
 * The things that meeting events speak of. Field names are lower case without separators, as CloudEvents attribute
 * names are. Only what every provider always sends is required: an absent field means that the provider did not say.
 */
import * as z from 'zod/mini';

/** Free-form labels that the customer attached at the provider. */
const metadata = z.optional(z.record(z.string(), z.unknown()));

/** Time in UTC, ISO 8601 with `Z`, as precise as the provider gave it. */
export const utcTime = z.iso.datetime();

/** A meeting bot. */
export const bot = z.looseObject({ id: z.string(), metadata });

/** A meeting (a room in RealtimeKit's words). `sessionid` names one sitting of it. */
export const meeting = z.looseObject({
  id: z.string(),
  sessionid: z.optional(z.string()),
  title: z.optional(z.string()),
  createdat: z.optional(utcTime),
  startedat: z.optional(utcTime),
  endedat: z.optional(utcTime),
  organization: z.optional(z.looseObject({ id: z.string(), name: z.optional(z.string()) })),
});

/**
 * A person or device in a meeting. `id` is the provider's and repeats across meetings (Recall counts from a small
 * number), so it means something only together with the bot or the meeting.
 */
export const participant = z.looseObject({
  id: z.optional(z.string()),
  name: z.optional(z.string()),
  email: z.optional(z.string()),
  ishost: z.optional(z.boolean()),
  platform: z.optional(z.string()),
  /** The subscriber's own identifier, where the provider lets one be set. */
  customid: z.optional(z.string()),
  joinedat: z.optional(utcTime),
  leftat: z.optional(utcTime),
  extradata: z.optional(z.record(z.string(), z.unknown())),
});

/** A recording of a meeting. `filesize` in bytes, `duration` in seconds. */
export const recording = z.looseObject({
  id: z.string(),
  metadata,
  startedat: z.optional(utcTime),
  stoppedat: z.optional(utcTime),
  duration: z.optional(z.number()),
  filename: z.optional(z.string()),
  filesize: z.optional(z.number()),
});

/** A transcript of a recording. */
export const transcript = z.looseObject({ id: z.string(), metadata });

/** A media object cut from a recording. `kind` is open: `video_mixed`, `audio_separate`, `participant_events` … */
export const media = z.looseObject({ id: z.string(), kind: z.string(), metadata });

/** A real-time endpoint: the stream of live events that a bot sends to one URL. */
export const endpoint = z.looseObject({ id: z.string(), metadata });

/** An upload of a recording made by a desktop application. */
export const upload = z.looseObject({ id: z.string(), metadata });

/** A livestream of a meeting. The stream key is never part of it. */
export const livestream = z.looseObject({
  id: z.string(),
  playbackurl: z.optional(z.string()),
  ingestserver: z.optional(z.string()),
  manualingest: z.optional(z.boolean()),
});

/** A calendar that the provider watches. */
export const calendar = z.looseObject({ id: z.string() });

/** A Slack workspace that the provider's Slack app is in. */
export const slackteam = z.looseObject({ id: z.string(), metadata });

/**
 * Where a thing is in its life. Codes are the provider's own words and an open list: new ones come without notice,
 * so match on the ones you know and ignore the rest.
 */
export const status = z.looseObject({ code: z.string(), subcode: z.optional(z.string()) });

/** A file to fetch. The URL is a bearer link: whoever holds it can read the file until `expiresat`. */
export const download = z.looseObject({
  url: z.optional(z.string()),
  /** The sound alone, where the provider offers it. */
  audiourl: z.optional(z.string()),
  expiresat: z.optional(utcTime),
});

/** One spoken word or phrase. `start` and `end` in seconds since the recording began. */
export const word = z.looseObject({
  text: z.string(),
  start: z.optional(z.number()),
  end: z.optional(z.number()),
  startedat: z.optional(utcTime),
  endedat: z.optional(utcTime),
});
