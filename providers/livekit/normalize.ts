/** LiveKit payloads as meeting events: one rule for each event name. */
import { credentialNames } from '../kit/credentials';
import {
  compact,
  type Mismatch,
  mismatch,
  type Normalized,
  participantSubjectOf,
  type Rule,
  rule,
} from '../kit/normalize';
import { CREDENTIAL_MEMBERS } from './credentials';
import { egressIn, isLivestream, kindOf, streamAddressesIn } from './egress';
import { RECORDING_TYPES, TRACK_TYPES } from './event-names';
import * as payloads from './payloads';
import { downloadOf, fileFieldsOf } from './recording';
import { serverOf, withoutAddresses } from './texts';

/** The meeting event in a LiveKit body; undefined for an event name that Meetbus does not know. */
export const normalizeLivekit = (body: unknown, event: string): Normalized | Mismatch | undefined =>
  Object.hasOwn(RULES, event) ? RULES[event]?.(body, event) : undefined;

const credentials = credentialNames(CREDENTIAL_MEMBERS);

/** Whether a label holds JSON in which a credential may stand. LiveKit sends texts alone. */
const mayHoldCredential = (value: unknown): boolean =>
  typeof value === 'string' ? /^\s*[{["]/.test(value) && credentials.mayStandIn(value) : typeof value === 'object';

/**
 * Labels without those that have the name of a credential, or may hold one; undefined where none is left. `data.raw` has the others,
 * and there only the credentials are cut out.
 */
function labelsOf(labels: Readonly<Record<string, unknown>> | undefined) {
  const kept = Object.entries(labels ?? {}).filter(
    ([name, value]) => !credentials.has(name) && !mayHoldCredential(value),
  );
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** A room is a meeting: its name stays the same, and each time that it is opened it has another sid. */
function meetingOf({ room }: payloads.AnyBody, otherName?: string, otherSid?: string) {
  const id = room?.name ?? otherName;
  if (id === undefined) return undefined;
  const created = room?.creationTimeMs ?? room?.creationTime;
  // LiveKit opens a room when it creates it.
  return compact({ id, sessionid: room?.sid ?? otherSid, createdat: created, startedat: created });
}

const roomRule = (type: 'meeting.started' | 'meeting.ended'): Rule =>
  rule(payloads.roomBody, (body) => {
    const meeting = meetingOf(body);
    if (meeting === undefined) return mismatch('room.name: string');
    const endedat = type === 'meeting.ended' ? body.createdAt : undefined;
    return {
      type,
      subject: `meeting/${meeting.id}`,
      time: (type === 'meeting.started' ? meeting.startedat : undefined) ?? body.createdAt,
      data: { meeting: compact({ ...meeting, endedat }) },
    };
  });

const participantOf = (participant: payloads.Participant) => {
  const attributes = labelsOf(participant.attributes);
  return compact({
    id: participant.sid,
    name: participant.name || undefined,
    customid: participant.identity,
    joinedat: participant.joinedAtMs ?? participant.joinedAt,
    extradata: attributes && { attributes },
  });
};

const joinedRule = rule(payloads.participantBody, (body) => {
  const meeting = meetingOf(body);
  const participant = { ...participantOf(body.participant), platform: body.participant.kind ?? 'STANDARD' };
  return {
    type: 'participant.joined',
    subject: participantSubjectOf(meeting, participant),
    time: participant.joinedat ?? body.createdAt,
    data: compact({ participant, meeting }),
  };
});

const goneRule = (type: 'participant.left' | 'participant.connection_aborted'): Rule =>
  rule(payloads.participantBody, (body) => {
    const meeting = meetingOf(body);
    const { kind = 'STANDARD', disconnectReason } = body.participant;
    const participant = compact({ ...participantOf(body.participant), platform: kind, leftat: body.createdAt });
    return {
      type,
      subject: participantSubjectOf(meeting, participant),
      time: body.createdAt,
      data: compact({ participant, reason: disconnectReason, meeting }),
    };
  });

const hasOwnType = (source: string): source is keyof typeof TRACK_TYPES => Object.hasOwn(TRACK_TYPES, source);

/** @param turn 0 where the track begins, 1 where it ends */
const trackRule = (turn: 0 | 1): Rule =>
  rule(payloads.trackBody, (body) => {
    const meeting = meetingOf(body);
    const participant = participantOf(body.participant);
    const { sid, type: kind = 'AUDIO', source = 'UNKNOWN', name } = body.track;
    if (sid === undefined) return mismatch('track.sid: string');
    const track = compact({ id: sid, kind, source, name: name || undefined });
    return {
      type: hasOwnType(source) ? TRACK_TYPES[source][turn] : (['track.published', 'track.unpublished'] as const)[turn],
      subject: participantSubjectOf(meeting, participant),
      time: body.createdAt,
      data: compact({ participant, track, meeting }),
    };
  });

/** A status with what the provider says about it. Texts may quote an address with a stream key. */
const statusOf = (code: string, error: string | undefined) =>
  compact({ code, subcode: error ? withoutAddresses(error) : undefined });

const recordingTypeOf = (status: string) =>
  Object.hasOwn(RECORDING_TYPES, status)
    ? RECORDING_TYPES[status as keyof typeof RECORDING_TYPES]
    : ('recording.status_changed' as const);

/** An egress is a recording, or a livestream. */
const egressRule: Rule = (body, event) => {
  const egress = egressIn(body);
  return rule(payloads.egressBody, (parsed) => {
    const { egressInfo: info, createdAt } = parsed;
    const { status: code = 'EGRESS_STARTING' } = info;
    // An automatic egress that could not be started has no id. The event's own stands for it, so that its failure is told.
    const id = info.egressId ?? parsed.id;
    if (id === undefined) return mismatch('egressInfo.egressId: string');
    const common = {
      status: statusOf(code, info.error),
      meeting: meetingOf(parsed, info.roomName || undefined, info.roomId || undefined),
    };
    const time = info.updatedAt ?? createdAt;
    if (isLivestream(egress)) {
      const ingestserver = streamAddressesIn(egress).map(serverOf).find(Boolean);
      return {
        type: 'livestream.status_changed',
        subject: `livestream/${id}`,
        time,
        data: compact({ livestream: compact({ id, ingestserver }), ...common }),
      };
    }
    const { startedAt: startedat, endedAt: stoppedat } = info;
    const recording = compact({ id, type: kindOf(egress), startedat, stoppedat, ...fileFieldsOf(info) });
    return {
      type: recordingTypeOf(code),
      subject: `recording/${id}`,
      time,
      data: compact({ recording, ...common, download: downloadOf(info) }),
    };
  })(body, event);
};

const ingressRule = rule(payloads.ingressBody, ({ ingressInfo: info, ...body }) => ({
  type: 'ingress.status_changed',
  subject: `ingress/${info.ingressId}`,
  time: info.state?.updatedAt ?? body.createdAt,
  data: compact({
    ingress: compact({ id: info.ingressId, kind: info.inputType ?? 'RTMP_INPUT', name: info.name || undefined }),
    status: statusOf(info.state?.status ?? 'ENDPOINT_INACTIVE', info.state?.error),
    meeting: meetingOf(body, info.roomName, info.state?.roomId),
  }),
}));

/** An agent is a bot: it attends the meeting on behalf of the customer. */
const jobRule = rule(payloads.jobBody, ({ job, createdAt, room = job.room }) => ({
  type: 'bot.status_changed',
  subject: `bot/${job.id}`,
  time: job.state?.updatedAt ?? createdAt,
  data: compact({
    bot: compact({ id: job.id, metadata: labelsOf(job.attributes) }),
    status: statusOf(job.state?.status ?? 'JS_PENDING', job.state?.error),
    meeting: meetingOf({ room }),
  }),
}));

const RULES: Readonly<Record<string, Rule>> = {
  room_started: roomRule('meeting.started'),
  room_finished: roomRule('meeting.ended'),
  participant_joined: joinedRule,
  participant_left: goneRule('participant.left'),
  participant_connection_aborted: goneRule('participant.connection_aborted'),
  track_published: trackRule(0),
  track_unpublished: trackRule(1),
  egress_started: egressRule,
  egress_updated: egressRule,
  egress_ended: egressRule,
  ingress_started: ingressRule,
  ingress_ended: ingressRule,
  agent_job_started: jobRule,
  agent_job_ended: jobRule,
};
