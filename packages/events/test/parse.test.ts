import { CATALOGUE, MEETING_EVENT_TYPES, MeetingEventError, parseMeetingEvent } from '../src';

const busEvent = (type: string, detail: unknown) => ({ 'detail-type': type, detail });

/** What is wrong with a detail. */
function problemsOf(type: string, detail: unknown): readonly string[] {
  try {
    parseMeetingEvent(busEvent(type, detail));
    return [];
  } catch (error) {
    if (!(error instanceof MeetingEventError)) throw error;
    expect(error.message).toContain(error.problems.join('; '));
    return error.problems;
  }
}

it.each(MEETING_EVENT_TYPES)('reads %s, and keeps fields that it does not know', (type) => {
  const { example } = CATALOGUE[type];
  const detail = { ...example, tomorrow: 1, data: { ...example.data, tomorrow: { a: 1 } } };
  expect(parseMeetingEvent(busEvent(type, detail))).toEqual(detail);
});

it('reads an event of a provider that came later', () => {
  const detail = { ...CATALOGUE['meeting.started'].example, provider: 'acme-2', source: 'meetbus.acme-2' };
  expect(parseMeetingEvent(busEvent('meeting.started', detail))).toEqual(detail);
});

it('tells the types apart for the compiler', () => {
  const event = parseMeetingEvent(busEvent('chat.message_sent', CATALOGUE['chat.message_sent'].example));
  const text: string = event.type === 'chat.message_sent' ? event.data.message.text : '';
  expect(text).toBe('Good morning');
});

it.each(['galaxy.found', 'constructor', ''])('says that it does not know the type %j', (type) => {
  expect(() => parseMeetingEvent(busEvent(type, {}))).toThrow('There is no meeting event type');
});

it.each([
  ['nothing', null],
  ['a text', JSON.stringify({ 'detail-type': 'recording.ready' })],
  ['a detail alone', CATALOGUE['recording.ready'].example],
  ['a type that is no text', { 'detail-type': 7, detail: {} }],
])('says of %s that it is not an EventBridge event', (_, event) => {
  const parse = () => parseMeetingEvent(event as never);
  expect(parse).toThrow(MeetingEventError);
  expect(parse).toThrow('This is not an EventBridge event: it has no detail-type. Pass the whole event');
});

it('says where a detail is wrong, and tells no value', () => {
  const { example } = CATALOGUE['recording.ready'];
  const parse = () =>
    parseMeetingEvent(busEvent('recording.ready', { ...example, data: { recording: { id: ['hidden'] } } }));
  expect(parse).toThrow(MeetingEventError);
  expect(parse).toThrow('data.recording.id: string');
  expect(parse).toThrow('data.status: object');
  expect(parse).not.toThrow('hidden');
});

it.each([
  ['a value that is another', { specversion: 'hidden' }, 'specversion: "1.0"'],
  ['a mark that is false', { stale: false }, 'stale: true'],
  ['a time that is none', { time: 'hidden' }, 'time: datetime'],
  ['a source of somebody else', { source: 'hidden' }, 'source: string that matches /^meetbus\\./'],
  ['a provider in capitals', { provider: 'HIDDEN' }, 'provider: string that matches /^[a-z][a-z0-9-]*$/'],
  ['an empty id', { id: '' }, 'id: string of at least 1'],
  ['a number for a text', { subject: 5 }, 'subject: string'],
  ['a text for all data', { data: 'hidden' }, 'data: object'],
])('says of %s what was expected, and no more', (_name, wrong, problem) => {
  const detail = { ...CATALOGUE['recording.ready'].example, ...wrong };
  expect(problemsOf('recording.ready', detail)).toEqual([problem]);
});

it('does not take one type for another', () => {
  const { example } = CATALOGUE['recording.ready'];
  expect(problemsOf('recording.failed', example)).toEqual(['type: "recording.failed"']);
});
