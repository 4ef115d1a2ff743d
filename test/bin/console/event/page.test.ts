/** What the page of an event says, made of log lines. */
import type { FoundStep } from '../../../../bin/commands/trace/follow';
import type { LogLine } from '../../../../bin/commands/trace/log-search';
import { stepOf } from '../../../../bin/commands/trace/steps';
import { newerThan, tell } from '../../../../bin/console/event/page';
import { curlOf, fixtureOf, patternOf } from '../../../../bin/console/page/event/copies';

const T = Date.parse('2026-03-02T09:30:00.000Z');
let count = 0;

function found(message: object, at = T): FoundStep {
  const line: LogLine = {
    ...{ logGroup: 'g', id: String(count++), timestamp: at, ingestionTime: at },
    message: JSON.stringify({ timestamp: new Date(at).toISOString(), ...message }),
  };
  return { line, step: stepOf(line)! };
}

const request = (id: string, more: object = {}, at = T) =>
  found(
    {
      ...{ extendedRequestId: id, method: 'POST', path: '/acme/webhooks', status: '200', responseType: '-' },
      ...{ latencyMs: '40', sourceIp: '192.0.2.1', userAgent: 'Acme/1', ...more },
    },
    at,
  );
const verifier = (id: string, outcome: string, at = T + 30) =>
  found(
    {
      ...{ message: 'delivery', provider: 'acme', correlationId: id, outcome, milliseconds: 20 },
      ...{ family: 'bot', proof: 'signature', eventId: 'e1', deliveryId: 'd1', xray_trace_id: '1-2-3' },
    },
    at,
  );
const consumer = (id: string, outcome: string, more: object = {}, at = T + 120) =>
  found(
    {
      ...{ message: 'event', provider: 'acme', eventId: 'e1', correlationId: id, outcome, milliseconds: 50 },
      ...{ family: 'bot', ...more },
    },
    at,
  );
const bus = (id: string, more: object = {}, at = T + 200) =>
  found(
    {
      ...{ id: 'e1', type: 'bot.joined', source: 'meetbus.acme', subject: 'bot/1', correlationid: id },
      ...{ time: '2026-03-02T09:29:59.5Z', receivedtime: '2026-03-02T09:30:00.010Z', ...more },
    },
    at,
  );

const wayOf = (...steps: readonly FoundStep[]) =>
  tell(steps, ['acme']).page.way.map(({ name, state }) => [name, state]);
const PASSED = ['request', 'proof', 'queue', 'consumer', 'intake bus', 'shared bus'].map((name) => [name, 'passed']);

it('tells the whole way of an event, with the time at each place', () => {
  const { page, published, family } = tell(
    [request('c1'), verifier('c1', 'accepted'), consumer('c1', 'published', { type: 'bot.joined' }), bus('c1')],
    ['acme'],
  );
  expect(page).toMatchObject({
    ...{ eventId: 'e1', deliveryId: 'd1', provider: 'acme', type: 'bot.joined', subject: 'bot/1' },
    ...{ proof: 'signature', happened: '2026-03-02T09:29:59.5Z', isArchived: true },
    request: { method: 'POST', 'User-Agent': 'Acme/1', 'source address': '192.0.2.1' },
    traces: [{ traceId: '1-2-3' }],
  });
  expect(page.way.map(({ name, state }) => [name, state])).toEqual(PASSED);
  expect(page.way.map(({ time, tookMs }) => [time?.slice(17, 23), tookMs])).toEqual([
    ['00.000', 40],
    ['00.010', 20],
    ['00.030', 40],
    ['00.070', 50],
    ['00.120', undefined],
    ['00.200', undefined],
  ]);
  expect([page.missing, page.gap, page.lines.length]).toEqual([undefined, undefined, 4]);
  expect({ published, family }).toEqual({ published: '2026-03-02T09:30:00.120Z', family: 'bot' });
});

it('shows the places in order of time, also when a consumer began before its verifier had answered', () => {
  const early = consumer('c1', 'published', { type: 'bot.joined' }, T + 75);
  const { page } = tell([request('c1'), verifier('c1', 'accepted'), early, bus('c1', {}, T + 60)], ['acme']);
  const times = page.way.map(({ time }) => time);
  expect(times).toEqual(times.toSorted());
  expect(page.way.find(({ name }) => name === 'queue')).toMatchObject({ tookMs: 0 });
});

