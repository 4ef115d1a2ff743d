import type { SampleDelivery } from '../../../kit/sandbox/delivery';
import { realtimekitMeeting } from '../../../realtimekit/sandbox/meeting';
import { recallRoute } from '../../../recall/sandbox';
import { recallMeeting } from '../../../recall/sandbox/meeting';
import { ALL_REALTIMEKIT, SEED_RECALL } from './names';

const options = { seed: 'test', start: new Date('2026-04-01T08:00:00.250Z') };
const meetings: [name: string, play: typeof recallMeeting, names: string[], timeless: string[]][] = [
  ['recallMeeting', recallMeeting, SEED_RECALL, ['transcript.partial_data', 'transcript.data', 'transcript.data']],
  ['realtimekitMeeting', realtimekitMeeting, ALL_REALTIMEKIT, ['meeting.summary']],
];

/** Every time that a body tells, but for the time when a link ends, which lies ahead. */
function timesIn(node: unknown, key = ''): number[] {
  if (typeof node === 'string') {
    return /^\d{4}-\d\d-\d\dT/.test(node) && !key.endsWith('Expiry') ? [Date.parse(node)] : [];
  }
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) => timesIn(value, name));
}

const bodiesOf = (deliveries: SampleDelivery[]) => deliveries.map(({ body }) => JSON.stringify(body));

describe.each(meetings)('%s', (_name, play, names, timeless) => {
  const deliveries = play(options);

  it('plays every event of the provider pages', () => {
    const played = new Set(deliveries.map(({ event }) => event));
    expect(names.filter((name) => !played.has(name))).toEqual([]);
  });

  it('names each body as its delivery', () => {
    for (const { event, body } of deliveries) expect(body.event).toBe(event);
  });

  it('begins at the start and goes forward', () => {
    const times = deliveries.map(({ at }) => at.getTime());
    expect(times[0]).toBe(options.start.getTime());
    for (const [index, time] of times.slice(1).entries()) expect(time).toBeGreaterThan(times[index]!);
  });

  it('tells of nothing that has not happened yet', () => {
    // Bodies without any time would pass for nothing: these alone have none.
    expect(deliveries.filter(({ body }) => timesIn(body).length === 0).map(({ event }) => event)).toEqual(timeless);
    for (const { at, body } of deliveries) {
      for (const time of timesIn(body)) {
        expect(time).toBeGreaterThanOrEqual(options.start.getTime());
        expect(time).toBeLessThanOrEqual(at.getTime());
      }
    }
  });

  it('is the same for the same options, and shares no body with another seed or start', () => {
    const bodies = bodiesOf(deliveries);
    expect(bodiesOf(play({ ...options }))).toEqual(bodies);
    const others = [
      { ...options, seed: 'other' },
      { ...options, start: new Date('2026-04-01T08:00:00.251Z') },
    ];
    for (const other of others) expect(bodiesOf(play(other)).filter((body) => bodies.includes(body))).toEqual([]);
  });
});

it('Recall repeats no body', () => {
  const bodies = bodiesOf(recallMeeting(options));
  expect(new Set(bodies).size).toBe(bodies.length);
});

it('RealtimeKit repeats a body for a livestream only, as it does in truth', () => {
  const deliveries = realtimekitMeeting(options);
  const repeated = deliveries.filter(({ body }, index) => bodiesOf(deliveries).indexOf(JSON.stringify(body)) !== index);
  expect(repeated.map(({ event, body }) => `${event} ${body.status}`)).toEqual([
    'livestreaming.statusUpdate LIVE',
    'livestreaming.statusUpdate OFFLINE',
  ]);
});

it('RealtimeKit tells every status of recordings and livestreams', () => {
  const deliveries = realtimekitMeeting(options);
  const recordings = deliveries.flatMap(({ body }) => (body.recording as { status: string } | undefined)?.status ?? []);
  const streams = deliveries.filter(({ body }) => 'streamId' in body).map(({ body }) => body.status);
  expect(new Set(recordings)).toEqual(new Set(['INVOKED', 'RECORDING', 'UPLOADING', 'UPLOADED', 'ERRORED']));
  expect(new Set(streams)).toEqual(new Set(['IDLE', 'LIVE', 'OFFLINE']));
});

it('RealtimeKit guests leave with the time at which they joined', () => {
  const guests = realtimekitMeeting(options).flatMap(({ body }) =>
    body.participant ? [body.participant as { peerId: string; joinedAt: string; leftAt?: string }] : [],
  );
  const left = guests.filter(({ leftAt }) => leftAt);
  expect(left).toHaveLength(2);
  for (const { peerId, joinedAt } of left) {
    expect(guests.find((guest) => guest.peerId === peerId && !guest.leftAt)?.joinedAt).toBe(joinedAt);
  }
});

it('each delivery goes to the route of its sender', () => {
  for (const { event, route } of recallMeeting(options)) expect(route).toBe(recallRoute(event));
  for (const { route } of realtimekitMeeting(options)) expect(route).toBe('/realtimekit/webhooks');
  expect(new Set(recallMeeting(options).map(({ route }) => route)).size).toBe(2);
});
