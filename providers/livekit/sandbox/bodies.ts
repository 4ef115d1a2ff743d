/** LiveKit's bodies: messages of its protocol in the JSON of protobuf, which leaves out what is zero, empty or the first of an enumeration. */
import type { ProviderBody } from '../../kit/sandbox/delivery';
import { egressInfo } from './egress';
import {
  type Chosen,
  type LiveKitOptions,
  type Members,
  milliseconds,
  nanoseconds,
  seconds,
  sid,
  withDefaults,
} from './ids';

const NAME = 'quarterly-planning';

/** The room in events about it and its participants. */
const room = (chosen: Chosen) => ({
  sid: sid(chosen, 'RM'),
  name: NAME,
  emptyTimeout: 300,
  departureTimeout: 20,
  creationTime: seconds(chosen.start),
  creationTimeMs: milliseconds(chosen.start),
  turnPassword: sid(chosen, 'PW'),
  enabledCodecs: [{ mime: 'audio/opus' }, { mime: 'video/VP8' }],
});

/** The room in all other events. */
const nameOfRoom = (chosen: Chosen) => ({ sid: sid(chosen, 'RM'), name: NAME });

/** A participant in an event about a track. */
const publisher = (chosen: Chosen) => ({
  sid: sid(chosen, 'PA', String(chosen.guest)),
  identity: `guest-${chosen.guest}`,
});

/** The third guest is on the phone. */
const SIP = { kind: 'SIP', attributes: { 'sip.callID': 'SCL_quarterly', 'sip.trunkID': 'ST_quarterly' } };

const participant = (chosen: Chosen, state: string, joined: Date) => ({
  ...publisher(chosen),
  state,
  joinedAt: seconds(joined),
  joinedAtMs: milliseconds(joined),
  name: `Guest ${chosen.guest}`,
  version: 3,
  permission: { canSubscribe: true, canPublish: true, canPublishData: true },
  ...(chosen.guest === 3 && SIP),
});

/** Sound is the first type of track, so protobuf leaves it out; so it does with an unknown source. */
function track(chosen: Chosen) {
  const { source = 'SCREEN_SHARE_AUDIO', guest } = chosen;
  const isVideo = source === 'CAMERA' || source === 'SCREEN_SHARE';
  return {
    sid: sid(chosen, 'TR', `${guest}/${source}`),
    ...(isVideo && { type: 'VIDEO', width: 1280, height: 720 }),
    name: source.toLowerCase(),
    ...(source !== 'UNKNOWN' && { source }),
    mimeType: isVideo ? 'video/VP8' : 'audio/red',
    stream: 'camera',
  };
}

function ingressInfo(chosen: Chosen, status: string) {
  const { at, since } = chosen;
  return {
    ingressId: sid(chosen, 'IN'),
    name: 'slides',
    streamKey: sid(chosen, 'SK'),
    url: 'rtmps://ingest.example.org/x',
    roomName: NAME,
    participantIdentity: 'slides',
    reusable: true,
    state: {
      ...(status !== 'ENDPOINT_INACTIVE' && { status }),
      roomId: sid(chosen, 'RM'),
      startedAt: nanoseconds(since),
      ...(status !== 'ENDPOINT_PUBLISHING' && { endedAt: nanoseconds(at) }),
      updatedAt: nanoseconds(at),
    },
  };
}

function job(chosen: Chosen, status: string) {
  const { at, since } = chosen;
  return {
    id: sid(chosen, 'AJ'),
    dispatchId: sid(chosen, 'AD'),
    room: nameOfRoom(chosen),
    agentName: 'minutes',
    state: {
      status,
      startedAt: nanoseconds(since),
      ...(status !== 'JS_RUNNING' && { endedAt: nanoseconds(at) }),
      updatedAt: nanoseconds(at),
      participantIdentity: 'agent-minutes',
    },
  };
}

const egress = (first: string) => (chosen: Chosen) => ({
  room: nameOfRoom(chosen),
  egressInfo: egressInfo(chosen, chosen.status ?? first),
});
const ingress = (first: string) => (chosen: Chosen) => ({
  room: { name: NAME },
  ingressInfo: ingressInfo(chosen, chosen.status ?? first),
});
const agentJob = (first: string) => (chosen: Chosen) => ({ job: job(chosen, chosen.status ?? first) });
const aboutTrack = (chosen: Chosen) => ({
  room: nameOfRoom(chosen),
  participant: publisher(chosen),
  track: track(chosen),
});

/** The members of every event's body, besides those that all have. */
const builders: Readonly<Record<string, (chosen: Chosen) => Members>> = {
  room_started: (chosen) => ({ room: room(chosen) }),
  room_finished: (chosen) => ({ room: room(chosen) }),
  participant_joined: (chosen) => ({ room: room(chosen), participant: participant(chosen, 'ACTIVE', chosen.at) }),
  participant_left: (chosen) => ({
    room: room(chosen),
    participant: {
      ...participant(chosen, 'DISCONNECTED', chosen.since),
      disconnectReason: chosen.reason ?? 'CLIENT_INITIATED',
    },
  }),
  participant_connection_aborted: (chosen) => ({
    room: room(chosen),
    participant: {
      ...participant(chosen, 'DISCONNECTED', chosen.at),
      disconnectReason: chosen.reason ?? 'JOIN_FAILURE',
    },
  }),
  track_published: aboutTrack,
  track_unpublished: aboutTrack,
  egress_started: egress('EGRESS_STARTING'),
  egress_updated: egress('EGRESS_ACTIVE'),
  egress_ended: egress('EGRESS_COMPLETE'),
  ingress_started: ingress('ENDPOINT_PUBLISHING'),
  ingress_ended: ingress('ENDPOINT_INACTIVE'),
  agent_job_started: agentJob('JS_RUNNING'),
  agent_job_ended: agentJob('JS_SUCCESS'),
};

/** The events of LiveKit. */
export const LIVEKIT_EVENTS: readonly string[] = Object.keys(builders);

/**
 * Builds the body of a LiveKit event.
 *
 * @param event a provider event name, such as `room_started`
 * @param options ids, times and statuses to use; without them, those of the sample meeting
 * @throws Error if there is no sample of that event
 */
export function livekitBody(event: string, options: LiveKitOptions = {}): ProviderBody {
  const build = Object.hasOwn(builders, event) ? builders[event] : undefined;
  if (!build) throw new Error(`There is no sample of "${event}". LiveKit's are: ${LIVEKIT_EVENTS.join(', ')}.`);
  const chosen = withDefaults(options);
  const what = [event, chosen.at.toISOString(), chosen.guest, chosen.source, chosen.status, chosen.output];
  return { event, ...build(chosen), id: sid(chosen, 'EV', what.join('/')), createdAt: seconds(chosen.at) };
}
