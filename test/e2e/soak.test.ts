/** The soak of `npm run soak`, short: only troubles that are over within seconds. */
import { CHECKS, type SoakRecord } from '../soak/checks';
import { reportOf } from '../soak/report';
import { type SoakOptions, soak } from '../soak/soak';
import { QUICK_TROUBLES } from '../soak/troubles';

const OPTIONS: SoakOptions = {
  seed: 20_260_203,
  loadMs: 10_000,
  perSecond: 30,
  triesAtOnce: 3,
  troubles: QUICK_TROUBLES,
  atOnce: 4,
  phaseMs: 1_200,
  calmMs: 200,
  // All schedules are over within fourteen seconds; a verifier that died holds its key for ten.
  timesFaster: { svix: 7_000, recallRealtime: 1, realtimekit: 200 },
  // Shorter than a consumer may run, which AWS would not allow: here none is at work for more than a moment.
  retries: { visibilitySeconds: 3, maxReceives: 3 },
  // Some seconds do; on a machine with other work, a call that took too long holds a key for thirty.
  drainMs: 60_000,
};

let record: SoakRecord;

beforeAll(async () => {
  record = await soak(OPTIONS);
});

it.each(CHECKS)('$name', ({ find }) => {
  const { wrong, detail } = find(record);
  // The report tells what a failure is about.
  expect(wrong.length === 0 ? '' : `${detail}\n${wrong.join('\n')}\n${reportOf(OPTIONS, record).text}`).toBe('');
});

it('has sent what every sender sends', () => {
  for (const { tally } of record.senders) expect(tally.accepted).toBeGreaterThan(20);
  expect(record.forgeries.sent).toBeGreaterThan(0);
});
