/** Bodies about an egress that differ from the samples. */
import { ABSENT } from '../../kit/sandbox/vary';
import type { Family, Row } from './rows';

const STATUSES = [
  'EGRESS_STARTING',
  'EGRESS_ACTIVE',
  'EGRESS_ENDING',
  'EGRESS_COMPLETE',
  'EGRESS_FAILED',
  'EGRESS_ABORTED',
  'EGRESS_LIMIT_REACHED',
  'EGRESS_NEW',
] as const;

const OUTPUTS = ['file', 'segments', 'stream'] as const;

const AT = '1770111725000000000';
const STORED = { startedAt: AT, endedAt: AT, duration: '9000000000', size: '5000' };
const FILE = { filename: 'a.mp4', location: 'https://recordings.example.org/a.mp4', ...STORED };
const OTHER_FILE = { ...FILE, filename: 'b.mp4', location: 'https://recordings.example.org/b.mp4' };
const PLAYLIST = { playlistName: 'a.m3u8', playlistLocation: 'https://recordings.example.org/a.m3u8', ...STORED };

const KEY = 'a-stream-key-of-somebody';
const ADDRESS = `rtmps://live.example.org/app/${KEY}`;
const STREAM = { protocol: 'RTMP', urls: [ADDRESS] };

/** In place of the request for a recording of the room. */
const asked = (request: object, more: object = {}) => ({
  'egressInfo.roomComposite': ABSENT,
  ...prefixed({ ...request, ...more }),
});

const prefixed = (members: object) =>
  Object.fromEntries(Object.entries(members).map(([name, member]) => [`egressInfo.${name}`, member]));

const noResults = { fileResults: [] };

