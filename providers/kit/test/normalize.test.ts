import { CATALOGUE, FAMILY_OF, MEETING_EVENT_TYPES, type MeetingEventType } from '@meetbus/events';
import { eventIdOf } from '../../../lambdas/ingest/identity';
import { draftOf, meetingEventIn } from '../../../lambdas/publish/meeting-event';
import { OTHER_TYPES, REALTIMEKIT_TYPES, RECALL_TYPES } from '../../../test/support/event-types';
import { newMessage } from '../../../test/support/messages';
import { RUNTIMES } from '../../../test/support/runtimes';
import { BUILT_IN } from '../..';
import { realtimekitBody, realtimekitSamples } from '../../realtimekit/sandbox';
import { recallBody, recallSamples } from '../../recall/sandbox';
import { realtimekitVariants, recallVariants } from '../../variants';
import { vary } from '../sandbox/vary';

type Provider = 'recall' | 'realtimekit';

/** The event that a body becomes, parsed by the schema of its type. */
const eventOf = (provider: Provider, event: string, body: unknown) => eventIn(provider, event, JSON.stringify(body));

function eventIn(provider: Provider, event: string, text: string) {
  const message = newMessage({ provider, providerEvent: event, eventId: eventIdOf(provider, 'test') });
  const draft = draftOf(message, meetingEventIn(RUNTIMES[provider], message, Buffer.from(text)));
  const parsed = CATALOGUE[draft.type].schema.safeParse(draft);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the data of its type.
  return parsed.data as { type: MeetingEventType; subject?: string; time: string; data: Record<string, any> };
}

describe.each([
  ['recall' as const, recallSamples, RECALL_TYPES],
  ['realtimekit' as const, realtimekitSamples, REALTIMEKIT_TYPES],
])('%s events', (provider, samples, types) => {
  it('are all in the table, and each has a sample', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(types).sort());
  });

  it.each(Object.entries(types))('%s becomes %s', (event, type) => {
    const made = eventOf(provider, event, samples[event]);
    expect(made.type).toBe(type);
    expect(made.subject).toMatch(/^[a-z]+\/\S+$/);
    const routed = RUNTIMES[provider].typeOf(event);
    // The queue is chosen by the name alone, the type perhaps by the payload: both must be of one family.
    expect(routed && FAMILY_OF[routed]).toBe(FAMILY_OF[type as MeetingEventType]);
    expect(BUILT_IN[provider]().families).toContain(FAMILY_OF[type as MeetingEventType]);
  });
});

it('every type of the catalogue is made by some event, or stands for what is not known', () => {
  const made = new Set([
    ...Object.values(RECALL_TYPES),
    ...Object.values(REALTIMEKIT_TYPES),
    'recording.uploading',
    'recording.status_changed',
    'event.unrecognized',
  ]);
  expect([...made].sort()).toEqual([...MEETING_EVENT_TYPES].sort());
});

it.each(recallVariants.map((variant) => [variant.name, variant] as const))(
  'recall variant: %s',
  (name, { event, body }) => {
    expect(eventOf('recall', event, body).type).toBe(OTHER_TYPES[name] ?? RECALL_TYPES[event]);
  },
);

it.each(realtimekitVariants.map((variant) => [variant.name, variant] as const))(
  'realtimekit variant: %s',
  (_name, { event, body }) => {
    const { type } = eventOf('realtimekit', event, body);
    if (event === 'recording.statusUpdate') expect(type).toMatch(/^recording\./);
    else expect(type).toBe(REALTIMEKIT_TYPES[event]);
  },
);

it.each([
  ['RECORDING', 'recording.started'],
  ['PAUSED', 'recording.paused'],
  ['UPLOADING', 'recording.uploading'],
  ['UPLOADED', 'recording.ready'],
  ['ERRORED', 'recording.failed'],
  ['INVOKED', 'recording.status_changed'],
  ['constructor', 'recording.status_changed'],
])('a RealtimeKit recording that is %s becomes %s', (status, type) => {
  const body = realtimekitBody('recording.statusUpdate');
  const made = eventOf('realtimekit', 'recording.statusUpdate', vary(body, { 'recording.status': status }));
  expect(made.type).toBe(type);
  expect(made.data.status).toEqual({ code: status });
});

