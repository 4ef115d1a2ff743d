/** RealtimeKit payloads as meeting events: one rule for each event name. */

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
import { recordingTypeOf } from './event-names';
import type { Links } from './links';
import * as payloads from './payloads';

/** The meeting event in a RealtimeKit body; undefined for an event name that Meetbus does not know. */
export const normalizeRealtimekit = (body: unknown, event: string): Normalized | Mismatch | undefined =>
  Object.hasOwn(RULES, event) ? RULES[event]?.(body, event) : undefined;

const NO_MEETING = mismatch('meeting.id: string');

/**
 * The meeting of an event. Its id is in one of three places, best first.
 *
 * @param fields members about the meeting outside of it
 */
function meetingOf(body: payloads.AnyBody, fields: payloads.Sitting = {}, otherId?: string) {
  const id = body.meeting?.id ?? body.meetingId ?? otherId;
  if (!id) return undefined;
  const { sessionId, title, createdAt, startedAt, endedAt, organizedBy } = {
    ...fields,
    ...compact(body.meeting ?? {}),
  };
  return compact({
    id,
    sessionid: sessionId,
    title,
    createdat: createdAt,
    startedat: startedAt,
    endedat: endedAt,
    organization: organizedBy?.id ? compact({ id: organizedBy.id, name: organizedBy.name }) : undefined,
  });
}

function downloadOf(links: Links | undefined, expiresat: string | undefined, audio?: Links) {
  const files = [...(links?.files ?? []), ...(audio?.files ?? [])];
  if (!links?.url && !audio?.url && files.length === 0) return undefined;
  return compact({ url: links?.url, audiourl: audio?.url, files: files.length > 0 ? files : undefined, expiresat });
}

const participantOf = (participant: payloads.Participant) =>
  compact({
    id: participant.peerId,
    name: participant.userDisplayName,
    customid: participant.customParticipantId ?? participant.clientSpecificId,
    joinedat: participant.joinedAt,
    leftat: participant.leftAt,
  });

const meetingRule = (type: 'meeting.started' | 'meeting.ended', timeField: 'startedat' | 'endedat'): Rule =>
  rule(payloads.meetingBody, (body) => {
    const meeting = meetingOf(body);
    if (meeting === undefined) return NO_MEETING;
    const data = compact({ meeting, reason: body.reason });
    return { type, subject: `meeting/${meeting.id}`, time: meeting[timeField], data };
  });

const chatRule = rule(payloads.chatBody, (body) => {
  const meeting = meetingOf(body, body);
  if (meeting === undefined) return NO_MEETING;
  const download = downloadOf(body.chatDownloadUrl, body.chatDownloadUrlExpiry);
  const data = compact({ meeting, download });
  return { type: 'chat.export_ready', subject: `meeting/${meeting.id}`, time: undefined, data };
});

const summaryRule = rule(payloads.summaryBody, (body) => {
  const meeting = meetingOf(body, body);
  if (meeting === undefined) return NO_MEETING;
  const download = downloadOf(body.summaryDownloadUrl, body.summaryDownloadUrlExpiry);
  return {
    type: 'summary.ready',
    subject: `meeting/${meeting.id}`,
    time: undefined,
    data: compact({ meeting, download }),
  };
});

const transcriptRule = rule(payloads.transcriptBody, (body) => {
  const meeting = meetingOf(body, body);
  if (meeting === undefined) return NO_MEETING;
  const download = downloadOf(body.transcriptDownloadUrl, body.transcriptDownloadUrlExpiry);
  const data = compact({ meeting, status: { code: 'ready' }, download });
  return { type: 'transcript.ready', subject: `meeting/${meeting.id}`, time: undefined, data };
});

const participantRule = (type: 'participant.joined' | 'participant.left', timeField: 'joinedat' | 'leftat'): Rule =>
  rule(payloads.participantBody, (body) => {
    const participant = participantOf(body.participant);
    const meeting = meetingOf(body);
    return {
      type,
      subject: participantSubjectOf(meeting, participant),
      time: participant[timeField],
      data: compact({ participant, meeting }),
    };
  });

const recordingRule = rule(payloads.recordingBody, (body) => {
  const { recording } = body;
  const id = recording.id ?? recording.recordingId;
  if (!id) return mismatch('recording.id: string');
  const { startedTime: startedat, stoppedTime: stoppedat } = recording;
  const status = recording.status || 'unknown';
  const type = recordingTypeOf(status);
  return {
    type,
    subject: `recording/${id}`,
    // RealtimeKit sends when a recording began and ended, but not when it became ready or failed.
    time: { 'recording.started': startedat, 'recording.uploading': stoppedat }[type as string],
    data: compact({
      recording: compact({
        id,
        type: recording.type,
        startedat,
        stoppedat,
        duration: recording.recordingDuration,
        filename: recording.outputFileName,
        filesize: recording.fileSize,
      }),
      status: { code: status },
      download: downloadOf(recording.downloadUrl, recording.downloadUrlExpiry, recording.audioDownloadUrl),
      meeting: meetingOf(body, { sessionId: recording.sessionId ?? recording.roomUUID }, recording.meetingId),
    }),
  };
});

const livestreamRule = rule(payloads.livestreamBody, (body) => ({
  type: 'livestream.status_changed',
  subject: `livestream/${body.streamId}`,
  time: undefined,
  data: compact({
    livestream: compact({
      id: body.streamId,
      playbackurl: withoutKey(body, body.playbackUrl),
      ingestserver: withoutKey(body, body.ingestServer),
      manualingest: body.manualIngest,
    }),
    status: { code: body.status || 'unknown' },
    meeting: meetingOf(body),
  }),
}));

/** The text without the stream key, which may be at the end of the server's URL. */
const withoutKey = ({ streamKey }: { readonly streamKey?: string | undefined }, text: string | undefined) =>
  text && streamKey ? withoutValues(text, [streamKey]) : text;

const RULES: Readonly<Record<string, Rule>> = {
  'meeting.started': meetingRule('meeting.started', 'startedat'),
  'meeting.ended': meetingRule('meeting.ended', 'endedat'),
  'meeting.participantJoined': participantRule('participant.joined', 'joinedat'),
  'meeting.participantLeft': participantRule('participant.left', 'leftat'),
  'meeting.chatSynced': chatRule,
  'meeting.summary': summaryRule,
  'meeting.transcript': transcriptRule,
  'recording.statusUpdate': recordingRule,
  'livestreaming.statusUpdate': livestreamRule,
};
