/** The soak of `npm run soak`, short: only troubles that are over within seconds. */
import { CHECKS } from '../soak/checks';
import { reportOf } from '../soak/report';
import { LIVEKIT, REALTIMEKIT, SVIX, ZOOM } from '../soak/senders/policies';
import { type SoakOptions, soak } from '../soak/soak';
import { SYNTH_TIMEOUT_MS } from '../support/synth';

const OPTIONS: SoakOptions = {
  seed: 20_260_203,
  loadMs: 10_000,
  perSecond: 30,
  triesAtOnce: 3,
  troubles: 'quick',
  atOnce: 4,
  phaseMs: 1_200,
  calmMs: 200,
  // All schedules are over within fourteen seconds; a verifier that died holds its key for ten.
  timesFaster: { [SVIX.name]: 7_000, [REALTIMEKIT.name]: 200, [ZOOM.name]: 400, [LIVEKIT.name]: 4 },
  // Shorter than a consumer may run, which AWS would not allow: here none is at work for more than a moment.
  retries: { visibilitySeconds: 3, maxReceives: 3 },
  // Some seconds do; on a machine with other work, a call that took too long holds a key for thirty.
  drainMs: 60_000,
};

it(
  'loses and doubles nothing, and breaks no other rule, while everything fails by turns',
  async () => {
    const record = await soak(OPTIONS);
    const broken = CHECKS.flatMap(({ name, find }) => {
      const { wrong, detail } = find(record);
      return wrong.length === 0 ? [] : [`${name}: ${detail}`, ...wrong];
    });
    // The report tells what a failure is about.
    expect(broken.length === 0 ? '' : `${broken.join('\n')}\n${reportOf(OPTIONS, record).text}`).toBe('');
    // It has sent what every sender sends.
    for (const { tally } of record.senders) expect(tally.accepted).toBeGreaterThan(20);
    expect(record.forgeries.sent).toBeGreaterThan(0);
  },
  SYNTH_TIMEOUT_MS + 150_000,
);