describe('payloads that break their schema', () => {
  it.each([
    ['recall', 'bot.done', { event: 'bot.done' }, 'data: object'],
    ['recall', 'bot.done', { event: 'bot.done', data: 'nope' }, 'data: object'],
    ['recall', 'bot.done', { event: 'bot.done', data: { bot: { id: {} } } }, 'data.bot.id: string'],
    ['recall', 'bot.done', { event: 'bot.done', data: {} }, 'data.bot.id: string'],
    ['recall', 'participant_events.join', { data: { data: { participant: null } } }, 'data.data.participant: object'],
    ['recall', 'participant_events.join', { data: { data: { participant: 7.5 } } }, 'data.data.participant: object'],
    ['recall', 'transcript.data', { data: { data: { words: 'x' } } }, 'data.transcript.id: string'],
    ['recall', 'transcript.provider_data', { data: { data: { payload: 1 } } }, 'data.transcript.id: string'],
    ['recall', 'bot.participant_join', { data: { bot_id: 'b' } }, 'data.participant_id: invalid_union'],
    ['recall', 'bot.active_speaker_notify', { data: { participant_id: 7 } }, 'data.bot.id: string'],
    ['recall', 'bot.transcription', { data: { transcript: { words: [] } } }, 'data.bot.id: string'],
    ['recall', 'calendar.update', { data: {} }, 'data.calendar_id: invalid_union'],
    ['recall', 'video_mixed.done', { data: { audio_mixed: { id: 'x' } } }, 'data.video_mixed: object'],
    ['realtimekit', 'meeting.started', { event: 'meeting.started' }, 'meeting.id: string'],
    ['realtimekit', 'recording.statusUpdate', { recording: {} }, 'recording.id: string'],
    ['realtimekit', 'livestreaming.statusUpdate', { status: 'LIVE' }, 'streamId: invalid_union'],
    ['realtimekit', 'meeting.participantJoined', { meeting: { id: 'm' } }, 'participant: object'],
  ] as const)('%s %s is unrecognized, and says where: %j', (provider, event, body, problem) => {
    const made = eventOf(provider, event, body);
    expect(made.type).toBe('event.unrecognized');
    expect(made.data).toEqual({ reason: 'schema_mismatch', problems: [problem] });
  });

  it.each([
    ['recall', 'realtime_endpoint.failed', { 'data.data.error': 'gone' }, 'endpoint.status_changed'],
    ['recall', 'bot.fatal', { 'data.data.sub_code': 7, 'data.data.updated_at': 1_772_000_000 }, 'bot.status_changed'],
    ['recall', 'participant_events.join', { 'data.data.participant.email': {} }, 'participant.joined'],
    ['recall', 'transcript.data', { 'data.data.participant.is_host': 'no' }, 'transcript.segment'],
    ['realtimekit', 'meeting.started', { 'meeting.title': 7 }, 'meeting.started'],
    ['realtimekit', 'recording.statusUpdate', { 'recording.recordingDuration': '1' }, 'recording.ready'],
  ] as const)('%s %s with %j is understood without that', (provider, event, changes, type) => {
    const body = provider === 'recall' ? recallBody(event) : realtimekitBody(event);
    expect(eventOf(provider, event, vary(body, changes)).type).toBe(type);
  });

  it('names no value of the payload', () => {
    const made = eventOf('recall', 'bot.done', {
      data: { bot: { id: ['hidden-value'] }, data: { code: { a: 'hidden-value' } } },
    });
    expect(JSON.stringify(made)).not.toContain('hidden-value');
  });
});

