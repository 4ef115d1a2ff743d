import { CATALOGUE, FAMILY_OF, MEETING_EVENT_TYPES, type MeetingEventType } from '../../../events';
import { eventIdOf } from '../../../lambdas/ingest/identity';
import { realtimekitIntake } from '../../../lambdas/providers/realtimekit/intake';
import { recallIntake } from '../../../lambdas/providers/recall/intake';
import { draftOf, meetingEventIn } from '../../../lambdas/publish/meeting-event';
import { realtimekitBody, realtimekitSamples } from '../../../samples/realtimekit';
import { recallBody, recallSamples } from '../../../samples/recall';
import { realtimekitVariants, recallVariants } from '../../../samples/variants';
import { vary } from '../../../samples/vary';
import { REALTIMEKIT_TYPES, RECALL_TYPES } from '../../support/event-types';
import { newMessage } from '../../support/messages';

type Provider = 'recall' | 'realtimekit';

/** The event that a body becomes, parsed by the schema of its type. */
function eventOf(provider: Provider, event: string, body: unknown) {
  const message = newMessage({ provider, providerEvent: event, eventId: eventIdOf(provider, 'test') });
  const draft = draftOf(message, meetingEventIn(message, Buffer.from(JSON.stringify(body))));
  const parsed = CATALOGUE[draft.type].schema.safeParse(draft);
  if (!parsed.success) throw new Error(JSON.stringify(parsed.error.issues));
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the data of its type.
  return parsed.data as { type: MeetingEventType; subject?: string; time: string; data: Record<string, any> };
}

describe.each([
  ['recall' as const, recallIntake, recallSamples, RECALL_TYPES],
  ['realtimekit' as const, realtimekitIntake, realtimekitSamples, REALTIMEKIT_TYPES],
])('%s events', (provider, intake, samples, types) => {
  it('are all in the table, and each has a sample', () => {
    expect(Object.keys(samples).sort()).toEqual(Object.keys(types).sort());
  });

  it.each(Object.entries(types))('%s becomes %s', (event, type) => {
    const made = eventOf(provider, event, samples[event]);
    expect(made.type).toBe(type);
    expect(made.subject).toMatch(/^[a-z]+\/\S+$/);
    const routed = intake.typeOf(event);
    // The queue is chosen by the name alone, the type perhaps by the payload: both must be of one family.
    expect(routed && FAMILY_OF[routed]).toBe(FAMILY_OF[type as MeetingEventType]);
    expect(intake.families).toContain(FAMILY_OF[type as MeetingEventType]);
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
  (_name, { event, body }) => {
    expect(eventOf('recall', event, body).type).toBe(RECALL_TYPES[event]);
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
    ['recall', 'bot.done', { event: 'bot.done', data: { bot: { id: {} } } }, 'data.bot.id: invalid_union'],
    ['recall', 'bot.done', { event: 'bot.done', data: {} }, 'data.bot.id: string'],
    ['recall', 'participant_events.join', { data: { data: { participant: null } } }, 'data.data.participant: object'],
    ['recall', 'transcript.data', { data: { data: { words: 'x' } } }, 'data.data.words: array'],
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

describe('details', () => {
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

  it('leaves the stream key out of the data', () => {
    const made = eventOf('realtimekit', 'livestreaming.statusUpdate', {
      streamId: 's',
      status: 'LIVE',
      streamKey: 'hidden',
    });
    expect(JSON.stringify(made)).not.toContain('hidden');
  });
});
