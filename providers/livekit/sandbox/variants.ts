import type { ProviderBody, Variant } from '../../kit/sandbox/delivery';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { LIVEKIT_EVENTS, livekitBody } from './bodies';
import { EGRESS_FAMILIES } from './egress-variants';
import { deeply, type Family, type Row } from './rows';

/** 64-bit numbers as numbers: what passes a body on may have parsed it. */
const withNumbers = (body: ProviderBody): ProviderBody =>
  deeply(body, (name, value) => [name, typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value]);

/** Names with underscores, as in the protocol's own files. */
const withUnderscores = (body: ProviderBody): ProviderBody =>
  deeply(body, (name, value) => [name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]);

const rewritten = (how: string, rewrite: (body: ProviderBody) => ProviderBody): Row[] =>
  LIVEKIT_EVENTS.map((event) => [`${event} ${how}`, event, rewrite]);

const FAMILIES: readonly Family[] = [
  ["Protobuf's JSON has 64-bit numbers as text; others write numbers.", rewritten('with numbers', withNumbers)],
  ["Protobuf's JSON may keep the names of its files.", rewritten('with underscores', withUnderscores)],
  [
    'A serializer may write what is zero, empty or not set.',
    [
      ['room without its times', 'room_started', { 'room.creationTime': '0', 'room.creationTimeMs': '0' }],
      ['room of an older server', 'room_finished', { 'room.creationTimeMs': ABSENT }],
      ['room of a name alone', 'participant_left', { room: { name: 'quarterly-planning' } }],
      ['no room', 'participant_joined', { room: null }],
      ['event without an id', 'room_finished', { id: '' }],
      ['event without a time', 'track_published', { createdAt: ABSENT }],
      ['participant without a name', 'participant_joined', { 'participant.name': '' }],
      ['participant of an older server', 'participant_joined', { 'participant.joinedAtMs': ABSENT }],
      [
        'participant who never joined',
        'participant_connection_aborted',
        { 'participant.joinedAt': '0', 'participant.joinedAtMs': '0', 'participant.disconnectReason': ABSENT },
      ],
      ['participant without ids', 'participant_left', { 'participant.sid': '', 'participant.identity': ABSENT }],
      ['no attributes', 'participant_joined', { 'participant.attributes': {} }],
      ['attributes null', 'participant_joined', { 'participant.attributes': null }],
      ['no reason', 'participant_left', { 'participant.disconnectReason': ABSENT }],
    ],
  ],
  [
    'A participant is a person, a phone, an agent, or a service of LiveKit.',
    ['INGRESS', 'EGRESS', 'SIP', 'AGENT', 'CONNECTOR', 'BRIDGE', 4, 'agent', 'HOLOGRAM'].map(
      (kind): Row => [`participant of kind ${kind}`, 'participant_joined', { 'participant.kind': kind }],
    ),
  ],
  [
    'Enumerations are numbers in some serializers, and new values come.',
    [
      ['reason as a number', 'participant_left', { 'participant.disconnectReason': 9 }],
      ['reason as a number in a text', 'participant_left', { 'participant.disconnectReason': '9' }],
      ['reason that is new', 'participant_left', { 'participant.disconnectReason': 'GONE_FISHING' }],
      ['number that is new', 'participant_left', { 'participant.disconnectReason': 99 }],
      ...[0, 1, 2, 3, 4, 'camera', 'Screen_Share', 'HOLOGRAM', null].map(
        (source): Row => [`track with source ${source}`, 'track_published', { 'track.source': source }],
      ),
      ['track of data', 'track_unpublished', { 'track.type': 'DATA', 'track.source': ABSENT }],
      ['track without a name', 'track_unpublished', { 'track.name': ABSENT }],
      ['track of video as a number', 'track_published', { 'track.type': 1 }],
    ],
  ],
  [
    'A track comes from a device, or from somewhere else.',
    (['CAMERA', 'MICROPHONE', 'SCREEN_SHARE', 'SCREEN_SHARE_AUDIO', 'UNKNOWN'] as const).flatMap((source): Row[] => [
      [`${source} published`, 'track_published', {}, { source }],
      [`${source} unpublished`, 'track_unpublished', {}, { source }],
    ]),
  ],
  [
    'A server may be told to send the whole room with each track.',
    [['track with the whole room', 'track_published', { room: livekitBody('room_started').room }]],
  ],
  [
    'An ingress comes in by several ways, and ends for several reasons.',
    [
      ...['ENDPOINT_BUFFERING', 'ENDPOINT_ERROR', 'ENDPOINT_COMPLETE', 'ENDPOINT_NEW'].map(
        (status): Row => [`ingress ${status}`, 'ingress_ended', {}, { status }],
      ),
      ['ingress by WHIP', 'ingress_started', { 'ingressInfo.inputType': 'WHIP_INPUT' }],
      ['ingress from a URL', 'ingress_started', { 'ingressInfo.inputType': 2 }],
      ['ingress without a state', 'ingress_ended', { 'ingressInfo.state': null }],
      ['ingress without a name', 'ingress_started', { 'ingressInfo.name': ABSENT }],
      ['ingress of no room', 'ingress_ended', { room: {}, 'ingressInfo.roomName': '' }],
      [
        'ingress with an error',
        'ingress_ended',
        {
          'ingressInfo.streamKey': 'a-stream-key-of-somebody',
          'ingressInfo.state.error': 'could not read rtmps://ingest.example.org/x/a-stream-key-of-somebody: timeout',
        },
        { status: 'ENDPOINT_ERROR' },
      ],
    ],
  ],
  [
    "An agent's job ends well or not.",
    [
      ['job that failed', 'agent_job_ended', { 'job.state.error': 'process crashed' }, { status: 'JS_FAILED' }],
      ['job by number', 'agent_job_ended', { 'job.state.status': 3 }],
      ['job without a state', 'agent_job_started', { 'job.state': ABSENT }],
      ['job with labels', 'agent_job_started', { 'job.attributes': { team: 'sales', token: 'a-token-of-somebody' } }],
    ],
  ],
  [
    'LiveKit adds fields without notice.',
    [
      [
        'unknown fields on every level',
        'participant_joined',
        {
          numDropped: 2,
          token: 'a-token-of-somebody',
          'room.region': 'eu',
          'room.metadata': '{"password":"a-password-of-somebody"}',
          'participant.clientProtocol': 1,
          'participant.attributes': { 'lk.agent.state': 'listening', secret: 'a-secret-of-somebody' },
        },
      ],
    ],
  ],
];

/** LiveKit's bodies that differ from the samples but must be understood. */
export const livekitVariants: readonly Variant[] = [...FAMILIES, ...EGRESS_FAMILIES].flatMap(([why, rows]) =>
  rows.map(([name, event, changes, options]) => {
    const sample = livekitBody(event, options);
    return { name, event, body: typeof changes === 'function' ? changes(sample) : vary(sample, changes), why };
  }),
);