it.each<[string, readonly FoundStep[], readonly (readonly [string, string])[]]>([
  ['is refused', [request('c', { status: '401' }), verifier('c', 'digest_mismatch')], [['proof', 'stopped']]],
  ['is refused by the gateway', [request('c', { status: '429', responseType: 'THROTTLED' })], [['request', 'stopped']]],
  ['waits in its queue', [request('c'), verifier('c', 'accepted')], [['queue', 'waiting']]],
  ['is tried again', [verifier('c', 'accepted'), consumer('c', 'failed')], [['consumer', 'waiting']]],
  [
    'is not recognized',
    [consumer('c', 'published', { type: 'event.unrecognized', reason: 'unknown_event_name' })],
    [['intake bus', 'stopped']],
  ],
  ['is on the intake bus alone', [consumer('c', 'published', { type: 'bot.joined' })], [['shared bus', 'waiting']]],
  ['is known already', [verifier('c', 'duplicate')], [['proof', 'stopped']]],
])('says where an event stopped that %s', (_, steps, expected) => {
  expect(wayOf(...steps).slice(-1)).toEqual(expected);
});

it('says that five tries have failed, and why', () => {
  const error = { name: 'Error', message: 'no answer, token=abcdefghijkl' };
  const tries = [1, 2, 3, 4, 5].map((minute) => consumer('c', 'failed', { error }, T + minute * 60_000));
  const { page, main } = tell([verifier('c', 'accepted'), ...tries], ['acme']);
  expect(main.failures).toBe(5);
  expect(page.way.at(-1)).toMatchObject({
    name: 'consumer',
    state: 'stopped',
    says: 'failed, Error: no answer, token=(masked)',
  });
  expect(page.missing).toContain('dlq list');
  expect(JSON.stringify(page)).not.toContain('abcdefghijkl');
});

it('goes the way of the delivery that became the event, and lists all that brought it', () => {
  const steps = [
    ...[request('c1'), verifier('c1', 'accepted'), consumer('c1', 'published', { type: 'bot.joined' }), bus('c1')],
    ...[request('c2', {}, T + 5_000), verifier('c2', 'duplicate', T + 5_030)],
  ];
  const { page } = tell(steps.reverse(), ['acme']);
  expect(page.way.map(({ name, state }) => [name, state])).toEqual(PASSED);
  expect(page.deliveries.map(({ id, outcome }) => [id, outcome])).toEqual([
    ['c1', 'published'],
    ['c2', 'duplicate'],
  ]);
});

it('finds the newer event that made one stale', () => {
  const { main } = tell([bus('c1')], ['acme']);
  const other = (id: string, time: string, at: number, subject = 'bot/1') => bus(id, { id, time, subject }, at).line;
  const lines = [
    other('older', '2026-03-02T09:29:59Z', T),
    other('newer', '2026-03-02T09:29:59.75Z', T),
    other('newest', '2026-03-02T09:29:59.9Z', T + 1),
    other('later', '2026-03-02T09:29:59.95Z', T + 9_000),
    other('another', '2026-03-02T09:29:59.99Z', T, 'bot/12'),
  ];
  expect(newerThan(main, lines)).toMatchObject({ eventId: 'newest' });
  expect(newerThan(main, lines.slice(0, 1))).toBeUndefined();
});

describe('copies', () => {
  const { page } = tell([verifier('c', 'accepted'), bus('c')], ['acme']);

  it('has a request that names what it lacks, in quotes that a shell keeps together', () => {
    const curl = curlOf({ ...page, url: 'http://127.0.0.1:3000/acme/webhooks' }, { came: { note: "it's" } });
    expect(curl).toContain("--data-raw '{\"note\":\"it'\\''s\"}'");
    expect(curl).toContain('npx meetbus send acme --file body.json --local');
  });

  it('has a pattern for exactly this event, and the event itself', () => {
    expect(JSON.parse(patternOf(page))).toEqual({
      ...{ source: ['meetbus.acme'], 'detail-type': ['bot.joined'], detail: { subject: ['bot/1'] } },
    });
    expect(JSON.parse(fixtureOf({ envelope: { id: '1' } }))).toEqual({ id: '1' });
  });
});
