/** Sends as Recall.ai's real-time endpoints do: one feed for each bot, one event after the other. */
import type { Attempt } from './http';
import { RECALL_REALTIME } from './policies';
import { deliver, type SenderOptions, Tally } from './retries';
import { SerialQueue } from './serial-queue';

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
  readonly #queue = new SerialQueue();
  #isDead = false;

  constructor(private readonly sender: RecallRealtimeSender) {}

  /** Its endpoint has failed: nothing more comes for its bot, and nothing can be replayed. */
  get isDead(): boolean {
    return this.#isDead;
  }

  /** Sends an event once the ones before it are through; resolves when its end is known. */
  send(sign: () => Attempt): Promise<void> {
    return this.#queue.add(() => this.#sendNow(sign));
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
