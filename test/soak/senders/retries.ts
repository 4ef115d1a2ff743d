/** Tries a delivery until it is accepted or its provider gives up, and keeps the numbers. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, type Attempt, isAccepted, NO_REPLY, type Post } from './http';

/** How a provider tries. */
export interface RetryPolicy {
  /** The sender, as people know it. */
  readonly name: string;
  /** Seconds before each try, after the end of the one before. */
  readonly waitsSeconds: readonly number[];
  /** How long it waits for an answer. */
  readonly timeLimitMs: number;
  /** Whether it tries again after an answer that is not 2xx. */
  readonly isTriedAgain: (answer: Answer) => boolean;
  /** After a 503 it waits as long as `Retry-After` says. */
  readonly obeysRetryAfter?: true;
}

/** How a sender is set up. */
export interface SenderOptions {
  readonly post: Post;
  /** How many times faster than the provider's the clock runs between tries. */
  readonly timesFaster: number;
}

/** A delivery that its provider will not try again, though it was never answered 2xx. */
export interface Loss {
  readonly eventId: string;
  /** The last answer. */
  readonly answer: Answer;
  /** Milliseconds since 1970 of the first try, and of the end of the last one. */
  readonly from: number;
  readonly to: number;
}

/** What one sender has seen. */
export class Tally {
  /** Deliveries begun. */
  sent = 0;
  tries = 0;
  /** Deliveries that ended with 2xx. */
  accepted = 0;
  readonly answers: Record<string, number> = {};
  /** Deliveries given up. */
  readonly losses: Loss[] = [];

  /** Deliveries whose end is open. */
  get pending(): number {
    return this.sent - this.accepted - this.losses.length;
  }

  count(answer: Answer): void {
    this.tries += 1;
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
  }
}

/**
 * Sends a delivery to its end.
 *
 * @param sign makes a try: what a provider signs anew for each try is new in each
 * @returns whether it was accepted
 */
export async function deliver(
  policy: RetryPolicy,
  { post, timesFaster }: SenderOptions,
  tally: Tally,
  sign: () => Attempt,
): Promise<boolean> {
  tally.sent += 1;
  const from = Date.now();
  let reply = NO_REPLY;
  let eventId = '';
  for (const usual of policy.waitsSeconds) {
    const asked = policy.obeysRetryAfter && reply.answer === 503 ? reply.retryAfterSeconds : undefined;
    const wait = asked ?? usual;
    if (wait > 0) await sleep((wait * 1000) / timesFaster);
    const attempt = sign();
    eventId = attempt.eventId;
    reply = await post(attempt, policy.timeLimitMs);
    const { answer } = reply;
    tally.count(answer);
    if (isAccepted(answer)) {
      tally.accepted += 1;
      return true;
    }
    if (!policy.isTriedAgain(answer)) break;
  }
  tally.losses.push({ eventId, answer: reply.answer, from, to: Date.now() });
  return false;
}