export const EGRESS_FAMILIES: readonly Family[] = [
  [
    'An egress has these statuses, and more may come.',
    OUTPUTS.flatMap((output) =>
      STATUSES.map((status): Row => [`${output} ${status}`, 'egress_updated', {}, { output, status }]),
    ),
  ],
  [
    'A status is a number in some serializers, or in lower case.',
    [
      ...[0, 1, 2, 3, 4, 5, 6, 7, '3', 'egress_complete'].map(
        (status): Row => [
          `egress with status ${JSON.stringify(status)}`,
          'egress_ended',
          { 'egressInfo.status': status },
        ],
      ),
    ],
  ],
  [
    'There are several kinds of requests, and each may be stored.',
    [
      [
        'page',
        'egress_ended',
        asked({ web: { url: 'https://example.org/page?token=a', fileOutputs: [{}] }, roomName: '', roomId: '' }, {}),
      ],
      ['participant', 'egress_ended', asked({ participant: { identity: 'guest-1', fileOutputs: [{}] } })],
      ['tracks', 'egress_ended', asked({ trackComposite: { audioTrackId: 'TR_1', file: {} } })],
      ['track', 'egress_ended', asked({ track: { trackId: 'TR_1', file: { filepath: 'a.ogg' } } })],
      [
        'template',
        'egress_ended',
        asked({
          egress: {
            template: { layout: 'grid', customBaseUrl: 'https://example.org/template?token=a' },
            outputs: [{ file: {} }],
          },
        }),
      ],
      ['media', 'egress_ended', asked({ egress: { media: {}, outputs: [{ segments: {} }] } }, noResults)],
      ['replay', 'egress_ended', asked({ replay: { replayId: 'RP_1', outputs: [{ file: {} }] } })],
      [
        'images',
        'egress_ended',
        asked({ roomComposite: { imageOutputs: [{}] }, imageResults: [{ imageCount: '4' }] }, noResults),
      ],
      ['nothing that is known', 'egress_ended', asked({ hologram: {} }, noResults)],
    ],
  ],
  [
    'There are several kinds of streams.',
    [
      ['page streamed', 'egress_started', asked({ web: { url: 'https://example.org', streamOutputs: [STREAM] } })],
      ['stream of an older request', 'egress_started', asked({ roomComposite: { stream: STREAM } })],
      [
        'track to a WebSocket',
        'egress_started',
        asked({ track: { trackId: 'TR_1', websocketUrl: `wss://a.example.org/in?key=${KEY}` } }),
      ],
      ['stream of a newer request', 'egress_started', asked({ egress: { web: {}, outputs: [{ stream: STREAM }] } })],
      ['stream of an older result', 'egress_ended', asked({ stream: { info: [{ url: ADDRESS }] } }, noResults)],
      [
        'stream to a host that is a key',
        'egress_started',
        asked({ roomComposite: { streamOutputs: [{ urls: [`mux://${KEY}`] }] } }),
      ],
      [
        'stream to a server with a user',
        'egress_started',
        asked({
          roomComposite: { streamOutputs: [{ urls: [`srt://user:${KEY}@srt.example.org:7001?passphrase=${KEY}`] }] },
        }),
      ],
      [
        'stream that failed',
        'egress_ended',
        {
          'egressInfo.error': `could not connect to ${ADDRESS}: refused`,
          'egressInfo.streamResults': [{ url: ADDRESS }],
        },
        { output: 'stream', status: 'EGRESS_FAILED' },
      ],
    ],
  ],
  [
    'One egress may be stored and streamed.',
    [
      [
        'file and stream',
        'egress_ended',
        { 'egressInfo.roomComposite.streamOutputs': [STREAM], 'egressInfo.streamResults': [{ url: ADDRESS }] },
      ],
      [
        'file and stream of a newer request',
        'egress_started',
        asked({ egress: { template: {}, outputs: [{ stream: STREAM }, { file: {} }] } }),
      ],
      ['file and playlist', 'egress_ended', prefixed({ fileResults: [FILE], segmentResults: [PLAYLIST] })],
      ['two files', 'egress_ended', prefixed({ fileResults: [FILE, OTHER_FILE] })],
    ],
  ],
  [
    'Older servers name results otherwise.',
    [
      ['older file', 'egress_ended', prefixed({ fileResults: ABSENT, file: FILE })],
      ['older playlist', 'egress_ended', prefixed({ fileResults: ABSENT, segments: PLAYLIST })],
      ['both names', 'egress_ended', prefixed({ fileResults: [FILE], file: FILE })],
    ],
  ],
  [
    'A file without storage is on the disk of the server.',
    [
      ['file on a disk', 'egress_ended', prefixed({ fileResults: [{ ...FILE, location: '/out/a.mp4' }] })],
      [
        'file without a location',
        'egress_ended',
        prefixed({ fileResults: [{ ...FILE, location: '', size: '0', duration: '0' }] }),
      ],
      ['no result', 'egress_ended', prefixed({ fileResults: ABSENT })],
      ['results null', 'egress_ended', prefixed({ fileResults: null })],
    ],
  ],
  [
    'An automatic egress that could not start has no id, and its request is sent as it was made, with its credentials.',
    [
      [
        'automatic egress that failed',
        'egress_ended',
        {
          egressInfo: {
            roomId: 'RM_1',
            roomName: 'quarterly-planning',
            status: 'EGRESS_FAILED',
            error: 'egress launcher not found',
            participant: {
              roomName: 'quarterly-planning',
              identity: 'guest-1',
              fileOutputs: [
                {
                  s3: {
                    ...{ accessKey: 'an-access-key', secret: 'a-secret-of-storage', sessionToken: 'a-session-token' },
                    ...{ assumeRoleExternalId: 'an-external-id', bucket: 'recordings' },
                    proxy: {
                      url: 'http://user:a-password@proxy.example.org',
                      username: 'user',
                      password: 'a-password',
                    },
                  },
                },
              ],
              segmentOutputs: [{ azure: { accountName: 'recordings', accountKey: 'an-account-key' } }],
              webhooks: [{ url: 'https://hooks.example.org', signingKey: 'an-api-key' }],
            },
          },
        },
      ],
      [
        'track egress that failed',
        'egress_ended',
        {
          egressInfo: {
            ...{ roomName: 'quarterly-planning', status: 'EGRESS_FAILED', error: 'no egress available' },
            track: { trackId: 'TR_1', file: { gcp: { credentials: '{"private_key":"a-private-key"}' } } },
          },
        },
      ],
    ],
  ],
  [
    'Times of an egress come and go.',
    [
      ['no times', 'egress_updated', prefixed({ startedAt: '0', updatedAt: '0', endedAt: null })],
      ['room in the egress alone', 'egress_started', { room: {} }],
      ['no room', 'egress_started', { room: ABSENT, ...prefixed({ roomName: '', roomId: '' }) }],
    ],
  ],
];
