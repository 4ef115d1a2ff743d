/** What LiveKit's bodies become, written by hand. */
import { eventIn, eventOf as eventOfProvider } from '../../../test/support/normalized';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { livekitVariants } from '../sandbox/variants';

const eventOf = (body: { readonly event: string; readonly [member: string]: unknown }) => {
  const { type, subject, time, data } = eventOfProvider('livekit', body.event, body);
  return { type, subject, time, data };
};

const CREATED = '1770111725';
const AT = '2026-02-03T09:42:05.000Z';
const ROOM = { sid: 'RM_1', name: 'planning', creationTime: '1770111000', creationTimeMs: '1770111000417' };
const OPENED = '2026-02-03T09:30:00.417Z';
const MEETING = { id: 'planning', sessionid: 'RM_1', createdat: OPENED, startedat: OPENED };
const SHORT_ROOM = { sid: 'RM_1', name: 'planning' };
const SHORT_MEETING = { id: 'planning', sessionid: 'RM_1' };

const event = <Members extends object>(name: string, members: Members) => ({
  ...{ event: name, id: 'EV_1', createdAt: CREATED },
  ...members,
});

describe('a room', () => {
  it('is a meeting that begins', () => {
    expect(eventOf(event('room_started', { room: ROOM }))).toEqual({
      ...{ type: 'meeting.started', subject: 'meeting/planning', time: OPENED },
      data: { meeting: MEETING },
    });
  });

  it('is a meeting that ends', () => {
    expect(eventOf(event('room_finished', { room: ROOM }))).toEqual({
      ...{ type: 'meeting.ended', subject: 'meeting/planning', time: AT },
      data: { meeting: { ...MEETING, endedat: AT } },
    });
  });

  it('of an older server was opened to the second', () => {
    const made = eventOf(event('room_started', { room: { ...ROOM, creationTimeMs: '0' } }));
    expect([made.time, made.data.meeting.startedat]).toEqual(Array(2).fill('2026-02-03T09:30:00.000Z'));
  });

  it.each([{}, { room: null }, { room: {} }, { room: { name: '' } }])(
    'without a name is not understood: %j',
    (members) => {
      expect(eventOf(event('room_started', members)).type).toBe('event.unrecognized');
    },
  );
});

describe('a participant', () => {
  const participant = {
    ...{ sid: 'PA_1', identity: 'guest-1', name: 'Guest 1', joinedAt: '1770111600', joinedAtMs: '1770111600250' },
    attributes: { team: 'sales', token: 'hidden' },
  };
  const JOINED = '2026-02-03T09:40:00.250Z';
  const expected = {
    ...{ id: 'PA_1', name: 'Guest 1', customid: 'guest-1', platform: 'STANDARD', joinedat: JOINED },
    extradata: { attributes: { team: 'sales' } },
  };
  const subject = 'meeting/planning/participant/PA_1';

  it('joins', () => {
    expect(eventOf(event('participant_joined', { room: ROOM, participant }))).toEqual({
      ...{ type: 'participant.joined', subject, time: JOINED },
      data: { participant: expected, meeting: MEETING },
    });
  });

  it.each([
    ['participant_left', 'participant.left'],
    ['participant_connection_aborted', 'participant.connection_aborted'],
  ])('goes: %s', (name, type) => {
    const gone = { ...participant, kind: 'SIP', disconnectReason: 'USER_REJECTED' };
    expect(eventOf(event(name, { room: ROOM, participant: gone }))).toEqual({
      ...{ type, subject, time: AT },
      data: {
        participant: { ...expected, platform: 'SIP', leftat: AT },
        reason: 'USER_REJECTED',
        meeting: MEETING,
      },
    });
  });

  it('is not of a meeting where no room is told', () => {
    const made = eventOf(event('participant_joined', { participant: { sid: 'PA_1' } }));
    expect(made).toMatchObject({ subject: 'participant/PA_1', time: AT });
    expect(made.data).toEqual({ participant: { id: 'PA_1', platform: 'STANDARD' } });
  });

  it.each([
    [0, 'UNKNOWN_REASON'],
    [1, 'CLIENT_INITIATED'],
    ['4', 'PARTICIPANT_REMOVED'],
    [16, 'AGENT_ERROR'],
    [17, '17'],
    ['client_initiated', 'CLIENT_INITIATED'],
    ['NEW_REASON', 'NEW_REASON'],
    ['', undefined],
    [null, undefined],
    [{}, undefined],
  ])('leaves because of %j: %s', (disconnectReason, reason) => {
    const made = eventOf(event('participant_left', { participant: { ...participant, disconnectReason } }));
    expect(made.data.reason).toBe(reason);
  });

  it.each([
    [0, 'STANDARD'],
    [3, 'SIP'],
    [5, '5'],
    [7, 'CONNECTOR'],
    [8, 'BRIDGE'],
    ['agent', 'AGENT'],
  ])('of kind %j came by %s', (kind, platform) => {
    const made = eventOf(event('participant_joined', { participant: { ...participant, kind } }));
    expect(made.data.participant.platform).toBe(platform);
  });
});

