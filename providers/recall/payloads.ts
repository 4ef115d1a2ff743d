/** The schemas of Recall.ai payloads. They are lenient: only members that an event needs are required. */
import * as z from 'zod/mini';
import { isExactNumber } from '../kit/json';
import { flag, id, labels, lenient, list, number, object, text, time } from '../kit/normalize';
import { asObject, memberAt } from '../kit/values';

/** A thing with an id and the customer's labels. */
const entity = object({ id, metadata: labels });

/** A breakout room, with its known members. */
const room = lenient(object({ id: lenient(id), name: text }));

/** `data` of a status event: the status is in `data.data`; in the older API it is in `data.status`. */
const statusData = {
  data: lenient(
    object({
      code: text,
      sub_code: text,
      updated_at: time,
      error: lenient(object({ code: text, message: text })),
      breakout_room: room,
    }),
  ),
  status: lenient(object({ code: text, sub_code: text, created_at: time })),
};

const context = {
  bot: lenient(entity),
  recording: lenient(entity),
  realtime_endpoint: lenient(entity),
};

/** The bot of an event: an object, or in the older API its id. */
const anyBot = { bot: lenient(entity), bot_id: lenient(id) };

const participant = object({
  id: lenient(id),
  name: text,
  is_host: flag,
  platform: text,
  email: text,
  extra_data: labels,
});

const body = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => object({ data: object(shape) });

/** `bot.*`. */
export const botBody = body({ ...anyBot, ...statusData, breakout_room: room });

/** `recording.*`. */
export const recordingBody = body({ ...context, ...statusData, recording: entity });

/** `realtime_endpoint.*`. */
export const endpointBody = body({ ...context, ...statusData, realtime_endpoint: entity });

/** `transcript.{processing,done,failed,deleted}`. */
export const transcriptBody = body({ ...context, ...statusData, transcript: entity });

/** A media object's status: the object stands under its kind, which the event name begins with. */
export const mediaBody = (kind: string) => body({ ...context, ...statusData, [kind]: entity });

/** `sdk_upload.*`. */
export const uploadBody = body({ ...context, ...statusData, sdk_upload: entity });

/** `slack_team.*` and `slack.*`. */
export const slackBody = body({ ...statusData, slack_team: lenient(entity) });

/** `calendar.*`. */
export const calendarBody = body({ calendar_id: id, last_updated_ts: time });

/** `participant_events.*` of the real-time system. `relative` in seconds. */
export const participantBody = body({
  ...context,
  data: object({
    participant,
    timestamp: lenient(object({ absolute: time, relative: number })),
    data: lenient(object({ text, to: text })),
  }),
});

const wordTime = lenient(object({ relative: number, absolute: time }));

/** `transcript.data` and `transcript.partial_data`. */
export const segmentBody = body({
  ...context,
  transcript: lenient(entity),
  data: lenient(
    object({
      words: list(object({ text, start_timestamp: wordTime, end_timestamp: wordTime })),
      participant: lenient(participant),
      language_code: text,
      /** The language, by its name in the API v1.10. */
      language: text,
    }),
  ),
});

const anyParticipant = lenient(participant);

/** `transcript.provider_data`: the transcription service's own message is in `payload`, or is the whole data. */
export const providerDataBody = body({
  ...context,
  transcript: lenient(entity),
  data: z.optional(
    z.pipe(
      z.unknown(),
      z.transform((data) => ({
        payload: messageIn(data),
        participant: anyParticipant.parse(memberAt(data, 'participant')),
      })),
    ),
  ),
});

function messageIn(data: unknown): unknown {
  const object = asObject(data);
  if (object === undefined || isExactNumber(data)) return data;
  if (Object.hasOwn(object, 'payload')) return object.payload;
  return Object.keys(object).length > 0 ? data : undefined;
}

/** `bot.participant_*` and `bot.active_speaker_notify` of the API v1.10. */
export const callEventBody = body({ ...anyBot, participant_id: id, created_at: time });

/** `bot.transcription` of the API v1.10. Times of words in seconds since the recording began. */
export const transcriptionBody = body({
  ...anyBot,
  recording_id: lenient(id),
  transcript: lenient(
    object({
      speaker: text,
      speaker_id: lenient(id),
      words: list(object({ text, start_time: number, end_time: number })),
      is_final: flag,
      language: text,
    }),
  ),
});

/** A parsed thing with an id. */
export type Entity = z.output<typeof entity>;
/** A parsed participant. */
export type Participant = z.output<typeof participant>;
/** The common members of most events: bot, recording and endpoint. */
export type EventContext = { readonly [Key in keyof typeof context]?: Entity | undefined };
/** The bot of an event, in either form. */
export type AnyBot = { readonly [Key in keyof typeof anyBot]?: z.output<(typeof anyBot)[Key]> };
/** A parsed status, in either form. */
export type StatusData = { readonly [Key in keyof typeof statusData]?: z.output<(typeof statusData)[Key]> };
/** A parsed breakout room. */
export type Room = z.output<typeof room>;
/** A parsed time of a word. */
export type WordTime = z.output<typeof wordTime>;
