/** The lines that CloudWatch makes metrics from: which there are, and with what dimensions. */
import { MEETING_EVENT_TYPES } from '@meetbus/events';
import { LATE_AFTER_MS, METRIC_NAMESPACE } from '../../../lambdas/platform/metric-names';
import { count, METRIC, record, recordAt } from '../../../lambdas/platform/metrics';
import { measureDelay, measurePublished } from '../../../lambdas/publish/measure';
import type { Draft } from '../../../lambdas/publish/meeting-event';
import { PROVIDERS } from '../../../providers/names';

interface Line extends Record<string, unknown> {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

/** The metric lines that something prints. */
function linesOf(run: () => void): Line[] {
  const written: string[] = [];
  const spy = jest.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  try {
    run();
  } finally {
    spy.mockRestore();
  }
  return written.map((text) => JSON.parse(text));
}

const draft = (type: string, data: object = {}): Draft => ({ type, source: 'meetbus.recall', data }) as Draft;
const status = (code: string) => ({ status: { code } });

/** The values by metric, whichever line they are in. */
const valuesOf = (lines: readonly Line[]): Record<string, unknown> =>
  Object.fromEntries(
    lines.flatMap((line) =>
      line._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics.map(({ Name }) => [Name, line[Name]])),
    ),
  );

it('records several values in one line, once for each set of dimensions', () => {
  const lines = linesOf(() => record({ [METRIC.publishDelay]: 12, [METRIC.late]: 0 }, {}, { provider: 'recall' }));
  expect(lines).toEqual([
    {
      _aws: {
        Timestamp: expect.any(Number),
        CloudWatchMetrics: [
          {
            Namespace: METRIC_NAMESPACE,
            Dimensions: [['service'], ['service', 'provider']],
            Metrics: [
              { Name: 'PublishDelay', Unit: 'Milliseconds' },
              { Name: 'Late', Unit: 'Count' },
            ],
          },
        ],
      },
      service: 'meetbus',
      provider: 'recall',
      PublishDelay: 12,
      Late: 0,
    },
  ]);
});

it('carries no dimension or value over into the next line', () => {
  const [, second] = linesOf(() => {
    count(METRIC.delivery, { provider: 'recall', outcome: 'accepted' });
    count(METRIC.failOpen, { provider: 'realtimekit' });
  });
  expect(second).toMatchObject({ service: 'meetbus', provider: 'realtimekit', FailOpen: 1 });
  expect(second).not.toHaveProperty('outcome');
  expect(second).not.toHaveProperty('Delivery');
});

it('records values of another time, and the next ones of this', () => {
  const [past, now] = linesOf(() => {
    recordAt(Date.now() - 3_600_000, { [METRIC.live]: -1 }, { provider: 'recall' });
    count(METRIC.deadEndpoint, { provider: 'recall' });
  });
  expect(past).toMatchObject({ Live: -1, provider: 'recall' });
  expect(Math.round((now!._aws.Timestamp - past!._aws.Timestamp) / 60_000)).toBe(60);
});

it.each([
  [LATE_AFTER_MS, 0],
  [LATE_AFTER_MS + 1, 1],
])('an event after %i ms is late: %i', (delayMs, late) => {
  const received = { provider: 'recall', receivedTime: '2026-03-02T09:30:00.000Z' };
  const now = Date.parse(received.receivedTime) + delayMs;
  expect(valuesOf(linesOf(() => measureDelay(received, now)))).toEqual({ PublishDelay: delayMs, Late: late });
  // No delivery of these was accepted, or it was published before.
  for (const more of [{ proof: 'reconciled' }, { reprocess: 'unknown_event_name' }]) {
    expect(linesOf(() => measureDelay({ ...received, ...more }, now))).toEqual([]);
  }
});

it.each([
  ['failed', 1],
  ['running', undefined],
])('counts an endpoint that is %s as dead: %s', (code, dead) => {
  const values = valuesOf(linesOf(() => measurePublished(draft('endpoint.status_changed', status(code)), 'recall')));
  expect(values.DeadEndpoint).toBe(dead);
});

it('counts no event of the probe, and no delay of one: it is measured where it comes back', () => {
  const receivedTime = new Date().toISOString();
  const lines = linesOf(() => {
    measurePublished(draft('probe.recording'), 'probe');
    measureDelay({ provider: 'probe', proof: 'signature', reprocess: undefined, receivedTime });
  });
  expect(lines).toEqual([]);
});

it('has dimensions whose values are few, whatever is published', () => {
  const lines = PROVIDERS.flatMap((provider) =>
    MEETING_EVENT_TYPES.flatMap((type) => linesOf(() => measurePublished(draft(type, status('x')), provider))),
  );
  for (const { _aws, service, provider, type, ...values } of lines) {
    expect(service).toBe('meetbus');
    if (provider !== undefined) expect(PROVIDERS).toContain(provider);
    if (type !== undefined) expect(MEETING_EVENT_TYPES).toContain(type);
    for (const value of Object.values(values)) expect(typeof value).toBe('number');
  }
});
