/** What an event of the probe that came back says about its way. */
import { isEvent, readArrival } from '../../../lambdas/probe/arrival';

const SENT = Date.parse('2026-03-02T09:30:00.000Z');

const event = (changes: { type?: string; sentat?: unknown; consumedat?: number; receivedtime?: string } = {}) => ({
  source: 'meetbus-probe',
  'detail-type': 'probe.bot',
  detail: {
    id: 'event-1',
    type: changes.type ?? 'probe.bot',
    receivedtime: changes.receivedtime ?? '2026-03-02T09:30:00.080Z',
    data: {
      probe: { run: 'run-1', sentat: changes.sentat ?? SENT, consumedat: changes.consumedat ?? SENT + 200 },
      raw: { event: 'probe.bot' },
    },
  },
});

it('tells the time end to end, and its legs', () => {
  expect(readArrival(event(), SENT + 450)).toEqual({
    id: 'event-1',
    run: 'run-1',
    family: 'bot',
    legs: { total: 450, queue: 120, buses: 250 },
  });
});

it('tells no negative time where clocks differ', () => {
  const early = event({ receivedtime: '2026-03-02T09:30:00.230Z', consumedat: SENT + 200 });
  expect(readArrival(early, SENT - 5)?.legs).toEqual({ total: 0, queue: 0, buses: 0 });
});

it.each([
  ['of another type', event({ type: 'bot.status_changed' })],
  ['without a time', event({ sentat: 'now' })],
  ['without a detail', { ...event(), detail: undefined }],
])('reads no event %s', (_, other) => {
  expect(readArrival(other, SENT)).toBeUndefined();
});

it.each([[undefined], [null], [{}], [{ source: 'aws.events' }], ['meetbus-probe']])(
  'takes %j for no event',
  (other) => {
    expect(isEvent(other)).toBe(false);
    expect(isEvent(event())).toBe(true);
  },
);