describe('a name of a list that Recall keeps open', () => {
  const OBJECTS: Readonly<Record<string, object>> = {
    bot: { bot: { id: 'b' } },
    realtime_endpoint: { realtime_endpoint: { id: 'e' } },
    recording: { recording: { id: 'r' } },
    sdk_upload: { sdk_upload: { id: 'u' } },
    slack_team: { slack_team: { id: 's' } },
    slack: { slack_team: { id: 's' } },
  };
  const TYPES: Readonly<Record<string, string>> = {
    bot: 'bot.status_changed',
    realtime_endpoint: 'endpoint.status_changed',
    recording: 'recording.status_changed',
    sdk_upload: 'upload.status_changed',
    slack_team: 'slack.status_changed',
    slack: 'slack.status_changed',
  };
  const prefixes = Object.keys(OBJECTS);

  it.each(prefixes)('%s: is a status where the payload carries one', (prefix) => {
    const made = (data: object) => eventOf('recall', `${prefix}.in_orbit`, { data: { ...OBJECTS[prefix], ...data } });
    const at = '2026-03-02T09:30:00Z';
    for (const data of [
      { data: { code: 'in_orbit', sub_code: null, updated_at: at } },
      { data: { updated_at: at } },
      { data: { code: 7, updated_at: at } },
      { status: { code: 'in_orbit', created_at: at } },
    ]) {
      expect(made(data)).toMatchObject({ type: TYPES[prefix], time: '2026-03-02T09:30:00.000Z' });
      expect(made(data).data.status).toEqual({ code: 'in_orbit' });
    }
    expect(made({ data: { sub_code: 'apogee' } }).data.status).toEqual({ code: 'in_orbit', subcode: 'apogee' });
  });

  it.each(prefixes)('%s: is not recognized where the payload has another shape', (prefix) => {
    for (const data of [
      {},
      { data: null },
      { data: [] },
      { data: {} },
      { data: { code: 7, sub_code: null, updated_at: null } },
      { data: { text: 'hello', created_at: '2026-03-02T09:30:00Z' } },
      { status: 'in_orbit' },
      { status: { created_at: '2026-03-02T09:30:00Z' } },
      { log: { level: 'error', message: 'no', created_at: '2026-03-02T09:30:00Z' } },
      { participant_id: 7, created_at: '2026-03-02T09:30:00Z' },
    ]) {
      const made = eventOf('recall', `${prefix}.in_orbit`, { data: { ...OBJECTS[prefix], ...data } });
      expect({ data, type: made.type }).toEqual({ data, type: 'event.unrecognized' });
      expect(made.data.problems).toEqual(['data.data.code: string']);
    }
  });

  it.each([
    ['bot.done', { bot: { id: 'b' } }, 'done'],
    ['bot.done', { bot: { id: 'b' }, data: ['done'] }, 'done'],
    ['realtime_endpoint.failed', { realtime_endpoint: { id: 'e' }, data: 7 }, 'failed'],
    ['recording.done', { recording: { id: 'r' } }, 'done'],
    ['video_mixed.deleted', { video_mixed: { id: 'v' }, data: null }, 'deleted'],
    ['transcript.failed', { transcript: { id: 't' }, data: { code: null } }, 'failed'],
    ['sdk_upload.uploading', { sdk_upload: { id: 'u' } }, 'uploading'],
    ['slack_team.active', {}, 'active'],
  ])('that is known tells the status itself: %s with %j', (event, data, code) => {
    expect(eventOf('recall', event, { data }).data.status).toEqual({ code });
  });

  it('is no status of its own in bot.status_change, which must carry one', () => {
    const made = (status: unknown) => eventOf('recall', 'bot.status_change', { data: { bot_id: 'b', status } });
    for (const status of [undefined, null, {}, { code: null }, { code: '' }, 'done', []]) {
      expect(made(status).type).toBe('event.unrecognized');
    }
    for (const data of [{ updated_at: '2026-03-02T09:30:00Z' }, { code: null, sub_code: 'apogee' }]) {
      const body = { data: { bot: { id: 'b' }, data } };
      expect(eventOf('recall', 'bot.status_change', body).type).toBe('event.unrecognized');
    }
    expect(made({ code: 'participant_in_waiting_room' }).data.status).toEqual({ code: 'participant_in_waiting_room' });
  });
});