describe('a track', () => {
  const participant = { sid: 'PA_1', identity: 'guest-1' };
  const made = (name: string, track: object) => eventOf(event(name, { room: SHORT_ROOM, participant, track }));

  it.each([
    ['CAMERA', 'participant.webcam'],
    [1, 'participant.webcam'],
    ['MICROPHONE', 'participant.microphone'],
    ['microphone', 'participant.microphone'],
    ['SCREEN_SHARE', 'participant.screenshare'],
    [3, 'participant.screenshare'],
  ])('of source %j is %s', (source, type) => {
    const track = { sid: 'TR_1', type: 'VIDEO', source };
    expect([made('track_published', track).type, made('track_unpublished', track).type]).toEqual([
      `${type}_started`,
      `${type}_stopped`,
    ]);
  });

  it.each([
    ['SCREEN_SHARE_AUDIO', 'SCREEN_SHARE_AUDIO'],
    ['UNKNOWN', 'UNKNOWN'],
    [4, 'SCREEN_SHARE_AUDIO'],
    [undefined, 'UNKNOWN'],
    ['LIDAR', 'LIDAR'],
  ])('of source %j is another one', (source, told) => {
    const track = { sid: 'TR_1', source, name: 'sound' };
    expect(made('track_published', track)).toEqual({
      ...{ type: 'track.published', subject: 'meeting/planning/participant/PA_1', time: AT },
      data: {
        participant: { id: 'PA_1', customid: 'guest-1' },
        // Protobuf leaves out the first type, which is sound.
        track: { id: 'TR_1', kind: 'AUDIO', source: told, name: 'sound' },
        meeting: SHORT_MEETING,
      },
    });
    expect(made('track_unpublished', track).type).toBe('track.unpublished');
  });

  it('tells what it carries', () => {
    expect(made('track_published', { sid: 'TR_1', type: 'VIDEO', source: 'CAMERA', name: '' })).toEqual({
      ...{ type: 'participant.webcam_started', subject: 'meeting/planning/participant/PA_1', time: AT },
      data: {
        participant: { id: 'PA_1', customid: 'guest-1' },
        track: { id: 'TR_1', kind: 'VIDEO', source: 'CAMERA' },
        meeting: SHORT_MEETING,
      },
    });
  });
});

const UPDATED = '1770111725123456789';
const UPDATED_TIME = '2026-02-03T09:42:05.123456789Z';
const EGRESS = {
  ...{ egressId: 'EG_1', roomId: 'RM_1', roomName: 'planning', updatedAt: UPDATED },
  ...{ startedAt: '1770111000417000000', endedAt: '1770111725000000000' },
};
const FILE = {
  ...{ filename: 'a.mp4', location: 'https://recordings.example.org/a.mp4', duration: '724583000000', size: '5000' },
  ...{ startedAt: '1770111000417000000', endedAt: '1770111725000000000' },
};
const PLAYLIST = {
  ...FILE,
  filename: undefined,
  location: undefined,
  playlistName: 'a.m3u8',
  playlistLocation: 's3://b/a.m3u8',
};
const egressEvent = (info: object, name = 'egress_ended') =>
  event(name, { room: SHORT_ROOM, egressInfo: { ...EGRESS, ...info } });
