/** Log lines become one row for each delivery, in whatever order they come. */
import type { LogLine } from '../../../../bin/commands/trace/log-search';
import { type Delivery, rowOf, takeIn } from '../../../../bin/console/live/deliveries';

const T = Date.parse('2026-03-02T09:30:00.000Z');
const ID = 'I0WNNZummKd9pJo=';
let count = 0;

const line = (message: object | string, at = T, ingestionTime = at): LogLine => ({
  ...{ logGroup: 'g', id: String(count++), timestamp: at, ingestionTime },
  message: JSON.stringify(message),
});
const written = (message: object, at: number): LogLine =>
  line({ timestamp: new Date(at).toISOString(), correlationId: ID, ...message }, at);

const request = (more: object = {}) =>
  line({
    ...{ extendedRequestId: ID, method: 'POST', path: '/acme/webhooks', status: '200', responseType: '-' },
    ...{ latencyMs: '40', ...more },
  });
const verifier = (outcome: string, more: object = {}) =>
  written({ message: 'delivery', provider: 'acme', outcome, milliseconds: 20, ...more }, T + 30);
const consumer = (outcome: string, more: object = {}, at = T + 120) =>
  written({ message: 'event', provider: 'acme', eventId: 'e1', outcome, milliseconds: 50, ...more }, at);
const bus = line(
  {
    ...{ id: 'e1', type: 'bot.joined', source: 'meetbus.acme', subject: 'bot/1', time: '2026-03-02T09:29:59Z' },
    ...{ receivedtime: '2026-03-02T09:30:00.010Z', providerevent: 'joined', correlationid: ID },
  },
  T - 1_000,
  T + 200,
);

function rowFrom(...lines: readonly LogLine[]) {
  const deliveries = new Map<string, Delivery>();
  for (const one of lines) takeIn(deliveries, one);
  expect(deliveries.size).toBe(1);
  return rowOf([...deliveries.values()][0]!, ['acme']);
}

const WHOLE = {
  ...{ id: ID, eventId: 'e1', time: '2026-03-02T09:30:00.000Z', provider: 'acme', providerEvent: 'joined' },
  ...{ type: 'bot.joined', subject: 'bot/1', outcome: 'published', where: 'shared bus', reason: '', milliseconds: 200 },
};

it('is one row, with the time from the request to the shared bus', () => {
  const lines = [
    request(),
    verifier('accepted', { eventId: 'e1' }),
    consumer('published', { type: 'bot.joined' }),
    bus,
  ];
  expect(rowFrom(...lines)).toEqual(WHOLE);
  expect(rowFrom(...lines.reverse())).toEqual(WHOLE);
});

it('is known from the event alone, where the other lines are left out', () => {
  expect(rowFrom(bus)).toEqual({ ...WHOLE, time: '2026-03-02T09:30:00.010Z', milliseconds: 190 });
});

it.each([
  ['the queue', [request(), verifier('accepted')], { outcome: 'accepted', where: 'queue' }],
  ['the bucket', [verifier('stored')], { outcome: 'accepted', where: 'bucket', reason: 'its queue did not take it' }],
  ['the verifier', [request()], { outcome: 'accepted', where: 'verifier', provider: 'acme' }],
  ['the intake bus', [consumer('published', { type: 'bot.joined' })], { outcome: 'published', where: 'intake bus' }],
  [
    'the intake bus for good',
    [request(), consumer('published', { type: 'event.unrecognized', reason: 'unknown_event_name' })],
    { outcome: 'unrecognized', where: 'intake bus', reason: 'unknown_event_name', milliseconds: 120 },
  ],
  [
    'the verifier, which knows it',
    [request(), verifier('duplicate')],
    { outcome: 'duplicate', where: 'verifier', reason: 'taken in before', milliseconds: 30 },
  ],
  [
    'the consumer, which knows the same',
    [request(), verifier('accepted'), consumer('duplicate', { sameAs: 'e0' })],
    { outcome: 'duplicate', where: 'consumer', reason: 'the same as event e0' },
  ],
  [
    'the verifier, which refuses it',
    [request({ status: '401' }), verifier('digest_mismatch')],
    { outcome: 'refused', where: 'verifier', reason: 'digest_mismatch', milliseconds: 30 },
  ],
  [
    'the verifier, which asks for it again',
    [request({ status: '503' }), verifier('not_configured')],
    { outcome: 'unavailable', where: 'verifier', reason: 'not_configured' },
  ],
  [
    'the gateway',
    [request({ status: '429', path: '-', responseType: 'THROTTLED' })],
    { outcome: 'refused', where: 'gateway', reason: '429 throttled', provider: '', milliseconds: 40 },
  ],
  [
    'the gateway, which has no answer',
    [request({ status: '504', responseType: 'INTEGRATION_TIMEOUT' })],
    { outcome: 'unavailable', where: 'gateway', reason: '504 integration_timeout', provider: 'acme' },
  ],
  ['the verifier, for a handshake', [verifier('answered')], { outcome: 'answered', where: 'verifier' }],
])('is at %s', (_, lines, expected) => {
  expect(rowFrom(...lines)).toMatchObject(expected);
});

it('is marked where Meetbus itself sent it', () => {
  expect(rowFrom(request({ userAgent: 'meetbus-doctor' }), verifier('missing_header'))).toMatchObject({ isOwn: true });
  expect(rowFrom(request({ path: '/probe' }))).toMatchObject({ provider: 'probe', isOwn: true });
  expect(rowFrom(request({ userAgent: 'meetbus-doctors' }))).not.toHaveProperty('isOwn');
});

it('counts failed tries, until the event comes after all', () => {
  const error = { name: 'PutEventsError', message: 'not taken' };
  const failed = [1, 2, 3, 4, 5].map((minute) => consumer('failed', { error }, T + minute * 60_000));
  const reason = 'PutEventsError: not taken';
  expect(rowFrom(...failed.slice(0, 2))).toMatchObject({ outcome: 'failed', where: 'queue, 2 of 5 tries', reason });
  expect(rowFrom(...failed)).toMatchObject({ outcome: 'failed', where: 'dead-letter queue', reason });
  const redriven = consumer('published', { type: 'bot.joined', standing: 'stale' }, T + 3_600_000);
  expect(rowFrom(redriven, ...failed)).toMatchObject({ outcome: 'published', isStale: true });
});

it('has a row for a message that is no delivery, and none for other lines', () => {
  const deliveries = new Map<string, Delivery>();
  const lines = [
    line({ message: 'event', messageId: 'm1', outcome: 'failed' }),
    line({ message: 'secret_unavailable', correlationId: ID }),
    line({ _aws: {}, message: 'event', correlationId: ID }),
    line('START RequestId: 1'),
  ];
  expect(lines.map((one) => takeIn(deliveries, one))).toEqual(['m1', undefined, undefined, undefined]);
});

it('shows no credential that a sender has put where it does not belong', () => {
  const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  const row = rowFrom(consumer('published', { type: 'bot.joined', providerEvent: `x ${token}` }));
  expect(JSON.stringify(row)).not.toContain(token);
});
