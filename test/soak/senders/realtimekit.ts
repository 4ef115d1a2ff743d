/** Sends as Cloudflare RealtimeKit does: only a fault of the receiver makes it try again. */
import type { Attempt } from './http';
import { deliver, type RetryPolicy, type SenderOptions, Tally } from './retries';

/**
 * Tries again at 5xx and network errors only; anything else that is not 2xx, a redirect too, loses the event at once.
 * Neither schedule nor time limit is published: the schedule is a modest one, and Dyte, from which RealtimeKit comes,
 * said three seconds.
 */
export const REALTIMEKIT: RetryPolicy = {
  waitsSeconds: [0, 30, 60, 300, 600, 1_800],
  timeLimitMs: 3_000,
  isTriedAgain: (answer) => answer === 'none' || answer >= 500,
};

/** The shortest that its predecessor's documentation can be read as: three tries, a second apart. */
export const REALTIMEKIT_IMPATIENT: RetryPolicy = { ...REALTIMEKIT, waitsSeconds: [0, 1, 1] };

/** Sends events independently of each other. */
export class RealtimeKitSender {
  readonly tally = new Tally();

  constructor(
    private readonly options: SenderOptions,
    private readonly policy = REALTIMEKIT,
  ) {}

  /** @param sign every try has the same `rtk-uuid` */
  async send(sign: () => Attempt): Promise<void> {
    await deliver(this.policy, this.options, this.tally, sign);
  }
}
