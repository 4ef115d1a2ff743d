/** Recall.ai payloads as meeting events: one rule for each type. */
import type { MeetingEventType } from '../../../events';
import { compact, type Mismatch, mismatch, type Normalized, type Rule, rule } from '../normalize';
import { utcTimeOf } from '../time';
import { recallTypeOf, splitName } from './event-names';
import * as payloads from './payloads';

/** The meeting event in a Recall.ai body; undefined for an event name that Meetbus does not know. */
export function normalizeRecall(body: unknown, event: string): Normalized | Mismatch | undefined {
  const type = recallTypeOf(event);
  return type === undefined ? undefined : RULES[type]?.(body, event);
}

const entityOf = (entity: payloads.Entity | null | undefined) => (entity ? compact(entity) : undefined);

const contextOf = (data: payloads.EventContext) =>
  compact({
    bot: entityOf(data.bot),
    recording: entityOf(data.recording),
    endpoint: entityOf(data.realtime_endpoint),
  });

const statusOf = (
  status: { code?: string | null | undefined; sub_code?: string | null | undefined } | null | undefined,
  event: string,
) => compact({ code: status?.code || (splitName(event)?.code ?? event), subcode: status?.sub_code });

const participantOf = ({ is_host, extra_data, ...rest }: payloads.Participant) =>
  compact({ ...rest, ishost: is_host, extradata: extra_data });

const roomOf = (room: payloads.Room) => (room?.id || room?.name ? compact(room) : undefined);

/** Participant ids repeat across meetings, so the subject begins with the bot, or else the recording. */
function participantSubject(data: payloads.EventContext, id: string | null | undefined): string {
  const container = data.bot ? `bot/${data.bot.id}` : data.recording ? `recording/${data.recording.id}` : undefined;
  const own = id ? `participant/${id}` : undefined;
  return [container, own].filter((part) => part !== undefined).join('/') || 'participant';
}

type ParticipantType = Extract<MeetingEventType, `participant.${string}`>;
type RecordingType = Extract<MeetingEventType, `recording.${string}`>;
type MediaType = Extract<MeetingEventType, `media.${string}`>;
type SegmentType = 'transcript.segment' | 'transcript.partial_segment';
type TranscriptType = 'transcript.started' | 'transcript.ready' | 'transcript.failed' | 'transcript.deleted';

const botRule = rule(payloads.botBody, ({ data }, event) => {
  const bot = data.bot ?? (data.bot_id ? { id: data.bot_id, metadata: undefined } : undefined);
  if (bot === undefined) return mismatch('data.bot.id: string');
  const status = data.data ?? (data.status && { ...data.status, updated_at: data.status.created_at });
  return {
    type: 'bot.status_changed',
    subject: `bot/${bot.id}`,
    time: utcTimeOf(status?.updated_at),
    data: compact({
      bot: compact(bot),
      status: statusOf(status, event),
      breakoutroom: roomOf(data.data?.breakout_room ?? data.breakout_room),
    }),
  };
});

const endpointRule = rule(payloads.endpointBody, ({ data }, event) => ({
  type: 'endpoint.status_changed',
  subject: `endpoint/${data.realtime_endpoint.id}`,
  time: utcTimeOf(data.data?.updated_at),
  data: compact({
    ...contextOf(data),
    endpoint: compact(data.realtime_endpoint),
    status: statusOf(data.data, event),
    error: data.data?.error ? compact(data.data.error) : undefined,
  }),
}));

const participantData = (data: ReturnType<typeof payloads.participantBody.parse>['data']) =>
  compact({
    ...contextOf(data),
    participant: participantOf(data.data.participant),
    offset: data.data.timestamp?.relative,
  });

const participantRule = (type: ParticipantType): Rule =>
  rule(payloads.participantBody, ({ data }) => ({
    type,
    subject: participantSubject(data, data.data.participant.id),
    time: utcTimeOf(data.data.timestamp?.absolute),
    data: participantData(data),
  }));

const chatRule = rule(payloads.participantBody, ({ data }) => {
  const { text, to } = data.data.data ?? {};
  if (typeof text !== 'string') return mismatch('data.data.data.text: string');
  return {
    type: 'chat.message_sent',
    subject: participantSubject(data, data.data.participant.id),
    time: utcTimeOf(data.data.timestamp?.absolute),
    data: { ...participantData(data), message: compact({ text, to }) },
  };
});

const wordOf = (word: {
  text?: string | null | undefined;
  start_timestamp?: payloads.WordTime;
  end_timestamp?: payloads.WordTime;
}) =>
  compact({
    text: word.text ?? '',
    start: word.start_timestamp?.relative,
    end: word.end_timestamp?.relative,
    startedat: utcTimeOf(word.start_timestamp?.absolute),
    endedat: utcTimeOf(word.end_timestamp?.absolute),
  });

type Live = payloads.EventContext & { readonly transcript?: payloads.Entity | null | undefined };

const transcriptSubject = (data: Live): string =>
  data.transcript ? `transcript/${data.transcript.id}` : data.bot ? `bot/${data.bot.id}` : 'transcript';