const COMPOSITE = { roomComposite: { roomName: 'planning', fileOutputs: [{ filepath: 'a.mp4' }] } };

describe('an egress that is stored', () => {
  it('is a recording', () => {
    const made = eventOf(egressEvent({ ...COMPOSITE, status: 'EGRESS_COMPLETE', fileResults: [FILE] }));
    expect(made).toEqual({
      ...{ type: 'recording.ready', subject: 'recording/EG_1', time: UPDATED_TIME },
      data: {
        recording: {
          ...{ id: 'EG_1', type: 'roomComposite', startedat: '2026-02-03T09:30:00.417000000Z' },
          ...{ stoppedat: '2026-02-03T09:42:05.000000000Z', duration: 724.583, filename: 'a.mp4', filesize: 5_000 },
        },
        status: { code: 'EGRESS_COMPLETE' },
        download: { url: 'https://recordings.example.org/a.mp4' },
        meeting: SHORT_MEETING,
      },
    });
  });

  it.each([
    [undefined, 'recording.status_changed', 'EGRESS_STARTING'],
    ['EGRESS_STARTING', 'recording.status_changed', 'EGRESS_STARTING'],
    ['EGRESS_ACTIVE', 'recording.started', 'EGRESS_ACTIVE'],
    ['EGRESS_ENDING', 'recording.uploading', 'EGRESS_ENDING'],
    ['EGRESS_COMPLETE', 'recording.ready', 'EGRESS_COMPLETE'],
    ['EGRESS_LIMIT_REACHED', 'recording.ready', 'EGRESS_LIMIT_REACHED'],
    ['EGRESS_FAILED', 'recording.failed', 'EGRESS_FAILED'],
    ['EGRESS_ABORTED', 'recording.failed', 'EGRESS_ABORTED'],
    [1, 'recording.started', 'EGRESS_ACTIVE'],
    ['6', 'recording.ready', 'EGRESS_LIMIT_REACHED'],
    [7, 'recording.status_changed', '7'],
    ['egress_ending', 'recording.uploading', 'EGRESS_ENDING'],
    ['constructor', 'recording.status_changed', 'CONSTRUCTOR'],
  ])('with status %j is %s, whatever its event', (status, type, code) => {
    for (const name of ['egress_started', 'egress_updated', 'egress_ended']) {
      const made = eventOf(egressEvent({ ...COMPOSITE, status }, name));
      expect([made.type, made.data.status]).toEqual([type, { code }]);
    }
  });

  it.each<[string, object, string | undefined]>([
    ['a page', { web: { url: 'https://example.org', fileOutputs: [{}] } }, 'web'],
    ['a participant', { participant: { identity: 'a', fileOutputs: [{}] } }, 'participant'],
    ['two tracks', { trackComposite: { file: {} } }, 'trackComposite'],
    ['a track', { track: { trackId: 'TR_1', file: {} } }, 'track'],
    ['a room by a newer request', { egress: { template: {}, outputs: [{ file: {} }] } }, 'template'],
    ['a page by a newer request', { egress: { web: {}, outputs: [{ segments: {} }] } }, 'web'],
    ['media by a newer request', { egress: { media: {}, outputs: [{ images: {} }] } }, 'media'],
    ['a replay', { replay: { replayId: 'a', outputs: [{ file: {} }] } }, 'replay'],
    ['a replay of a template', { replay: { template: {} } }, 'template'],
    ['images', { room_composite: { image_outputs: [{}] } }, 'roomComposite'],
    ['nothing that is known', {}, undefined],
  ])('may be of %s', (_what, request, type) => {
    const made = eventOf(egressEvent({ ...request, status: 'EGRESS_ACTIVE' }));
    expect([made.type, made.data.recording.type]).toEqual(['recording.started', type]);
  });

  it('may be several files', () => {
    const made = eventOf(egressEvent({ ...COMPOSITE, status: 3, fileResults: [FILE], segmentResults: [PLAYLIST] }));
    const common = {
      ...{ size: 5_000, startedat: '2026-02-03T09:30:00.417000000Z', endedat: '2026-02-03T09:42:05.000000000Z' },
    };
    expect(made.data.download).toEqual({
      files: [
        { url: 'https://recordings.example.org/a.mp4', kind: 'file', name: 'a.mp4', ...common },
        { url: 's3://b/a.m3u8', kind: 'segments', name: 'a.m3u8', ...common },
      ],
    });
  });

  it.each([
    [{ file: FILE, fileResults: [FILE] }, { url: FILE.location }],
    [{ file: FILE }, { url: FILE.location }],
    [{ segments: PLAYLIST }, { url: 's3://b/a.m3u8' }],
    [{ fileResults: [{ ...FILE, location: '/out/a.mp4' }] }, undefined],
    [{ fileResults: [{ ...FILE, location: '' }] }, undefined],
    [{ fileResults: 'none' }, undefined],
  ])('is to be had at %j: %j', (results, download) => {
    expect(eventOf(egressEvent({ ...COMPOSITE, ...results })).data.download).toEqual(download);
  });

  it('is a recording too where it is also streamed', () => {
    const streamed = { streamOutputs: [{ urls: ['rtmp://a/b/hidden-key'] }], fileOutputs: [{}] };
    for (const info of [
      { roomComposite: streamed },
      { egress: { outputs: [{ stream: {} }, { file: {} }] } },
      { streamResults: [{}], fileResults: [{}] },
    ])
      expect(eventOf(egressEvent(info)).type).toBe('recording.status_changed');
  });

  it('that could not start has the id of its event', () => {
    const egressInfo = { roomName: 'planning', status: 'EGRESS_FAILED', error: 'egress launcher not found' };
    const made = eventOf(event('egress_ended', { egressInfo }));
    expect(made).toEqual({
      ...{ type: 'recording.failed', subject: 'recording/EV_1', time: AT },
      data: {
        recording: { id: 'EV_1' },
        status: { code: 'EGRESS_FAILED', subcode: 'egress launcher not found' },
        meeting: { id: 'planning' },
      },
    });
    expect(eventOf({ ...event('egress_ended', { egressInfo }), id: '' }).type).toBe('event.unrecognized');
  });
});

