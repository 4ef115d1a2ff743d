/** The schemas of Zoom payloads. They are lenient: only members that an event needs are required. */
import * as z from 'zod/mini';
import { id, lenient, list, number, object, text, time } from '../kit/normalize';

/** A text that says something: Zoom sends an empty one for what it does not know. */
const word = lenient(z.string().check(z.minLength(1)));

/** The payload of an event, with the time of the event. */
const bodyOf = <Payload extends z.ZodMiniType>(payload: Payload) => object({ event_ts: time, payload });

const account = { account_id: lenient(id) };

/** One sitting of a meeting or webinar. */
const sitting = {
  id: lenient(id),
  uuid: lenient(id),
  host_id: word,
  topic: word,
  start_time: time,
  end_time: time,
};

/** `meeting.started` and `meeting.ended`. */
export const meetingBody = bodyOf(object({ ...account, object: object(sitting) }));

/** A guest who is not signed in has fewer ids, down to none. */
const participant = object({
  /** In this meeting, and until the participant leaves. */
  user_id: lenient(id),
  /** The same after the participant has moved to a breakout room. */
  participant_uuid: lenient(id),
  /** Of the Zoom user. */
  id: lenient(id),
  participant_user_id: lenient(id),
  registrant_id: lenient(id),
  user_name: word,
  email: word,
  customer_key: word,
  phone_number: word,
  join_time: time,
  leave_time: time,
  leave_reason: word,
  sharing_details: lenient(object({ date_time: time })),
});

/** `meeting.participant_…` and `meeting.sharing_…`. */
export const participantBody = bodyOf(object({ ...account, object: object({ ...sitting, participant }) }));

/** `meeting.chat_message_sent`. */
export const chatBody = bodyOf(
  object({
    ...account,
    object: object({
      ...sitting,
      chat_message: object({
        message_id: lenient(id),
        message_content: text,
        date_time: time,
        sender_session_id: lenient(id),
        sender_name: word,
        sender_email: word,
        recipient_name: word,
        recipient_type: word,
      }),
    }),
  }),
);

const files = list(
  object({
    id: lenient(id),
    file_name: word,
    file_type: word,
    file_size: number,
    recording_type: word,
    recording_start: time,
    recording_end: time,
    download_url: word,
  }),
);

/** `recording.…`. The uuid of the sitting names the recording too. */
export const recordingBody = bodyOf(
  object({
    ...account,
    object: object({
      ...sitting,
      uuid: id,
      recording_file: lenient(object({ recording_start: time, recording_end: time })),
      recording_files: files,
      participant_audio_files: files,
    }),
  }),
);

/** `meeting.live_streaming_…`. The stream key is read so that it can be removed from the URL. */
export const livestreamBody = bodyOf(
  object({
    ...account,
    object: object({
      ...sitting,
      uuid: id,
      live_streaming: lenient(
        object({
          date_time: time,
          custom_live_streaming_settings: lenient(object({ page_url: word, stream_url: word, stream_key: word })),
        }),
      ),
    }),
  }),
);

/** `meeting.summary_completed`. `summary_content` is Markdown; the other texts are older. */
export const summaryBody = bodyOf(
  object({
    ...account,
    object: object({
      meeting_id: lenient(id),
      meeting_uuid: lenient(id),
      meeting_topic: word,
      meeting_host_id: word,
      meeting_start_time: time,
      meeting_end_time: time,
      summary_title: word,
      summary_content: word,
      summary_overview: word,
      summary_details: list(object({ label: word, summary: word })),
      next_steps: list(z.string()),
      summary_doc_url: word,
    }),
  }),
);

const stream = {
  meeting_uuid: lenient(id),
  webinar_uuid: lenient(id),
  meeting_id: lenient(id),
  rtms_stream_id: lenient(id),
  server_urls: lenient(z.union([z.string(), list(z.string())])),
  stop_reason: lenient(id),
};

/** `meeting.rtms_…`. Zoom's reference has the members in the payload, and another page of Zoom's in its `object`. */
export const streamBody = bodyOf(object({ ...account, ...stream, object: lenient(object(stream)) }));

type Parsed<Fields> = { readonly [Name in keyof Fields]?: z.output<Extract<Fields[Name], z.ZodMiniType>> };

/** Fields of a sitting. */
export type Sitting = Parsed<typeof sitting>;
/** A parsed participant. */
export type Participant = z.output<typeof participant>;
/** Parsed files of a recording. */
export type Files = z.output<typeof files>;
/** The parsed body of a recording's event. */
export type RecordingObject = z.output<typeof recordingBody>['payload']['object'];
