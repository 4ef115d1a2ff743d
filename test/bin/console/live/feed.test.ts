/** One reading of the logs serves all pages, over HTTP. */
import type { DeliveryRow, LiveMessage } from '../../../../bin/console/api/live';
import { LiveFeed, MAX_DELIVERIES } from '../../../../bin/console/live/feed';
import { AWS_PACE, LOCAL_PACE, type Pace } from '../../../../bin/console/live/log-poller';
import { GROUPS, LogSource } from '../../../support/log-source';
import { until } from '../../../support/until';

const flags = { state: '.meetbus', stack: 'Meetbus' };

let source: LogSource;
let ended: AbortController;
beforeEach(async () => {
  source = await LogSource.start();
  ended = new AbortController();
});
afterEach(async () => {
  ended.abort();
  await source.close();
});

const feedWith = (pace: Partial<Pace> = {}): LiveFeed =>
  new LiveFeed(
    { deployment: source.deployment, flags, allowsChanges: false, ended: ended.signal },
    { ...LOCAL_PACE, roundMs: 10, ...pace },
  );

/** A page: what it knows, and what it was told. */
function open(feed: LiveFeed) {
  const gone = new AbortController();
  const rows = new Map<string, DeliveryRow>();
  const told: LiveMessage[] = [];
  const reading = (async () => {
    for await (const message of feed.follow(gone.signal)) {
      told.push(message);
      for (const row of message.rows ?? []) rows.set(row.id, row);
    }
  })();
  const close = async () => {
    gone.abort();
    await reading;
  };
  return { rows, told, close };
}

const request = (id: string) => ({ extendedRequestId: id, method: 'POST', path: '/recall/webhooks', status: '401' });

it('tells what it knows, then what is new, each line once', async () => {
  source.addDeliveries(3, Date.now() - 60_000);
  const page = open(feedWith());
  await until(() => [...page.rows.values()].filter(({ outcome }) => outcome === 'published').length === 3, 'the rows');
  expect(page.told[0]?.reset).toBe(true);
  expect(page.told.slice(1).some(({ reset }) => reset)).toBe(false);

  const error = { name: 'Error', message: 'no' };
  const failed = { message: 'event', correlationId: 'c4', outcome: 'failed', error };
  source.add(GROUPS.consumer, failed);
  await until(() => page.rows.has('c4'), 'the new row');
  const { calls } = source;
  // The line is read again and again, because another one with an earlier time may still come.
  await until(() => source.calls > calls + 8, 'more looks');
  expect(page.rows.get('c4')).toMatchObject({ where: 'queue, 1 of 5 tries' });
  await page.close();
});

it('finds a line that comes late, by its own time', async () => {
  const page = open(feedWith());
  source.add(GROUPS.requests, request('first'));
  await until(() => page.rows.has('first'), 'the first row');
  source.add(GROUPS.requests, request('late'), Date.now() - LOCAL_PACE.lateMs.requests + 5_000);
  await until(() => page.rows.has('late'), 'the late row');
  await page.close();
});

it('reads once for all pages, rests without one, and goes on for the next', async () => {
  const feed = feedWith();
  const [one, two] = [open(feed), open(feed)];
  source.add(GROUPS.requests, request('c1'));
  await until(() => one.rows.has('c1') && two.rows.has('c1'), 'the row on both pages');
  await one.close();
  await two.close();
  const { calls } = source;
  source.add(GROUPS.requests, request('c2'));
  // There is nothing to wait for: it must not happen. Calls under way end in this time.
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(source.calls).toBeLessThanOrEqual(calls + Object.keys(GROUPS).length);
  const back = open(feed);
  await until(() => back.rows.has('c2'), 'the row that came meanwhile');
  expect([...back.rows.keys()].sort()).toEqual(['c1', 'c2']);
  await back.close();
});

it('says why it cannot read, waits longer each time, and goes on', async () => {
  const page = open(feedWith({ callMs: 1 }));
  source.failsWith = 'ThrottlingException';
  await until(() => page.told.some(({ status }) => status?.error?.includes('Rate exceeded')), 'the reason');
  source.failsWith = undefined;
  source.add(GROUPS.requests, request('c1'));
  await until(() => page.rows.has('c1'), 'the row after all');
  expect(page.told.at(-1)?.status?.error).toBeUndefined();
  await page.close();
});

it('keeps the newest ten thousand', async () => {
  source.addDeliveries(MAX_DELIVERIES + 500);
  const feed = feedWith();
  const page = open(feed);
  await until(() => page.rows.size >= MAX_DELIVERIES, 'ten thousand rows');
  await page.close();
  const next = open(feed);
  await until(() => next.rows.size === MAX_DELIVERIES, 'what is remembered');
  await next.close();
  expect(next.told.length).toBeGreaterThan(MAX_DELIVERIES / 1_000 - 1);
});

it('leaves half of the calls that AWS allows to others', () => {
  const AWS_CALLS_PER_SECOND = 5;
  expect(1_000 / AWS_PACE.callMs).toBeLessThanOrEqual(AWS_CALLS_PER_SECOND / 2);
});