describe('the API v1.10', () => {
  const bot_id = 'b7a1c0de-1111-4aaa-8aaa-000000000001';

  it.each([
    ['bot.participant_join', 'participant.joined'],
    ['bot.participant_leave', 'participant.left'],
    ['bot.participant_screen_on', 'participant.screenshare_started'],
    ['bot.participant_screen_off', 'participant.screenshare_stopped'],
    ['bot.active_speaker_notify', 'participant.speech_started'],
  ])('%s is %s, with its own time', (event, type) => {
    const data = { bot_id, participant_id: 16_778_240, created_at: '2026-11-02T10:00:00.123456Z' };
    expect(eventOf('recall', event, { event, data })).toMatchObject({
      type,
      subject: `bot/${bot_id}/participant/16778240`,
      time: '2026-11-02T10:00:00.123456Z',
      data: { participant: { id: '16778240' }, bot: { id: bot_id } },
    });
  });

  it.each([
    [true, 'transcript.segment'],
    [undefined, 'transcript.segment'],
    [false, 'transcript.partial_segment'],
  ])('bot.transcription with is_final %s is %s', (is_final, type) => {
    const transcript = {
      original_transcript_id: 1,
      speaker: 'Guest One',
      speaker_id: 16_778_240,
      words: [{ text: 'good morning all', start_time: 3.5, end_time: 4.75 }, null, 'odd'],
      language: 'en',
      is_final,
    };
    const made = eventOf('recall', 'bot.transcription', { data: { bot_id, recording_id: 'r-1', transcript } });
    expect(made).toMatchObject({ type, subject: `bot/${bot_id}` });
    expect(made.data).toEqual({
      bot: { id: bot_id },
      recording: { id: 'r-1' },
      participant: { id: '16778240', name: 'Guest One' },
      language: 'en',
      words: [{ text: 'good morning all', start: 3.5, end: 4.75 }],
    });
  });

  const at = '2026-11-02T10:00:00Z';
  it.each([
    ['bot.log', { bot_id, log: { level: 'error', message: 'refused', created_at: at, output_id: null } }],
    ['bot.output_log', { job_id: 'j', log: { level: 'error', message: 'refused', created_at: at } }],
    ['bot.participant_in_waiting_room', { bot_id, participant_id: 7, created_at: at }],
    ['bot.active_speaker_notify', { bot_id, participant_id: null, created_at: at }],
    ['bot.chat_message', { bot_id, message: { text: 'hello' }, created_at: at }],
  ])('%s is not recognized, and no status', (event, data) => {
    expect(eventOf('recall', event, { event, data })).toMatchObject({
      type: 'event.unrecognized',
      data: { reason: 'schema_mismatch' },
    });
  });

  it('tells a status as the later API does, but for the labels of the bot', () => {
    const time = '2026-11-02T10:00:00Z';
    const later = { data: { code: 'done', sub_code: null, updated_at: time }, bot: { id: bot_id, metadata: {} } };
    const older = { bot_id, status: { code: 'done', created_at: time, sub_code: null, message: null } };
    const [one, other] = [
      eventOf('recall', 'bot.done', { data: later }),
      eventOf('recall', 'bot.status_change', { data: older }),
    ];
    const same = {
      type: 'bot.status_changed',
      subject: `bot/${bot_id}`,
      time: '2026-11-02T10:00:00.000Z',
      data: { bot: { id: bot_id }, status: { code: 'done' } },
    };
    expect(one).toMatchObject(same);
    expect(other).toMatchObject(same);
  });
});