describe('an egress that is streamed alone', () => {
  const ADDRESS = 'rtmps://live.example.org/app/hidden-key';

  it('is a livestream', () => {
    const made = eventOf(
      egressEvent({
        ...{ status: 'EGRESS_FAILED', error: `cannot reach ${ADDRESS}: refused` },
        roomComposite: { streamOutputs: [{ protocol: 'RTMP', urls: [ADDRESS] }] },
        streamResults: [{ url: ADDRESS, status: 'FAILED' }],
      }),
    );
    expect(made).toEqual({
      ...{ type: 'livestream.status_changed', subject: 'livestream/EG_1', time: UPDATED_TIME },
      data: {
        livestream: { id: 'EG_1', ingestserver: 'rtmps://live.example.org' },
        status: { code: 'EGRESS_FAILED', subcode: 'cannot reach … refused' },
        meeting: SHORT_MEETING,
      },
    });
  });

  it.each<[object, string | undefined]>([
    [{ roomComposite: { streamOutputs: [{ urls: [ADDRESS] }] } }, 'rtmps://live.example.org'],
    [{ room_composite: { stream_outputs: [{ urls: [ADDRESS] }] } }, 'rtmps://live.example.org'],
    [
      { web: { stream: { urls: ['RTMP://live.example.org:1935/app/hidden-key live=1'] } } },
      'rtmp://live.example.org:1935',
    ],
    [{ track: { websocketUrl: 'wss://user:hidden-key@a.example.org/in?key=hidden-key' } }, 'wss://a.example.org'],
    [
      { egress: { template: {}, outputs: [{ stream: { urls: ['srt://a:7001?passphrase=hidden-key'] } }] } },
      'srt://a:7001',
    ],
    [{ roomComposite: { streamOutputs: [{ urls: ['mux://hidden-key'] }] } }, undefined],
    [{ roomComposite: { streamOutputs: [{ urls: ['twitch://hidden-key', ADDRESS] }] } }, 'rtmps://live.example.org'],
    [{ stream: { info: [{ url: ADDRESS }] } }, 'rtmps://live.example.org'],
    [{ streamResults: [{ url: 7 }] }, undefined],
    [{ streamResults: [{}], fileResults: [], roomComposite: { fileOutputs: [], streamOutputs: [] } }, undefined],
  ])('shows of %j no more than the server: %s', (info, ingestserver) => {
    const made = eventOf(egressEvent(info));
    expect(made.type).toBe('livestream.status_changed');
    expect(made.data.livestream.ingestserver).toBe(ingestserver);
    expect(JSON.stringify(made)).not.toContain('hidden-key');
  });
});

