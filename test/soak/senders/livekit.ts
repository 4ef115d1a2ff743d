/** Sends as LiveKit does: the events of each room one after the other. */
import type { Attempt } from './http';
import { LIVEKIT } from './policies';
import { deliver, type SenderOptions, Tally } from './retries';
import { SerialQueue } from './serial-queue';

/** What has waited for longer behind other events of its room is dropped. */
const OLDEST_MS = 30_000;

/** All rooms of a LiveKit server. */
export class LiveKitSender {
  readonly tally = new Tally();
  /** Events that LiveKit dropped before it sent them. */
  neverSent = 0;

  constructor(readonly options: SenderOptions) {}

  openRoom(): Room {
    return new Room(this);
  }
}

/** The events of one room. */
export class Room {
  readonly #queue = new SerialQueue();

  constructor(private readonly sender: LiveKitSender) {}

  /**
   * Sends an event once the ones before it are through; resolves when its end is known.
   *
   * @param sign called once, when the event is sent first: every try has the same token
   */
  send(sign: () => Attempt): Promise<void> {
    const since = performance.now();
    return this.#queue.add(() => this.#sendNow(sign, since));
  }

  async #sendNow(sign: () => Attempt, since: number): Promise<void> {
    const { sender } = this;
    if (performance.now() - since > OLDEST_MS / sender.options.timesFaster) {
      sender.neverSent += 1;
      return;
    }
    const attempt = sign();
    await deliver(LIVEKIT, sender.options, sender.tally, () => attempt);
  }
}