describe('ids', () => {
  const joined = (id: string) =>
    `{"data":{"data":{"participant":{"id":${id},"extra_data":{"user":${id}}}},"bot":{"id":"b"}}}`;

  it.each([
    ['9007199254740992', '9007199254740992'],
    ['9007199254740993', '9007199254740993'],
    ['123456789012345678901234567890', '123456789012345678901234567890'],
    ['-9007199254740993', '-9007199254740993'],
    ['7', '7'],
    ['7.0', '7'],
    ['1e3', '1000'],
    ['9.007199254740993e15', '9.007199254740993e15'],
    ['1e400', '1e400'],
    ['"007"', '007'],
  ])('%s keeps its digits', (sent, id) => {
    const made = eventIn('recall', 'participant_events.join', joined(sent));
    expect(made).toMatchObject({ subject: `bot/b/participant/${id}`, data: { participant: { id } } });
    expect(JSON.stringify(made.data.participant.extradata)).toBe(`{"user":${sent}}`);
  });

  it.each([
    ['recall', 'bot.done', '{"data":{"bot":{"id":90071992547409931}}}', 'bot/90071992547409931'],
    [
      'recall',
      'bot.participant_leave',
      '{"data":{"bot_id":90071992547409931,"participant_id":9007199254740993}}',
      'bot/90071992547409931/participant/9007199254740993',
    ],
    ['recall', 'calendar.update', '{"data":{"calendar_id":90071992547409931}}', 'calendar/90071992547409931'],
    ['realtimekit', 'meeting.started', '{"meeting":{"id":90071992547409931}}', 'meeting/90071992547409931'],
    ['realtimekit', 'livestreaming.statusUpdate', '{"streamId":90071992547409931}', 'livestream/90071992547409931'],
  ] as const)('%s %s: %s', (provider, event, text, subject) => {
    expect(eventIn(provider, event, text).subject).toBe(subject);
  });

  it('make two subjects, however long they are', () => {
    const subjectOf = (end: string) =>
      eventIn('recall', 'participant_events.join', joined(`"${'long-'.repeat(60)}${end}"`)).subject ?? '';
    expect(subjectOf('a')).toHaveLength(256);
    expect(subjectOf('a')).toBe(subjectOf('a'));
    expect(subjectOf('a')).not.toBe(subjectOf('b'));
  });

  it('keep their digits beside numbers that are measured', () => {
    const text =
      '{"data":{"data":{"participant":{"id":9007199254740993},"timestamp":{"relative":1.10}},"bot":{"id":"b","metadata":7.0}}}';
    expect(eventIn('recall', 'participant_events.join', text).data).toEqual({
      participant: { id: '9007199254740993' },
      offset: 1.1,
      bot: { id: 'b' },
    });
  });

  it('are read of a body that is nested too deep to look at every digit', () => {
    const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
    expect(eventIn('recall', 'bot.done', `{"data":{"bot":{"id":7},"more":${deep}}}`).subject).toBe('bot/7');
  });
});

describe('texts', () => {
  const BAD = 'A\0B\x01\x08\x0b\x0c\x0e\x1f cut \ud83d';
  const GOOD = 'A\uFFFDB\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD cut \uFFFD';

  it('have no character that databases refuse, in no field and no name of a label', () => {
    const participant = { id: BAD, name: BAD, extra_data: { [BAD]: [BAD, { [BAD]: null }] } };
    const made = eventOf('recall', 'participant_events.chat_message', {
      data: { data: { participant, data: { text: BAD, to: BAD } }, bot: { id: BAD, metadata: { [BAD]: BAD } } },
    });
    expect(made.data).toEqual({
      participant: { id: GOOD, name: GOOD, extradata: { [GOOD]: [GOOD, { [GOOD]: null }] } },
      message: { text: GOOD, to: GOOD },
      bot: { id: GOOD, metadata: { [GOOD]: GOOD } },
    });
    expect(made.subject).toBe(`bot/${GOOD}/participant/${GOOD}`);
  });

  it.each(['two\nlines\r\n\tand a tab', 'ゲスト 一 👋', '\u2028 \u0085 \u007f \uFFFE'])(
    'keep what is allowed: %j',
    (text) => {
      const body = { data: { data: { payload: { [text]: text } }, transcript: { id: 't' } } };
      expect(eventOf('recall', 'transcript.provider_data', body).data.payload).toEqual({ [text]: text });
    },
  );
});

