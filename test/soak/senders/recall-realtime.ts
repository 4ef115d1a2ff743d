/** Sends as Recall.ai's real-time endpoints do: one feed a bot, one event after the other. */
import type { Attempt } from './http';
import { deliver, type RetryPolicy, type SenderOptions, Tally } from './retries';

const TRIES = 60;

/** Sixty tries, a second apart, at anything but 2xx. No time limit is published; there must be one. */
export const RECALL_REALTIME: RetryPolicy = {
  waitsSeconds: [0, ...Array(TRIES - 1).fill(1)],
  timeLimitMs: 15_000,
  isTriedAgain: () => true,
};

/** All feeds of Recall.ai. */
export class RecallRealtimeSender {
  readonly tally = new Tally();
  /** Endpoints that have failed. */
  deadEndpoints = 0;
  /** Events of bots whose endpoint had failed before: Recall.ai does not send those. */
  neverSent = 0;

  constructor(readonly options: SenderOptions) {}

  /** Opens the feed of a new bot. */
  openFeed(): Feed {
    return new Feed(this);
  }
}

/** The feed of one bot. */
export class Feed {
  #last: Promise<void> = Promise.resolve();
  #isDead = false;

  constructor(private readonly sender: RecallRealtimeSender) {}

  /** Its endpoint has failed: nothing more comes for its bot, and nothing can be replayed. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Sends an event once the ones before it are through; resolves when its end is known. */
  send(sign: () => Attempt): Promise<void> {
    this.#last = this.#last.then(() => this.#sendNow(sign));
    return this.#last;
  }

  async #sendNow(sign: () => Attempt): Promise<void> {
    const { sender } = this;
    if (this.#isDead) {
      sender.neverSent += 1;
    } else if (!(await deliver(RECALL_REALTIME, sender.options, sender.tally, sign))) {
      this.#isDead = true;
      sender.deadEndpoints += 1;
    }
  }
}
