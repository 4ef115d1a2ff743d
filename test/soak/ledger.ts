/** What the providers know of each delivery: the ground truth that the buses are held against. */
import type { Random } from './random';
import { isAccepted, NO_REPLY, type Post } from './senders/http';

/** Share of accepted tries whose answer is lost on the way back, so that the provider sends the delivery again. */
const LOST_ANSWERS_SHARE = 0.05;

/** All genuine deliveries by the id of the event that each must become. */
export class Ledger {
  readonly #recognized = new Map<string, boolean>();
  readonly #accepted = new Set<string>();
  /** Accepted tries whose answers were lost. */
  lostAnswers = 0;

  /** Writes down a delivery before it is sent. */
  expect(eventId: string, isRecognized: boolean): void {
    this.#recognized.set(eventId, isRecognized);
  }

  get size(): number {
    return this.#recognized.size;
  }

  /** Ids of deliveries that were answered 2xx at least once. */
  get accepted(): ReadonlySet<string> {
    return this.#accepted;
  }

  /** Whether a provider has sent such a delivery. */
  knows(eventId: string): boolean {
    return this.#recognized.has(eventId);
  }

  /** Writes down that a delivery was answered 2xx. */
  accept(eventId: string): void {
    this.#accepted.add(eventId);
  }

  isRecognized(eventId: string): boolean {
    return this.#recognized.get(eventId) === true;
  }

  /** A network on which some answers are lost; each 2xx counts, also one that its provider never sees. */
  overNetwork(post: Post, random: Random): Post {
    return async (attempt, timeLimitMs) => {
      const reply = await post(attempt, timeLimitMs);
      if (!isAccepted(reply.answer)) return reply;
      this.#accepted.add(attempt.eventId);
      if (!random.chance(LOST_ANSWERS_SHARE)) return reply;
      this.lostAnswers += 1;
      return NO_REPLY;
    };
  }
}
