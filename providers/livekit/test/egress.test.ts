/** What LiveKit's bodies about an egress become, written by hand. */
import { FAMILY_OF, type MeetingEventType } from '@meetbus/events';
import fc from 'fast-check';
import { eventIn, eventOf as eventOfProvider } from '../../../test/support/normalized';
import { livekitTypeOf } from '../event-names';
import { AT, event, eventOf, SHORT_MEETING, SHORT_ROOM, UPDATED, UPDATED_TIME } from './bodies';

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
      { egress: { outputs: [{ stream: {} }, { hologram: {} }] } },
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

it('keeps the digits of times that are numbers', () => {
  const body = JSON.stringify(egressEvent({ ...COMPOSITE, updatedAt: 0 })).replace(
    '"updatedAt":0',
    `"updatedAt":${UPDATED}`,
  );
  expect(eventIn('livekit', 'egress_ended', body).time).toBe(UPDATED_TIME);
});

it('goes to the queue of its family, whatever its body holds', () => {
  const names = [
    ...[
      'egressInfo',
      'egress_info',
      'egressId',
      'egress',
      'track',
      'participant',
      'outputs',
      'stream',
      'streams',
      'file',
    ],
    ...['fileResults', 'stream_results', 'segments', 'websocketUrl', 'url', 'urls', 'info', 'status'],
  ];
  const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom<unknown>(null, '', 'a', 'rtmp://a/b', 0, 7.5, true, {}, []),
      fc.array(tie('tree'), { maxLength: 2 }),
      fc.dictionary(fc.constantFrom(...names), tie('tree'), { maxKeys: 5 }),
    ),
  }));
  const property = fc.property(tree, (egressInfo) => {
    const body = { event: 'egress_ended', id: 'EV_1', egressInfo };
    const family = FAMILY_OF[livekitTypeOf('egress_ended', body) as MeetingEventType];
    expect([family, 'unrecognized']).toContain(FAMILY_OF[eventOfProvider('livekit', 'egress_ended', body).type]);
  });
  fc.assert(property, { numRuns: 2_000 });
});
