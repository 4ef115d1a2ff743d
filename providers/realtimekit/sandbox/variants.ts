import { type ProviderBody, SAMPLE_START, SAMPLE_TIME, type Variant } from '../../kit/sandbox/delivery';
import { sampleId } from '../../kit/sandbox/ids';
import { ABSENT, vary } from '../../kit/sandbox/vary';
import { type RealtimeKitOptions, realtimekitBody, SAMPLE_ORGANIZATION_ID } from './bodies';

type Row = readonly [
  name: string,
  event: string,
  changes: Readonly<Record<string, unknown>>,
  options?: RealtimeKitOptions,
];

/** Why a family of variants occurs, and its members. */
const FAMILIES: readonly (readonly [why: string, rows: readonly Row[]])[] = [
  [
    'meeting.chatSynced has no `meeting`, and its title and dates may be missing.',
    [
      ['chat without a title', 'meeting.chatSynced', { title: ABSENT }],
      ['chat without dates', 'meeting.chatSynced', { createdAt: ABSENT, startedAt: ABSENT, endedAt: ABSENT }],
      [
        'chat with null for title and dates',
        'meeting.chatSynced',
        { title: null, createdAt: null, startedAt: null, endedAt: null },
      ],
      [
        'chat with ids and link only',
        'meeting.chatSynced',
        { title: ABSENT, createdAt: ABSENT, startedAt: ABSENT, endedAt: ABSENT, chatDownloadUrlExpiry: ABSENT },
      ],
    ],
  ],
  [
    'A livestream may not belong to a meeting, and its body may hold next to nothing.',
    [
      ['stream without a meeting', 'livestreaming.statusUpdate', { meeting: ABSENT }],
      ['stream with meeting null', 'livestreaming.statusUpdate', { meeting: null }],
      [
        'stream of id and status only',
        'livestreaming.statusUpdate',
        {
          meeting: ABSENT,
          manualIngest: ABSENT,
          playbackUrl: ABSENT,
          ingestServer: ABSENT,
          streamKey: ABSENT,
        },
        { status: 'OFFLINE' },
      ],
      [
        'stream with null links',
        'livestreaming.statusUpdate',
        { playbackUrl: null, ingestServer: null, streamKey: null },
      ],
      ['stream fed by hand', 'livestreaming.statusUpdate', { manualIngest: true }],
      ['stream idle', 'livestreaming.statusUpdate', {}, { status: 'IDLE' }],
      ['stream offline', 'livestreaming.statusUpdate', {}, { status: 'OFFLINE' }],
      ['stream of unknown status', 'livestreaming.statusUpdate', {}, { status: 'RECONNECTING' }],
    ],
  ],
  [
    'Fields of the meeting come and go.',
    [
      ['end null', 'meeting.ended', { 'meeting.endedAt': null }],
      ['end absent', 'meeting.ended', {}, { end: null }],
      ['ended by the host', 'meeting.ended', { reason: 'HOST_ENDED_MEETING' }],
      ['unknown reason', 'meeting.ended', { reason: 'TIME_LIMIT_REACHED' }],
      ['reason absent', 'meeting.ended', { reason: ABSENT }],
      ['room name present', 'meeting.started', { 'meeting.roomName': 'quarterly-planning-room' }],
      ['title null', 'meeting.started', { 'meeting.title': null }],
      ['title absent', 'meeting.transcript', { 'meeting.title': ABSENT }],
      ['organizer without a name', 'meeting.started', { 'meeting.organizedBy.name': ABSENT }],
      ['organizer absent', 'meeting.started', { 'meeting.organizedBy': ABSENT }],
      ['guest leaves before the end', 'meeting.participantLeft', {}, { end: null }],
      ['session absent', 'meeting.transcript', { 'meeting.sessionId': ABSENT }],
      [
        'summary with a whole meeting',
        'meeting.summary',
        { 'meeting.title': 'Quarterly planning', 'meeting.status': 'LIVE' },
      ],
      ['summary with a link that has no end', 'meeting.summary', { summaryDownloadUrlExpiry: ABSENT }],
      ['transcript with a link that has no end', 'meeting.transcript', { transcriptDownloadUrlExpiry: null }],
    ],
  ],
  [
    '`clientSpecificId` is the older name of `customParticipantId`; either may be missing.',
    [
      ['both names', 'meeting.participantJoined', { 'participant.clientSpecificId': 'guest-1' }],
      [
        'the older name only',
        'meeting.participantJoined',
        { 'participant.customParticipantId': ABSENT, 'participant.clientSpecificId': 'guest-1' },
      ],
      ['neither name', 'meeting.participantLeft', { 'participant.customParticipantId': ABSENT }],
      [
        'names null',
        'meeting.participantLeft',
        { 'participant.customParticipantId': null, 'participant.userDisplayName': null },
      ],
      ['display name absent', 'meeting.participantJoined', { 'participant.userDisplayName': ABSENT }],
    ],
  ],
  [
    'A recording has these statuses, and more may come.',
    ['INVOKED', 'RECORDING', 'UPLOADING', 'UPLOADED', 'ERRORED', 'PAUSED'].map(
      (status): Row => [`recording ${status}`, 'recording.statusUpdate', {}, { status }],
    ),
  ],
  [
    'The size of a file is text, a number, or missing.',
    [
      ['size as a number', 'recording.statusUpdate', { 'recording.fileSize': 48_210_733 }],
      ['size absent', 'recording.statusUpdate', { 'recording.fileSize': ABSENT }],
      ['size null', 'recording.statusUpdate', { 'recording.fileSize': null }],
    ],
  ],
  [
    'Fields of the recording come and go.',
    [
      ['meeting of the recording absent', 'recording.statusUpdate', { 'recording.meetingId': ABSENT }],
      ['output file absent', 'recording.statusUpdate', { 'recording.outputFileName': ABSENT }],
      ['duration null', 'recording.statusUpdate', { 'recording.recordingDuration': null }],
      ['no sound file', 'recording.statusUpdate', { 'recording.audioDownloadUrl': null }],
      [
        'links null before the upload',
        'recording.statusUpdate',
        { 'recording.downloadUrl': null, 'recording.downloadUrlExpiry': null, 'recording.stoppedTime': null },
        { status: 'RECORDING' },
      ],
      ['only the first of the two ids', 'recording.statusUpdate', { 'recording.recordingId': ABSENT }],
      ['only the second of the two ids', 'recording.statusUpdate', { 'recording.id': ABSENT }],
      ['no meeting at the top', 'recording.statusUpdate', { meeting: ABSENT }],
    ],
  ],
  [
    "In the provider's own example the two meeting ids differ: `meeting.id` counts.",
    [['two meeting ids', 'recording.statusUpdate', { 'recording.meetingId': sampleId('another meeting') }]],
  ],
  [
    'Recordings have been seen with times that are not ISO 8601: a space for the T, and microseconds.',
    [
      [
        'times with a space',
        'recording.statusUpdate',
        {
          'recording.startedTime': '2026-02-03 09:30:00.417208Z',
          'recording.stoppedTime': '2026-02-03 09:42:05.917208Z',
        },
      ],
    ],
  ],
  [
    'A track recording has a file for each participant, where others have one link; a guide writes names with underscores.',
    [
      [
        'files of a track recording',
        'recording.statusUpdate',
        {
          'recording.type': 'TRACK',
          'recording.audioDownloadUrl': ABSENT,
          'recording.downloadUrl': [
            {
              layer_name: 'default',
              download_urls: {
                'guest-1_audio.webm': { download_url: 'https://files.example.org/guest-1.webm' },
                'guest-2_audio.webm': { download_url: 'https://files.example.org/guest-2.webm' },
              },
            },
          ],
        },
      ],
      [
        'links by format',
        'recording.statusUpdate',
        { 'recording.downloadUrl': { mp4: 'https://files.example.org/a.mp4' } },
      ],
      [
        'link with an underscore',
        'recording.statusUpdate',
        { 'recording.downloadUrl': ABSENT, 'recording.download_url': 'https://files.example.org/b.mp4' },
      ],
    ],
  ],
  [
    'A recording names its session, where the meeting does not.',
    [
      ['session in the recording', 'recording.statusUpdate', { 'meeting.sessionId': ABSENT }],
      [
        'times as databases and programs write them',
        'recording.statusUpdate',
        { 'recording.startedTime': '2026-02-03 09:30:00.417 +0000 UTC', 'recording.stoppedTime': 1_770_111_725 },
      ],
    ],
  ],
  [
    'A part that is of no use must not cost the event.',
    [
      ['a list for the link', 'meeting.summary', { summaryDownloadUrl: [] }],
      ['a number for the name', 'meeting.participantJoined', { 'participant.customParticipantId': true }],
    ],
  ],
  [
    'RealtimeKit adds fields without notice.',
    [
      [
        'unknown fields on every level',
        'meeting.participantJoined',
        {
          version: 3,
          'meeting.region': 'eu',
          'meeting.organizedBy.plan': null,
          'participant.device': { kind: 'phone' },
        },
      ],
    ],
  ],
];

