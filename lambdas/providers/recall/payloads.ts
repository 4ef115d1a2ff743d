/** The shapes of Recall.ai payloads, as loose as they come: only what an event cannot do without is required. */
import * as z from 'zod/mini';
import { id, labels, lenient, maybe } from '../normalize';

/** A thing with an id and the customer's labels. */
const entity = z.object({ id, metadata: lenient(labels) });

/** A breakout room, with what is known of it. */
const room = lenient(z.object({ id: lenient(id), name: lenient(z.string()) }));

/** `data.data` of a status event. */
const statusData = maybe(
  z.object({
    code: maybe(z.string()),
    sub_code: lenient(z.string()),
    updated_at: lenient(z.string()),
    error: lenient(z.object({ code: lenient(z.string()), message: lenient(z.string()) })),
    breakout_room: room,
  }),
);

const context = {
  bot: lenient(entity),
  recording: lenient(entity),
  realtime_endpoint: lenient(entity),
};

const participant = z.object({
  id: maybe(id),
  name: lenient(z.string()),
  is_host: lenient(z.boolean()),
  platform: lenient(z.string()),
  email: lenient(z.string()),
  extra_data: lenient(labels),
});

const body = <Shape extends z.core.$ZodLooseShape>(shape: Shape) => z.object({ data: z.object(shape) });

/** `bot.*`; the older `bot.status_change` has `bot_id` and `status` instead. */
export const botBody = body({
  data: statusData,
  breakout_room: room,
  bot: maybe(entity),
  bot_id: maybe(id),
  status: maybe(z.object({ code: maybe(z.string()), sub_code: lenient(z.string()), created_at: lenient(z.string()) })),
});

/** `recording.*`. */
export const recordingBody = body({ ...context, data: statusData, recording: entity });

/** `realtime_endpoint.*`. */
export const endpointBody = body({ ...context, data: statusData, realtime_endpoint: entity });

/** `transcript.{processing,done,failed,deleted}`. */
export const transcriptBody = body({ ...context, data: statusData, transcript: entity });

/** A media object's status: the object stands under its kind, which the event name begins with. */
export const mediaBody = (kind: string) => body({ ...context, data: statusData, [kind]: entity });

/** `sdk_upload.*`. */
export const uploadBody = body({ ...context, data: statusData, sdk_upload: entity });

/** `slack_team.*` and `slack.*`. */
export const slackBody = body({ data: statusData, slack_team: lenient(entity) });

/** `calendar.*`. */
export const calendarBody = body({ calendar_id: id, last_updated_ts: lenient(z.string()) });

/** `participant_events.*` of the real-time system. `relative` in seconds. */
export const participantBody = body({
  ...context,
  data: z.object({
    participant,
    timestamp: lenient(z.object({ absolute: lenient(z.string()), relative: lenient(z.number()) })),
    data: maybe(z.object({ text: maybe(z.string()), to: lenient(z.string()) })),
  }),
});

const wordTime = lenient(z.object({ relative: lenient(z.number()), absolute: lenient(z.string()) }));

/** `transcript.data` and `transcript.partial_data`. */
export const segmentBody = body({
  ...context,
  transcript: lenient(entity),
  data: z.object({
    words: z.array(z.object({ text: maybe(z.string()), start_timestamp: wordTime, end_timestamp: wordTime })),
    participant: lenient(participant),
  }),
});

/** `transcript.provider_data`: the payload is the transcription service's own. */
export const providerDataBody = body({
  ...context,
  transcript: lenient(entity),
  data: z.object({ payload: z.optional(z.unknown()), participant: lenient(participant) }),
});

/** A parsed thing with an id. */
export type Entity = z.output<typeof entity>;
/** A parsed participant. */
export type Participant = z.output<typeof participant>;
/** What most events say beside their own: bot, recording and endpoint. */
export type EventContext = { readonly [Key in keyof typeof context]?: Entity | null | undefined };
/** A parsed breakout room. */
export type Room = z.output<typeof room>;
/** A parsed time of a word. */
export type WordTime = z.output<typeof wordTime>;
