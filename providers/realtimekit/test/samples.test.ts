import { ALL_REALTIMEKIT } from '../../kit/test/samples/names';
import { realtimekitBody, realtimekitSamples, SAMPLE_ORGANIZATION_ID } from '../sandbox';

const MEETING = ['createdAt', 'id', 'organizedBy', 'sessionId', 'startedAt', 'status', 'title'];
const ENDED_MEETING = [...MEETING, 'endedAt'].sort();
const GUEST = ['customParticipantId', 'joinedAt', 'peerId', 'userDisplayName'];

/** The fields of each body by path of their object, as RealtimeKit documents them. */
const FIELDS: [event: string, fields: Record<string, string[]>][] = [
  ['meeting.started', { '': ['event', 'meeting'], meeting: MEETING }],
  ['meeting.ended', { '': ['event', 'meeting', 'reason'], meeting: ENDED_MEETING }],
  ['meeting.participantJoined', { '': ['event', 'meeting', 'participant'], meeting: MEETING, participant: GUEST }],
  [
    'meeting.participantLeft',
    { '': ['event', 'meeting', 'participant'], meeting: ENDED_MEETING, participant: [...GUEST, 'leftAt'].sort() },
  ],
  [
    'meeting.chatSynced',
    {
      '': [
        'chatDownloadUrl',
        'chatDownloadUrlExpiry',
        'createdAt',
        'endedAt',
        'event',
        'meetingId',
        'organizedBy',
        'sessionId',
        'startedAt',
        'title',
      ],
    },
  ],
  [
    'recording.statusUpdate',
    {
      '': ['event', 'meeting', 'recording'],
      meeting: ENDED_MEETING,
      recording: [
        'audioDownloadUrl',
        'downloadUrl',
        'downloadUrlExpiry',
        'fileSize',
        'id',
        'meetingId',
        'organizationId',
        'outputFileName',
        'recordingDuration',
        'recordingId',
        'roomUUID',
        'startedTime',
        'status',
        'stoppedTime',
      ],
    },
  ],
  [
    'livestreaming.statusUpdate',
    {
      '': ['event', 'ingestServer', 'manualIngest', 'meeting', 'playbackUrl', 'status', 'streamId', 'streamKey'],
      meeting: ['createdAt', 'id', 'organizedBy', 'status', 'title'],
    },
  ],
  [
    'meeting.transcript',
    { '': ['event', 'meeting', 'transcriptDownloadUrl', 'transcriptDownloadUrlExpiry'], meeting: ENDED_MEETING },
  ],
  [
    'meeting.summary',
    {
      '': ['event', 'meeting', 'summaryDownloadUrl', 'summaryDownloadUrlExpiry'],
      meeting: ['id', 'organizedBy', 'sessionId'],
    },
  ],
];

describe('realtimekitSamples', () => {
  it('has the nine events of RealtimeKit and no other', () => {
    expect(Object.keys(realtimekitSamples).sort()).toEqual([...ALL_REALTIMEKIT].sort());
  });

  it.each(ALL_REALTIMEKIT)('%s names itself and survives JSON', (name) => {
    const body = realtimekitSamples[name];
    expect(body?.event).toBe(name);
    expect(JSON.parse(JSON.stringify(body))).toStrictEqual(body);
  });

  it.each(FIELDS)('%s has the documented fields', (name, fields) => {
    const body = realtimekitSamples[name]!;
    for (const [path, expected] of Object.entries(fields)) {
      expect(Object.keys((path ? body[path] : body) as object).sort()).toEqual(expected);
    }
  });

  it('belongs to one organization and one meeting', () => {
    const bodies = Object.values(realtimekitSamples);
    const [meetingId, ...others] = new Set(
      bodies.map((body) => (body.meeting as { id: string } | undefined)?.id ?? body.meetingId),
    );
    expect(meetingId).toEqual(expect.any(String));
    expect(others).toEqual([]);
    for (const body of bodies) expect(JSON.stringify(body)).toContain(SAMPLE_ORGANIZATION_ID);
  });
});

describe('realtimekitBody', () => {
  it('takes the ids, times and numbers that it is given', () => {
    const at = new Date('2026-05-06T07:08:09.010Z');
    const joined = new Date('2026-05-06T07:00:00.000Z');
    const body = realtimekitBody('meeting.participantLeft', { seed: 'other', at, joined, guest: 3, end: null });
    expect(body.participant).toEqual({
      peerId: expect.any(String),
      userDisplayName: 'Guest 3',
      customParticipantId: 'guest-3',
      joinedAt: joined.toISOString(),
      leftAt: at.toISOString(),
    });
    expect(body.meeting).not.toHaveProperty('endedAt');
    expect((body.meeting as { id: string }).id).not.toBe(
      (realtimekitSamples['meeting.participantLeft']!.meeting as { id: string }).id,
    );
  });

  it('gives links to a recording once it is uploaded', () => {
    const recording = (status: string) => realtimekitBody('recording.statusUpdate', { status }).recording;
    expect(recording('UPLOADED')).toHaveProperty('downloadUrl');
    expect(recording('UPLOADING')).not.toHaveProperty('downloadUrl');
    expect(recording('INVOKED')).not.toHaveProperty('startedTime');
  });

  it('names the events it knows when it is asked for another', () => {
    expect(() => realtimekitBody('meeting.unheardOf')).toThrow(/no sample of "meeting.unheardOf".*meeting\.started/);
  });
});
