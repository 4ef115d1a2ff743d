/** Types of meeting events: each `@ts-expect-error` here is an error itself once its line compiles. */
import * as contract from '../src';
import { CATALOGUE, type MeetingEvent, type MeetingEventData, type MeetingEventType, parseMeetingEvent } from '../src';

const read = <Type extends MeetingEventType>(type: Type) =>
  parseMeetingEvent({ 'detail-type': type, detail: CATALOGUE[type].example }) as MeetingEvent<Type>;

/** True where two types are the same, which assignability does not tell: anything may be assigned to `unknown`. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <Claim extends true>(claim?: Claim): Claim | undefined => claim;

it('refuses a name that no event has, at every level', () => {
  const event = read('recording.ready');
  // @ts-expect-error: an attribute of the envelope
  expect(event.sbject).toBeUndefined();
  // @ts-expect-error: an entity
  expect(event.data.bott).toBeUndefined();
  // @ts-expect-error: a field of an entity
  expect(event.data.recording.idd).toBeUndefined();
  // @ts-expect-error: a field of an entity that may be absent
  expect(event.data.bot?.idd).toBeUndefined();
  // @ts-expect-error: a field of an entity in an entity
  expect(read('meeting.started').data.meeting.organization?.nam).toBeUndefined();
  // @ts-expect-error: a field of an item
  expect(read('transcript.segment').data.words[0]?.txt).toBeUndefined();
  // @ts-expect-error: an entity that events of this type never have
  expect(event.data.calendar).toBeUndefined();
});

it('narrows any event by an entity that it may have', () => {
  const botIdOf = (event: MeetingEvent): string | undefined => ('bot' in event.data ? event.data.bot?.id : undefined);
  expect(botIdOf(read('recording.ready'))).toBe(CATALOGUE['recording.ready'].example.data.bot?.id);
  expect(botIdOf(read('meeting.started'))).toBeUndefined();
});

it('narrows any event by its type', () => {
  const textOf = (event: MeetingEvent) => (event.type === 'chat.message_sent' ? event.data.message.text : undefined);
  holds<Same<ReturnType<typeof textOf>, string | undefined>>();
  expect(textOf(read('chat.message_sent'))).toBe('Good morning');
});

it('knows the types of fields, and what may be absent', () => {
  type Segment = MeetingEventData<'transcript.segment'>;
  type Ready = MeetingEventData<'recording.ready'>;
  holds<Same<Segment['words'][number]['start'], number | undefined>>();
  holds<Same<Ready['recording']['id'], string>>();
  holds<Same<Ready['recording']['metadata'], Record<string, unknown> | undefined>>();
  holds<Same<NonNullable<Ready['download']>['url'], string | undefined>>();
  holds<Same<Ready['truncated'], true | undefined>>();
  holds<Same<Ready['raw'], unknown>>();
  holds<Same<MeetingEvent['type'], MeetingEventType>>();
  // @ts-expect-error: it may be absent
  expect(read('meeting.started').data.meeting.title?.length).toBe(read('meeting.started').data.meeting.title.length);
  const label: unknown = read('recording.ready').data.bot?.metadata?.team;
  expect(label).toBeUndefined();
});

it('takes any provider, but only a source of Meetbus', () => {
  const event: MeetingEvent = read('recording.ready');
  holds<Same<MeetingEvent['provider'], string>>();
  holds<Same<MeetingEvent['source'], `meetbus.${string}`>>();
  // @ts-expect-error: the source of every event begins with "meetbus."
  expect(event.source === 'aws.s3').toBe(false);
});

it('has nothing of the probe, which is no part of the contract', () => {
  expect(Object.keys(contract).filter((name) => /probe/i.test(name))).toEqual([]);
});
