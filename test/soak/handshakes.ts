/** The requests with which providers verify the URL: each must be answered at once, whatever is down. */
import type { Account } from './accounts/account';
import type { Random } from './random';
import { isAccepted, type Post } from './senders/http';
import { Tally } from './senders/retries';

/** Sends handshakes, faster than any provider does. */
export class Handshakes {
  readonly tally = new Tally();
  /** Answers of 2xx that are not what the provider wants. */
  wrong = 0;

  constructor(
    private readonly random: Random,
    private readonly accounts: readonly Account[],
  ) {}

  /** Sends one, once. */
  async send(post: Post): Promise<void> {
    const make = this.random.pick(this.accounts.flatMap(({ handshake = [] }) => handshake));
    const { attempt, timeLimitMs, isRight } = make();
    this.tally.sent += 1;
    const reply = await post(attempt, timeLimitMs);
    this.tally.count(reply.answer);
    if (!isAccepted(reply.answer)) return;
    if (isRight(reply)) this.tally.accepted += 1;
    else this.wrong += 1;
  }
}
