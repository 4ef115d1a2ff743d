/** What LiveKit's bodies become, written by hand. */
import { eventOf as eventOfProvider } from '../../../test/support/normalized';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { livekitVariants } from '../sandbox/variants';
import { AT, event, eventOf, SHORT_MEETING, SHORT_ROOM, UPDATED, UPDATED_TIME } from './bodies';

const ROOM = { sid: 'RM_1', name: 'planning', creationTime: '1770111000', creationTimeMs: '1770111000417' };
const OPENED = '2026-02-03T09:30:00.417Z';
const MEETING = { id: 'planning', sessionid: 'RM_1', createdat: OPENED, startedat: OPENED };

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

it('labels with JSON that may hold a credential are in the raw body alone, where it is cut out', () => {
  const attributes = {
    team: 'sales',
    plan: '{"seats":3}',
    call: '{"id":"1","token":"hidden"}',
    list: ' [{"secret":"hidden"}]',
  };
  const kept = { team: 'sales', plan: '{"seats":3}' };
  const joined = eventOf(event('participant_joined', { room: ROOM, participant: { sid: 'PA_1', attributes } }));
  expect(joined.data.participant.extradata).toEqual({ attributes: kept });
  expect(eventOf(event('agent_job_started', { job: { id: 'AJ_1', attributes } })).data.bot.metadata).toEqual(kept);
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
    data: {
      bot: { id: 'AJ_1', metadata: { team: 'sales' } },
      status: { code: 'JS_FAILED', subcode: 'crashed' },
      meeting: SHORT_MEETING,
    },
  });
  const started = eventOf(event('agent_job_started', { job: { id: 'AJ_1' } }));
  expect([started.time, started.data.status]).toEqual([AT, { code: 'JS_PENDING' }]);
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