describe('links of a recording', () => {
  const downloadOf = (recording: object) =>
    eventOf('realtimekit', 'recording.statusUpdate', { recording: { id: 'r', status: 'UPLOADED', ...recording } }).data
      .download;
  const url = (name: string) => `https://files.example.org/${name}`;

  it('are the files of a track recording, one by one, with what it is', () => {
    const made = eventOf('realtimekit', 'recording.statusUpdate', {
      recording: {
        id: 'r',
        status: 'UPLOADED',
        type: 'TRACK',
        downloadUrlExpiry: '2026-11-27T10:30:00.000Z',
        downloadUrl: [
          {
            layer_name: 'default',
            download_urls: { 'one.webm': { download_url: url('1') }, 'two.webm': { download_url: url('2') } },
          },
          { layer_name: 'other', download_urls: { 'three.webm': { download_url: url('3') } } },
        ],
      },
    });
    expect(made.type).toBe('recording.ready');
    expect(made.data.recording).toEqual({ id: 'r', type: 'TRACK' });
    expect(made.data.download).toEqual({
      files: [
        { name: 'one.webm', layer: 'default', url: url('1') },
        { name: 'two.webm', layer: 'default', url: url('2') },
        { name: 'three.webm', layer: 'other', url: url('3') },
      ],
      expiresat: '2026-11-27T10:30:00.000Z',
    });
  });

  it.each<[string, object, object | undefined]>([
    ['one text', { downloadUrl: url('a') }, { url: url('a') }],
    ['a name with underscores', { download_url: url('a') }, { url: url('a') }],
    ['two names, one of them empty', { downloadUrl: null, download_url: url('a') }, { url: url('a') }],
    [
      'all names with underscores',
      { download_url: url('a'), audio_download_url: url('b'), download_url_expiry: '2026-11-27 10:30:00+00' },
      { url: url('a'), audiourl: url('b'), expiresat: '2026-11-27T10:30:00.000Z' },
    ],
    [
      'links by format',
      { downloadUrl: { mp4: url('a'), webm: url('b') } },
      {
        files: [
          { name: 'mp4', url: url('a') },
          { name: 'webm', url: url('b') },
        ],
      },
    ],
    ['a list of texts', { downloadUrl: [url('a'), url('b')] }, { files: [{ url: url('a') }, { url: url('b') }] }],
    [
      'texts by layer',
      { downloadUrl: [{ layer_name: 'x', download_urls: [url('a')] }] },
      { files: [{ layer: 'x', url: url('a') }] },
    ],
    [
      'a text and files of the sound',
      { downloadUrl: url('a'), audioDownloadUrl: { mp3: url('b') } },
      { url: url('a'), files: [{ name: 'mp3', url: url('b') }] },
    ],
    [
      'files under a name with underscores',
      { download_url: { 'a.webm': { downloadUrl: url('a') } } },
      { files: [{ name: 'a.webm', url: url('a') }] },
    ],
    [
      'names with other capitals, or in the plural',
      { DownloadURL: url('a'), 'audio-download-urls': [url('b')], downloadURLExpiry: 1_795_775_400 },
      { url: url('a'), files: [{ url: url('b') }], expiresat: '2026-11-27T10:30:00.000Z' },
    ],
    [
      'objects that name their file',
      {
        download_urls: [{ name: 'a.webm', url: url('a') }, { file_name: 'b.webm', link: url('b') }, { name: url('c') }],
      },
      {
        files: [
          { name: 'a.webm', url: url('a') },
          { name: 'b.webm', url: url('b') },
          { name: 'name', url: url('c') },
        ],
      },
    ],
    [
      'a text that holds a list',
      { downloadUrl: JSON.stringify([{ layer_name: 'x', download_urls: { a: { download_url: url('a') } } }]) },
      { files: [{ name: 'a', layer: 'x', url: url('a') }] },
    ],
    ['nothing', {}, undefined],
    ['an empty text', { downloadUrl: '' }, undefined],
    ['an empty list', { downloadUrl: [] }, undefined],
    ['no links at all', { downloadUrl: [{ layer_name: 'x', download_urls: { a: 7, b: null, c: 'soon' } }] }, undefined],
    ['a number', { downloadUrl: 7 }, undefined],
    ['an expiry without a link', { downloadUrlExpiry: '2026-11-27T10:30:00.000Z' }, undefined],
  ])('are read from %s', (_name, recording, download) => {
    expect(downloadOf(recording)).toEqual(download);
  });

  it('cost no event, however deep they are nested', () => {
    const deep = `${'{"a":'.repeat(5_000)}"${url('a')}"${'}'.repeat(5_000)}`;
    const text = `{"recording":{"id":"r","status":"UPLOADED","downloadUrl":${deep}}}`;
    expect(eventIn('realtimekit', 'recording.statusUpdate', text)).toMatchObject({ type: 'recording.ready' });
  });

  it.each([
    ['meeting.chatSynced', 'chatDownloadUrl', { meetingId: 'm' }],
    ['meeting.transcript', 'transcriptDownloadUrl', { meeting: { id: 'm' } }],
    ['meeting.summary', 'summaryDownloadUrl', { meeting: { id: 'm' } }],
  ])('and those of %s may have any shape too', (event, name, body) => {
    const made = (link: unknown) => eventOf('realtimekit', event, { ...body, [name]: link });
    expect(made({ csv: url('a') }).data.download).toEqual({ files: [{ name: 'csv', url: url('a') }] });
    expect(made(7).type).toBe(REALTIMEKIT_TYPES[event]);
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    expect(eventOf('realtimekit', event, { ...body, [snake]: url('a') }).data.download).toEqual({ url: url('a') });
  });
});