describe('an ingress', () => {
  const info = { ingressId: 'IN_1', name: 'slides', streamKey: 'hidden-key', url: 'rtmps://a/x', roomName: 'planning' };

  it('is a stream that comes in', () => {
    const state = { status: 'ENDPOINT_PUBLISHING', roomId: 'RM_1', updatedAt: UPDATED };
    const made = eventOf(event('ingress_started', { room: { name: 'planning' }, ingressInfo: { ...info, state } }));
    expect(made).toEqual({
      ...{ type: 'ingress.status_changed', subject: 'ingress/IN_1', time: UPDATED_TIME },
      data: {
        ingress: { id: 'IN_1', kind: 'RTMP_INPUT', name: 'slides' },
        status: { code: 'ENDPOINT_PUBLISHING' },
        meeting: SHORT_MEETING,
      },
    });
  });

  it('ends, with the reason if it failed', () => {
    const state = { status: 3, error: 'no video in https://user:hidden-key@a.example.org/v.m3u8' };
    const made = eventOf(event('ingress_ended', { ingressInfo: { ...info, inputType: 'URL_INPUT', state } }));
    expect([made.time, made.data.status, made.data.ingress.kind]).toEqual([
      AT,
      { code: 'ENDPOINT_ERROR', subcode: 'no video in …' },
      'URL_INPUT',
    ]);
    expect(eventOf(event('ingress_ended', { ingressInfo: info })).data.status).toEqual({ code: 'ENDPOINT_INACTIVE' });
  });
});

it("an agent's job is a bot", () => {
  const state = { status: 'JS_FAILED', error: 'crashed', updatedAt: UPDATED };
  const job = { id: 'AJ_1', agentName: 'minutes', room: SHORT_ROOM, state, attributes: { team: 'sales', secret: 'x' } };
  expect(eventOf(event('agent_job_ended', { job }))).toEqual({
    ...{ type: 'bot.status_changed', subject: 'bot/AJ_1', time: UPDATED_TIME },
    data: { bot: { id: 'AJ_1', metadata: { team: 'sales' } }, status: { code: 'JS_FAILED', subcode: 'crashed' } },
  });
  const started = eventOf(event('agent_job_started', { job: { id: 'AJ_1' } }));
  expect([started.time, started.data.status]).toEqual([AT, { code: 'JS_PENDING' }]);
});

it('keeps the digits of times that are numbers', () => {
  const body = JSON.stringify(egressEvent({ ...COMPOSITE, updatedAt: 0 })).replace(
    '"updatedAt":0',
    `"updatedAt":${UPDATED}`,
  );
  expect(eventIn('livekit', 'egress_ended', body).time).toBe(UPDATED_TIME);
});

it('an event without a time has that of its receipt', () => {
  const made = eventOf(vary(event('room_finished', { room: ROOM }), { createdAt: ABSENT }) as { event: string });
  expect(made.data.meeting).toEqual(MEETING);
  expect(made.time).not.toBe(AT);
});

it.each(livekitVariants.map((variant) => [variant.name, variant] as const))(
  'variant: %s',
  (_name, { event: name, body }) => {
    const made = eventOfProvider('livekit', name, body);
    expect(made.type).not.toBe('event.unrecognized');
    expect(JSON.stringify(made)).not.toMatch(/of-somebody|hidden/);
  },
);
