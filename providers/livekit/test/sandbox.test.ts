/** The sample meeting of LiveKit. */
import { LIVEKIT_EVENTS } from '../sandbox/bodies';
import { livekitMeeting } from '../sandbox/meeting';

const options = { seed: 'test', start: new Date('2026-04-01T08:00:00.250Z') };
const deliveries = livekitMeeting(options);
const bodiesOf = (all: typeof deliveries) => all.map(({ body }) => JSON.stringify(body));

/** Every time in a body, in milliseconds: LiveKit writes seconds, thousandths or billionths. */
const timesIn = (body: unknown): number[] =>
  [...JSON.stringify(body).matchAll(/"[a-z]\w*(?:At|AtMs|Time|TimeMs)":"(\d{10,19})"/gi)].map(([, digits = '']) =>
    Number(digits.padEnd(13, '0').slice(0, 13)),
  );

it('plays every event, each with its own id', () => {
  expect(new Set(deliveries.map(({ event }) => event))).toEqual(new Set(LIVEKIT_EVENTS));
  for (const { event, body } of deliveries) expect(body.event).toBe(event);
  expect(new Set(deliveries.map(({ body }) => body.id)).size).toBe(deliveries.length);
});

it('tells of nothing that has not happened yet', () => {
  const begin = Math.floor(options.start.getTime() / 1000) * 1000;
  for (const { at, body } of deliveries) {
    const times = timesIn(body);
    expect(times.length).toBeGreaterThan(0);
    for (const time of times) {
      expect(time).toBeGreaterThanOrEqual(begin);
      expect(time).toBeLessThanOrEqual(at.getTime());
    }
  }
});

it('is the same for the same options, and shares no body with another seed or start', () => {
  expect(bodiesOf(livekitMeeting({ ...options }))).toEqual(bodiesOf(deliveries));
  const others = [
    { ...options, seed: 'other' },
    { ...options, start: new Date('2026-04-01T08:00:00.251Z') },
  ];
  for (const other of others)
    expect(bodiesOf(livekitMeeting(other)).filter((body) => bodiesOf(deliveries).includes(body))).toEqual([]);
});

it('ends what it began', () => {
  const ids = (event: string, member: string, id: string) =>
    deliveries
      .filter((delivery) => delivery.event === event)
      .map(({ body }) => (body[member] as Record<string, unknown>)[id])
      .sort();
  expect(ids('participant_left', 'participant', 'sid')).toEqual(ids('participant_joined', 'participant', 'sid'));
  expect(ids('track_unpublished', 'track', 'sid')).toEqual(ids('track_published', 'track', 'sid'));
  expect(ids('egress_ended', 'egressInfo', 'egressId')).toEqual(ids('egress_started', 'egressInfo', 'egressId'));
});