describe('details', () => {
  it.each([
    [{ roomUUID: 's-2' }, { id: 'm' }, 's-2'],
    [{ roomUUID: 's-2' }, { id: 'm', sessionId: null }, 's-2'],
    [{ roomUUID: 's-2' }, { id: 'm', sessionId: 's-1' }, 's-1'],
    [{ session_id: 's-3', roomUUID: 's-2' }, { id: 'm' }, 's-3'],
    [{ roomUUID: 7 }, { id: 'm' }, '7'],
    [{ room_uuid: 's-2' }, { id: 'm' }, 's-2'],
    [{ roomUuid: 's-2' }, { id: 'm' }, 's-2'],
    [{ roomUUID: {} }, { id: 'm' }, undefined],
    [{ roomUUID: 's-2', meetingId: 'm' }, undefined, 's-2'],
  ])('finds the session of a recording in %j or the meeting %j: %s', (more, meeting, sessionid) => {
    const body = { recording: { id: 'r', status: 'UPLOADING', ...more }, meeting };
    expect(eventOf('realtimekit', 'recording.statusUpdate', body).data.meeting).toEqual({
      id: 'm',
      ...(sessionid && { sessionid }),
    });
  });

  it.each<[string, unknown, unknown]>([
    ['a message in a wrap', { payload: { a: 1 } }, { a: 1 }],
    ['a message of nothing', { payload: null }, undefined],
    ['a message without a wrap', { type: 'Results', is_final: true }, { type: 'Results', is_final: true }],
    ['a list', [{ word: 'a' }], [{ word: 'a' }]],
    ['a text', 'partial', 'partial'],
    ['a number', 1.5, 1.5],
    ['an empty object', {}, undefined],
    ['nothing', undefined, undefined],
  ])('takes %s for the payload of a transcription service', (_name, data, payload) => {
    const made = eventOf('recall', 'transcript.provider_data', { data: { data, transcript: { id: 't' } } });
    expect(made.data).toEqual({ transcript: { id: 't' }, ...(payload !== undefined && { payload }) });
  });

  it('tells the language of words, and leaves out the words that are none', () => {
    const words = [null, { text: 'bonjour', start_timestamp: { relative: 1 }, end_timestamp: null }, 7, []];
    const body = { data: { data: { words, language_code: 'fr' }, transcript: { id: 't' } } };
    expect(eventOf('recall', 'transcript.data', body).data).toEqual({
      transcript: { id: 't' },
      language: 'fr',
      words: [{ text: 'bonjour', start: 1 }],
    });
  });

  it.each([
    [{ language_code: 'pt-BR', language: 'pt' }, 'pt-BR'],
    [{ language_code: null, language: 'fr' }, 'fr'],
    [{ language_code: '' }, undefined],
    [{ language_code: ['fr'] }, undefined],
  ])('finds the language in %j: %s', (data, language) => {
    const body = { data: { data: { words: [], ...data }, transcript: { id: 't' } } };
    expect(eventOf('recall', 'transcript.partial_data', body).data.language).toBe(language);
  });

  it.each([null, [], 'text', {}, { text: null }])('keeps a chat message whose text is lost in %j', (data) => {
    const body = { data: { data: { participant: { id: 7 }, data }, bot: { id: 'b' } } };
    expect(eventOf('recall', 'participant_events.chat_message', body)).toMatchObject({
      type: 'chat.message_sent',
      data: { message: { text: '' } },
    });
  });

  it('keeps a Recall time to the microsecond, in UTC', () => {
    const body = vary(recallBody('participant_events.join'), {
      'data.data.timestamp.absolute': '2026-02-03T10:41:05.917208+01:00',
    });
    expect(eventOf('recall', 'participant_events.join', body).time).toBe('2026-02-03T09:41:05.917208Z');
  });

  it('takes the time of receipt where the provider tells none', () => {
    expect(eventOf('recall', 'calendar.update', { data: { calendar_id: 'c-1' } })).toMatchObject({
      subject: 'calendar/c-1',
      time: '2026-02-03T10:00:00.000Z',
    });
  });

  it('scopes a participant by its bot', () => {
    const body = { data: { data: { participant: { id: 7 } }, bot: { id: 'b-1' } } };
    expect(eventOf('recall', 'participant_events.leave', body)).toMatchObject({
      subject: 'bot/b-1/participant/7',
      data: { participant: { id: '7' }, bot: { id: 'b-1' } },
    });
  });

  it('takes a status code that Recall adds tomorrow', () => {
    const body = { data: { data: { code: 'in_orbit', sub_code: 'apogee' }, bot: { id: 'b-1' } } };
    expect(eventOf('recall', 'bot.in_orbit', body)).toMatchObject({
      type: 'bot.status_changed',
      data: { status: { code: 'in_orbit', subcode: 'apogee' } },
    });
  });

  it.each([
    [{ breakout_room: { id: 'room-17', name: 'Table 3' } }, {}, { id: 'room-17', name: 'Table 3' }],
    [{ breakout_room: { id: 17 } }, {}, { id: '17' }],
    [{}, { breakout_room: { name: 'Table 3' } }, { name: 'Table 3' }],
    [{ breakout_room: 'Table 3' }, {}, undefined],
    [{ breakout_room: { id: [], name: {} } }, {}, undefined],
  ])('names the breakout room in %j or %j', (inStatus, inData, breakoutroom) => {
    const body = { data: { data: { code: 'breakout_room_opened', ...inStatus }, bot: { id: 'b-1' }, ...inData } };
    expect(eventOf('recall', 'bot.breakout_room_opened', body).data).toEqual({
      bot: { id: 'b-1' },
      status: { code: 'breakout_room_opened' },
      ...(breakoutroom && { breakoutroom }),
    });
  });

  it('finds the meeting of a RealtimeKit recording: meeting.id, else meetingId, else recording.meetingId', () => {
    const meetingOf = (body: object) => eventOf('realtimekit', 'recording.statusUpdate', body).data.meeting?.id;
    const recording = { id: 'r', status: 'RECORDING', meetingId: 'third' };
    expect(meetingOf({ meeting: { id: 'first' }, meetingId: 'second', recording })).toBe('first');
    expect(meetingOf({ meetingId: 'second', recording })).toBe('second');
    expect(meetingOf({ recording })).toBe('third');
  });

  it('reads a size given as text', () => {
    const sizeOf = (fileSize: unknown) =>
      eventOf('realtimekit', 'recording.statusUpdate', { recording: { id: 'r', fileSize } }).data.recording.filesize;
    expect(['2048', 2048, '', 'big', null, undefined].map(sizeOf)).toEqual([
      2048,
      2048,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('reads a length given as text', () => {
    const body = { recording: { id: 'r', recordingDuration: '1800.5' } };
    expect(eventOf('realtimekit', 'recording.statusUpdate', body).data.recording.duration).toBe(1800.5);
  });

  it('leaves the stream key out of the data', () => {
    const made = eventOf('realtimekit', 'livestreaming.statusUpdate', {
      streamId: 's',
      status: 'LIVE',
      stream_key: 'hidden',
      ingestServer: 'rtmps://ingest.example.org/live/hidden',
    });
    expect(made.data.livestream).toEqual({ id: 's', ingestserver: 'rtmps://ingest.example.org/live/' });
    expect(JSON.stringify(made)).not.toContain('hidden');
  });
});
