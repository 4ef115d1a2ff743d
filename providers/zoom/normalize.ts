/** Zoom payloads as meeting events: one rule for each event name. */
import type { MeetingEventType } from '@meetbus/events';
import { withoutValues } from '../kit/credentials';
import {
  compact,
  type Mismatch,
  mismatch,
  type Normalized,
  participantSubjectOf,
  type Rule,
  rule,
} from '../kit/normalize';
import { actionOf, zoomTypeOf } from './event-names';
import * as payloads from './payloads';

/** The meeting event in a Zoom body; undefined for an event name that Meetbus does not know. */
export function normalizeZoom(body: unknown, event: string): Normalized | Mismatch | undefined {
  const type = zoomTypeOf(event);
  return type && RULE_OF[type]?.(body, event);
}

const NO_MEETING = mismatch('payload.object.id: string');

/** The meeting of an event. Where Zoom names only the sitting, as in all events of live media, its uuid stands for the meeting. */
function meetingOf({ id, uuid, topic, host_id, start_time, end_time }: payloads.Sitting, account: string | undefined) {
  const meetingId = id ?? uuid;
  if (meetingId === undefined) return undefined;
  return compact({
    id: meetingId,
    sessionid: uuid,
    title: topic,
    startedat: start_time,
    endedat: end_time,
    hostid: host_id,
    organization: account === undefined ? undefined : { id: account },
  });
}

const participantOf = (participant: payloads.Participant) => {
  const { user_id, participant_uuid, id, participant_user_id, registrant_id, phone_number } = participant;
  const others = compact({ participant_uuid, id, participant_user_id, registrant_id, phone_number });
  return compact({
    id: user_id ?? participant_uuid ?? id,
    name: participant.user_name,
    email: participant.email,
    customid: participant.customer_key,
    joinedat: participant.join_time,
    leftat: participant.leave_time,
    extradata: Object.keys(others).length > 0 ? others : undefined,
  });
};

/** The files of a recording. There is no link to all of them. */
function downloadOf(files: payloads.Files) {
  if (files.length === 0) return undefined;
  return {
    files: files.map((file) =>
      compact({
        url: file.download_url,
        id: file.id,
        name: file.file_name,
        kind: file.recording_type,
        format: file.file_type,
        size: file.file_size,
        startedat: file.recording_start,
        endedat: file.recording_end,
      }),
    ),
  };
}

/** What every event of a recording says. */
const recordingOf = (object: payloads.RecordingObject, account: string | undefined, event: string) => ({
  recording: compact({
    id: object.uuid,
    startedat: object.recording_file?.recording_start,
    stoppedat: object.recording_file?.recording_end,
  }),
  status: { code: actionOf(event) },
  download: downloadOf([...object.recording_files, ...object.participant_audio_files]),
  meeting: meetingOf(object, account),
});

const meetingRule = (type: 'meeting.started' | 'meeting.ended', timeField: 'start_time' | 'end_time'): Rule =>
  rule(payloads.meetingBody, ({ event_ts, payload: { account_id, object } }) => {
    const meeting = meetingOf(object, account_id);
    if (meeting === undefined) return NO_MEETING;
    return { type, subject: `meeting/${meeting.id}`, time: event_ts ?? object[timeField], data: { meeting } };
  });

type ParticipantType =
  | 'participant.joined'
  | 'participant.left'
  | 'participant.screenshare_started'
  | 'participant.screenshare_stopped';

const participantRule = (type: ParticipantType): Rule =>
  rule(payloads.participantBody, ({ event_ts, payload: { account_id, object } }) => {
    const { participant: sent } = object;
    const meeting = meetingOf(object, account_id);
    const participant = participantOf(sent);
    return {
      type,
      subject: participantSubjectOf(meeting, participant),
      time: event_ts ?? sent.leave_time ?? sent.join_time ?? sent.sharing_details?.date_time,
      data: compact({ participant, reason: sent.leave_reason, meeting }),
    };
  });

const chatRule = rule(payloads.chatBody, ({ event_ts, payload: { account_id, object } }) => {
  const { chat_message: sent } = object;
  const meeting = meetingOf(object, account_id);
  const participant = compact({ id: sent.sender_session_id, name: sent.sender_name, email: sent.sender_email });
  return {
    type: 'chat.message_sent',
    subject: participantSubjectOf(meeting, participant),
    time: event_ts ?? sent.date_time,
    data: compact({
      participant,
      message: compact({
        text: sent.message_content ?? '',
        to: sent.recipient_name ?? sent.recipient_type,
        id: sent.message_id,
      }),
      meeting,
    }),
  };
});

type RecordingType =
  | 'recording.started'
  | 'recording.paused'
  | 'recording.uploading'
  | 'recording.ready'
  | 'recording.deleted'
  | 'recording.status_changed';