const DYTE = 'The shape of the time when RealtimeKit was Dyte; older integrations may still get it.';

const dyteMeeting = {
  id: sampleId('dyte/meeting'),
  sessionId: sampleId('dyte/session'),
  title: 'Quarterly planning',
  roomName: 'quarterly-planning-room',
  status: 'LIVE',
  createdAt: SAMPLE_START.toISOString(),
  startedAt: SAMPLE_START.toISOString(),
  organizedBy: { id: SAMPLE_ORGANIZATION_ID, name: 'Sample organization' },
};

/** Bodies that need more than a change of a few fields, by variant name. */
const DYTE_BODIES: Readonly<Record<string, ProviderBody & { readonly event: string }>> = {
  'Dyte meeting': { event: 'meeting.started', meeting: dyteMeeting },
  'Dyte participant': {
    event: 'meeting.participantJoined',
    meeting: dyteMeeting,
    participant: {
      peerId: sampleId('dyte/peer'),
      userDisplayName: 'Guest 1',
      clientSpecificId: 'guest-1',
      joinedAt: SAMPLE_TIME.toISOString(),
    },
  },
  'Dyte recording without a meeting': {
    event: 'recording.statusUpdate',
    recording: {
      recordingId: sampleId('dyte/recording'),
      meetingId: dyteMeeting.id,
      organizationId: SAMPLE_ORGANIZATION_ID,
      status: 'UPLOADED',
      startedTime: '2026-02-03 09:30:00.417208Z',
      stoppedTime: '2026-02-03 09:42:05.917208Z',
      fileSize: 48_210_733,
      outputFileName: 'quarterly-planning.mp4',
      downloadUrl: 'https://files.example.org/quarterly-planning.mp4',
      downloadUrlExpiry: '2026-02-10 09:42:05.917208Z',
    },
  },
  'Dyte chat': {
    event: 'meeting.chatSynced',
    meetingId: dyteMeeting.id,
    sessionId: dyteMeeting.sessionId,
    organizedBy: dyteMeeting.organizedBy,
    chatDownloadUrl: 'https://files.example.org/chat.csv',
    chatDownloadUrlExpiry: '2026-02-10T09:42:05.917Z',
  },
  'Dyte livestream': { event: 'livestreaming.statusUpdate', streamId: sampleId('dyte/stream'), status: 'LIVE' },
};

/** RealtimeKit's bodies that differ from the documented ones but must be understood. */
export const realtimekitVariants: readonly Variant[] = [
  ...FAMILIES.flatMap(([why, rows]) =>
    rows.map(([name, event, changes, options]) => ({
      name,
      event,
      body: vary(realtimekitBody(event, options), changes),
      why,
    })),
  ),
  ...Object.entries(DYTE_BODIES).map(([name, body]) => ({ name, event: body.event, body, why: DYTE })),
];
