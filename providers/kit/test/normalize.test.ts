/** What is the same in the bodies of every provider: names, schemas, ids and texts. */
import { FAMILY_OF, MEETING_EVENT_TYPES, type MeetingEventType } from '@meetbus/events';
import { REALTIMEKIT_TYPES, RECALL_TYPES } from '../../../test/support/event-types';
import { eventIn, eventOf } from '../../../test/support/normalized';
import { RUNTIMES } from '../../../test/support/runtimes';
import { BUILT_IN } from '../..';
import { realtimekitBody, realtimekitSamples } from '../../realtimekit/sandbox';
import { recallBody, recallSamples } from '../../recall/sandbox';
import { vary } from '../sandbox/vary';

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
    const routed = RUNTIMES[provider].typeOf(event, samples[event]);
    // The queue must be that of the event's family.
    expect(routed && FAMILY_OF[routed]).toBe(FAMILY_OF[type as MeetingEventType]);
    expect(BUILT_IN[provider]().families).toContain(FAMILY_OF[type as MeetingEventType]);
  });
});

it('every type of the catalogue is made of events of some provider, or stands for what is not known', async () => {
  const docs = await Promise.all(Object.values(BUILT_IN).map(async (factory) => (await factory().docs?.())?.docs));
  const made = new Set(['event.unrecognized', ...docs.flatMap((page) => page?.events ?? []).map(({ type }) => type)]);
  expect([...made].sort()).toEqual([...MEETING_EVENT_TYPES].sort());
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