const recordingRule = (type: RecordingType): Rule =>
  rule(payloads.recordingBody, ({ event_ts, payload: { account_id, object } }, event) => ({
    type,
    subject: `recording/${object.uuid}`,
    time: event_ts,
    data: compact(recordingOf(object, account_id, event)),
  }));

const transcriptRule = rule(payloads.recordingBody, ({ event_ts, payload: { account_id, object } }, event) => ({
  type: 'transcript.ready',
  subject: `transcript/${object.uuid}`,
  time: event_ts,
  data: compact({ transcript: { id: object.uuid }, ...recordingOf(object, account_id, event) }),
}));

const livestreamRule = rule(payloads.livestreamBody, ({ event_ts, payload: { account_id, object } }, event) => {
  const { page_url, stream_url, stream_key } = object.live_streaming?.custom_live_streaming_settings ?? {};
  const withoutKey = (url: string | undefined) => url && withoutValues(url, stream_key ? [stream_key] : []);
  return {
    type: 'livestream.status_changed',
    subject: `livestream/${object.uuid}`,
    time: event_ts ?? object.live_streaming?.date_time,
    data: compact({
      livestream: compact({
        id: object.uuid,
        playbackurl: withoutKey(page_url),
        ingestserver: withoutKey(stream_url),
      }),
      status: { code: actionOf(event) },
      meeting: meetingOf(object, account_id),
    }),
  };
});

const summaryRule = rule(payloads.summaryBody, ({ event_ts, payload: { account_id, object } }) => {
  const sitting = {
    id: object.meeting_id,
    uuid: object.meeting_uuid,
    topic: object.meeting_topic,
    host_id: object.meeting_host_id,
    start_time: object.meeting_start_time,
    end_time: object.meeting_end_time,
  };
  const meeting = meetingOf(sitting, account_id);
  if (meeting === undefined) return mismatch('payload.object.meeting_id: string');
  const details = object.summary_details.map(({ label, summary }) => [label, summary].filter(Boolean).join('\n'));
  const older = [object.summary_overview, ...details].filter(Boolean).join('\n\n');
  return {
    type: 'summary.ready',
    subject: `meeting/${meeting.id}`,
    time: event_ts,
    data: compact({
      meeting,
      summary: compact({
        title: object.summary_title,
        text: object.summary_content ?? (older || undefined),
        nextsteps: object.next_steps.length > 0 ? object.next_steps : undefined,
      }),
      download: object.summary_doc_url === undefined ? undefined : { url: object.summary_doc_url },
    }),
  };
});

const streamRule = (type: 'mediastream.started' | 'mediastream.stopped'): Rule =>
  rule(payloads.streamBody, ({ event_ts, payload: { account_id, object, ...outer } }) => {
    const sent = { ...outer, ...compact(object ?? {}) };
    const { rtms_stream_id: id, server_urls: urls = [], stop_reason: reason } = sent;
    if (id === undefined) return mismatch('payload.rtms_stream_id: string');
    const serverurls = [urls]
      .flat()
      .flatMap((text) => text.split(',').map((url) => url.trim()))
      .filter(Boolean);
    const meeting = meetingOf({ id: sent.meeting_id, uuid: sent.meeting_uuid ?? sent.webinar_uuid }, account_id);
    const mediastream = compact({ id, serverurls: serverurls.length > 0 ? serverurls : undefined });
    return { type, subject: `mediastream/${id}`, time: event_ts, data: compact({ mediastream, reason, meeting }) };
  });

/** The rule of each type: events that become the same type have the same shape. */
const RULE_OF: Readonly<Partial<Record<MeetingEventType, Rule>>> = {
  'meeting.started': meetingRule('meeting.started', 'start_time'),
  'meeting.ended': meetingRule('meeting.ended', 'end_time'),
  'participant.joined': participantRule('participant.joined'),
  'participant.left': participantRule('participant.left'),
  'participant.screenshare_started': participantRule('participant.screenshare_started'),
  'participant.screenshare_stopped': participantRule('participant.screenshare_stopped'),
  'chat.message_sent': chatRule,
  'mediastream.started': streamRule('mediastream.started'),
  'mediastream.stopped': streamRule('mediastream.stopped'),
  'livestream.status_changed': livestreamRule,
  'summary.ready': summaryRule,
  'recording.started': recordingRule('recording.started'),
  'recording.paused': recordingRule('recording.paused'),
  'recording.uploading': recordingRule('recording.uploading'),
  'recording.ready': recordingRule('recording.ready'),
  'recording.deleted': recordingRule('recording.deleted'),
  'recording.status_changed': recordingRule('recording.status_changed'),
  'transcript.ready': transcriptRule,
};