const segmentRule = (type: SegmentType): Rule =>
  rule(payloads.segmentBody, ({ data }) => {
    const words = data.data.words.map(wordOf);
    return {
      type,
      subject: transcriptSubject(data),
      time: words[0]?.startedat,
      data: compact({
        ...contextOf(data),
        transcript: entityOf(data.transcript),
        participant: data.data.participant ? participantOf(data.data.participant) : undefined,
        words,
      }),
    };
  });

const providerDataRule = rule(payloads.providerDataBody, ({ data }) => ({
  type: 'transcript.provider_data',
  subject: transcriptSubject(data),
  time: undefined,
  data: compact({
    ...contextOf(data),
    transcript: entityOf(data.transcript),
    participant: data.data.participant ? participantOf(data.data.participant) : undefined,
    payload: data.data.payload,
  }),
}));

const transcriptRule = (type: TranscriptType): Rule =>
  rule(payloads.transcriptBody, ({ data }, event) => ({
    type,
    subject: `transcript/${data.transcript.id}`,
    time: utcTimeOf(data.data?.updated_at),
    data: { ...contextOf(data), transcript: compact(data.transcript), status: statusOf(data.data, event) },
  }));

const recordingRule = (type: RecordingType): Rule =>
  rule(payloads.recordingBody, ({ data }, event) => ({
    type,
    subject: `recording/${data.recording.id}`,
    time: utcTimeOf(data.data?.updated_at),
    data: { ...contextOf(data), recording: compact(data.recording), status: statusOf(data.data, event) },
  }));

const mediaRule =
  (type: MediaType): Rule =>
  (body, event) => {
    const kind = splitName(event)?.prefix ?? '';
    return rule(payloads.mediaBody(kind), ({ data }) => {
      const media = (data as Record<string, unknown>)[kind] as payloads.Entity;
      return {
        type,
        subject: `media/${media.id}`,
        time: utcTimeOf(data.data?.updated_at),
        data: { ...contextOf(data), media: { ...compact(media), kind }, status: statusOf(data.data, event) },
      };
    })(body, event);
  };

const uploadRule = rule(payloads.uploadBody, ({ data }, event) => ({
  type: 'upload.status_changed',
  subject: `upload/${data.sdk_upload.id}`,
  time: utcTimeOf(data.data?.updated_at),
  data: { ...contextOf(data), upload: compact(data.sdk_upload), status: statusOf(data.data, event) },
}));

const slackRule = rule(payloads.slackBody, ({ data }, event) => ({
  type: 'slack.status_changed',
  subject: data.slack_team ? `slackteam/${data.slack_team.id}` : 'slackteam',
  time: utcTimeOf(data.data?.updated_at),
  data: compact({ slackteam: entityOf(data.slack_team), status: statusOf(data.data, event) }),
}));

const calendarRule = (type: 'calendar.updated' | 'calendar.synced'): Rule =>
  rule(payloads.calendarBody, ({ data }) => ({
    type,
    subject: `calendar/${data.calendar_id}`,
    time: undefined,
    data: compact({ calendar: { id: data.calendar_id }, lastupdatedat: utcTimeOf(data.last_updated_ts) }),
  }));

const RULES: Partial<Record<MeetingEventType, Rule>> = {
  'bot.status_changed': botRule,
  'endpoint.status_changed': endpointRule,
  'participant.joined': participantRule('participant.joined'),
  'participant.left': participantRule('participant.left'),
  'participant.updated': participantRule('participant.updated'),
  'participant.speech_started': participantRule('participant.speech_started'),
  'participant.speech_stopped': participantRule('participant.speech_stopped'),
  'participant.webcam_started': participantRule('participant.webcam_started'),
  'participant.webcam_stopped': participantRule('participant.webcam_stopped'),
  'participant.screenshare_started': participantRule('participant.screenshare_started'),
  'participant.screenshare_stopped': participantRule('participant.screenshare_stopped'),
  'chat.message_sent': chatRule,
  'transcript.segment': segmentRule('transcript.segment'),
  'transcript.partial_segment': segmentRule('transcript.partial_segment'),
  'transcript.provider_data': providerDataRule,
  'transcript.started': transcriptRule('transcript.started'),
  'transcript.ready': transcriptRule('transcript.ready'),
  'transcript.failed': transcriptRule('transcript.failed'),
  'transcript.deleted': transcriptRule('transcript.deleted'),
  'recording.started': recordingRule('recording.started'),
  'recording.paused': recordingRule('recording.paused'),
  'recording.uploading': recordingRule('recording.uploading'),
  'recording.ready': recordingRule('recording.ready'),
  'recording.failed': recordingRule('recording.failed'),
  'recording.deleted': recordingRule('recording.deleted'),
  'recording.status_changed': recordingRule('recording.status_changed'),
  'media.started': mediaRule('media.started'),
  'media.ready': mediaRule('media.ready'),
  'media.failed': mediaRule('media.failed'),
  'media.deleted': mediaRule('media.deleted'),
  'upload.status_changed': uploadRule,
  'slack.status_changed': slackRule,
  'calendar.updated': calendarRule('calendar.updated'),
  'calendar.synced': calendarRule('calendar.synced'),
};
