/** Recall.ai payloads as meeting events: one rule for each type. */
import type { MeetingEventType } from '@meetbus/events';
import { compact, type Mismatch, mismatch, type Normalized, type Rule, rule } from '../kit/normalize';
import { recallTypeOf, splitName } from './event-names';
import { OLDER_RULES } from './older';
import { botOf, contextOf, entityOf, NO_BOT, type ParticipantType, participantOf, participantSubject } from './parts';
import * as payloads from './payloads';
import { withStatus } from './status';

/** The meeting event in a Recall.ai body; undefined for an event name that Meetbus does not know. */
export function normalizeRecall(body: unknown, event: string): Normalized | Mismatch | undefined {
  const type = recallTypeOf(event);
  if (type === undefined) return undefined;
  return (Object.hasOwn(OLDER_RULES, event) ? OLDER_RULES[event] : RULES[type])?.(body, event);
}

type RecordingType = Extract<MeetingEventType, `recording.${string}`>;
type MediaType = Extract<MeetingEventType, `media.${string}`>;
type SegmentType = 'transcript.segment' | 'transcript.partial_segment';
type TranscriptType = 'transcript.started' | 'transcript.ready' | 'transcript.failed' | 'transcript.deleted';

const roomOf = (room: payloads.Room) => (room?.id || room?.name ? compact(room) : undefined);

const botRule = rule(payloads.botBody, ({ data }, event) => {
  const bot = botOf(data);
  if (bot === undefined) return NO_BOT;
  const breakoutroom = roomOf(data.data?.breakout_room) ?? roomOf(data.breakout_room);
  return withStatus(data, event, ({ status, time }) => ({
    type: 'bot.status_changed',
    subject: `bot/${bot.id}`,
    time,
    data: compact({ bot, status, breakoutroom }),
  }));
});

const endpointRule = rule(payloads.endpointBody, ({ data }, event) =>
  withStatus(data, event, ({ status, time }) => ({
    type: 'endpoint.status_changed',
    subject: `endpoint/${data.realtime_endpoint.id}`,
    time,
    data: compact({
      ...contextOf(data),
      endpoint: compact(data.realtime_endpoint),
      status,
      error: data.data?.error ? compact(data.data.error) : undefined,
    }),
  })),
);

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
    time: data.data.timestamp?.absolute,
    data: participantData(data),
  }));

const chatRule = rule(payloads.participantBody, ({ data }) => ({
  type: 'chat.message_sent',
  subject: participantSubject(data, data.data.participant.id),
  time: data.data.timestamp?.absolute,
  data: {
    ...participantData(data),
    message: compact({ text: data.data.data?.text ?? '', to: data.data.data?.to }),
  },
}));

const wordOf = (word: {
  text?: string | undefined;
  start_timestamp?: payloads.WordTime;
  end_timestamp?: payloads.WordTime;
}) =>
  compact({
    text: word.text ?? '',
    start: word.start_timestamp?.relative,
    end: word.end_timestamp?.relative,
    startedat: word.start_timestamp?.absolute,
    endedat: word.end_timestamp?.absolute,
  });

type Live = payloads.EventContext & { readonly transcript?: payloads.Entity | undefined };

/** The subject of a live transcript event; undefined if the payload does not identify the meeting. */
function transcriptSubject({ transcript, bot, recording }: Live): string | undefined {
  if (transcript) return `transcript/${transcript.id}`;
  if (bot) return `bot/${bot.id}`;
  return recording ? 'transcript' : undefined;
}

const NO_TRANSCRIPT = mismatch('data.transcript.id: string');

const segmentRule = (type: SegmentType): Rule =>
  rule(payloads.segmentBody, ({ data }) => {
    const subject = transcriptSubject(data);
    if (subject === undefined) return NO_TRANSCRIPT;
    const words = (data.data?.words ?? []).map(wordOf);
    return {
      type,
      subject,
      time: words[0]?.startedat,
      data: compact({
        ...contextOf(data),
        transcript: entityOf(data.transcript),
        participant: data.data?.participant ? participantOf(data.data.participant) : undefined,
        language: data.data?.language_code || data.data?.language || undefined,
        words,
      }),
    };
  });

const providerDataRule = rule(payloads.providerDataBody, ({ data }) => {
  const subject = transcriptSubject(data);
  if (subject === undefined) return NO_TRANSCRIPT;
  return {
    type: 'transcript.provider_data',
    subject,
    time: undefined,
    data: compact({
      ...contextOf(data),
      transcript: entityOf(data.transcript),
      participant: data.data?.participant ? participantOf(data.data.participant) : undefined,
      payload: data.data?.payload,
    }),
  };
});

const transcriptRule = (type: TranscriptType): Rule =>
  rule(payloads.transcriptBody, ({ data }, event) =>
    withStatus(data, event, ({ status, time }) => ({
      type,
      subject: `transcript/${data.transcript.id}`,
      time,
      data: { ...contextOf(data), transcript: compact(data.transcript), status },
    })),
  );

const recordingRule = (type: RecordingType): Rule =>
  rule(payloads.recordingBody, ({ data }, event) =>
    withStatus(data, event, ({ status, time }) => ({
      type,
      subject: `recording/${data.recording.id}`,
      time,
      data: { ...contextOf(data), recording: compact(data.recording), status },
    })),
  );

const mediaRule =
  (type: MediaType): Rule =>
  (body, event) => {
    const kind = splitName(event)?.prefix ?? '';
    return rule(payloads.mediaBody(kind), ({ data }) => {
      const media = (data as Record<string, unknown>)[kind] as payloads.Entity;
      return withStatus(data, event, ({ status, time }) => ({
        type,
        subject: `media/${media.id}`,
        time,
        data: { ...contextOf(data), media: { ...compact(media), kind }, status },
      }));
    })(body, event);
  };

const uploadRule = rule(payloads.uploadBody, ({ data }, event) =>
  withStatus(data, event, ({ status, time }) => ({
    type: 'upload.status_changed',
    subject: `upload/${data.sdk_upload.id}`,
    time,
    data: { ...contextOf(data), upload: compact(data.sdk_upload), status },
  })),
);

const slackRule = rule(payloads.slackBody, ({ data }, event) =>
  withStatus(data, event, ({ status, time }) => ({
    type: 'slack.status_changed',
    subject: data.slack_team ? `slackteam/${data.slack_team.id}` : 'slackteam',
    time,
    data: compact({ slackteam: entityOf(data.slack_team), status }),
  })),
);

const calendarRule = (type: 'calendar.updated' | 'calendar.synced'): Rule =>
  rule(payloads.calendarBody, ({ data }) => ({
    type,
    subject: `calendar/${data.calendar_id}`,
    time: undefined,
    data: compact({ calendar: { id: data.calendar_id }, lastupdatedat: data.last_updated_ts }),
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
