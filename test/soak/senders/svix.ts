/** Sends as Svix does, by whose hands Recall.ai delivers its dashboard webhooks. */
import type { Attempt } from './http';
import { deliver, type RetryPolicy, type SenderOptions, Tally } from './retries';

/** Eight tries in about 27.6 hours, at anything but 2xx. */
export const SVIX: RetryPolicy = {
  waitsSeconds: [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 36_000],
  timeLimitMs: 15_000,
  isTriedAgain: () => true,
};

/** Sends messages independently of each other. */
export class SvixSender {
  readonly tally = new Tally();

  constructor(private readonly options: SenderOptions) {}

  /** @param sign every try has the same message id, but a timestamp and a signature of its own */
  async send(sign: () => Attempt): Promise<void> {
    await deliver(SVIX, this.options, this.tally, sign);
  }
}
