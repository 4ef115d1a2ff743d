/** Samples, and a whole meeting. */
import { sandbox, zoomBody } from '../sandbox';
import { zoomVariants } from '../sandbox/variants';

const options = { seed: 'test', start: new Date('2026-04-01T08:00:00.250Z') };
const deliveries = sandbox.meeting(options);
const bodiesOf = (some: typeof deliveries) => some.map(({ body }) => JSON.stringify(body));

it('a meeting is played in order', () => {
  expect(deliveries.map(({ event }) => event)).toEqual([
    'meeting.started',
    'meeting.participant_joined',
    'meeting.participant_joined',
    'meeting.rtms_started',
    'recording.started',
    'meeting.chat_message_sent',
    'meeting.sharing_started',
    'recording.paused',
    'recording.resumed',
    'meeting.sharing_ended',
    'meeting.chat_message_sent',
    'meeting.participant_left',
    'meeting.participant_left',
    'meeting.rtms_stopped',
    'recording.stopped',
    'meeting.ended',
    'recording.completed',
    'recording.transcript_completed',
    'meeting.summary_completed',
  ]);
});

it('a meeting goes forward, and its bodies tell when', () => {
  expect(deliveries[0]?.at).toEqual(options.start);
  const times = deliveries.map(({ at }) => at.getTime());
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(deliveries.map(({ body }) => body.event_ts)).toEqual(times);
  for (const { event, route, body } of deliveries) {
    expect([route, body.event]).toEqual(['/zoom/webhooks', event]);
  }
});

it('tells of nothing that has not happened yet', () => {
  for (const { at, body } of deliveries) {
    for (const [time] of JSON.stringify(body).matchAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g)) {
      // Zoom's times have no fractions.
      expect(Date.parse(time)).toBeGreaterThanOrEqual(options.start.getTime() - 1_000);
      expect(Date.parse(time)).toBeLessThanOrEqual(at.getTime());
    }
  }
});

it('is the same for the same options, repeats no body, and shares none with another seed or start', () => {
  const bodies = bodiesOf(deliveries);
  expect(bodiesOf(sandbox.meeting({ ...options }))).toEqual(bodies);
  expect(new Set(bodies).size).toBe(bodies.length);
  for (const other of [{ seed: 'other' }, { start: new Date('2026-04-01T08:00:00.251Z') }]) {
    const others = bodiesOf(sandbox.meeting({ ...options, ...other }));
    expect(others.filter((body) => bodies.includes(body))).toEqual([]);
  }
});

it.each(sandbox.events)('the sample of %s names itself and survives JSON', (event) => {
  const body = zoomBody(event);
  expect(body.event).toBe(event);
  expect(JSON.parse(JSON.stringify(body))).toStrictEqual(body);
});

it('variants have names of their own, and differ from the sample', () => {
  expect(new Set(zoomVariants.map(({ name }) => name)).size).toBe(zoomVariants.length);
  for (const { event, body } of zoomVariants) expect(body).not.toEqual(zoomBody(event));
});

it('names the events it knows when it is asked for another', () => {
  expect(() => zoomBody('meeting.unheard_of')).toThrow(/no sample of "meeting.unheard_of".*meeting\.started/);
});

it('makes up secret tokens of the length of real ones', () => {
  expect(sandbox.makeUpSecret!()).toEqual({ secretTokens: [expect.stringMatching(/^[\w-]{22}$/)] });
});
