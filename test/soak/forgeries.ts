/** Requests of somebody who is no provider, or none of ours: none may ever come to subscribers. */
import type { Account } from './accounts/account';
import type { Ledger } from './ledger';
import type { Random } from './random';
import { isAccepted, type Post } from './senders/http';
import { Tally } from './senders/retries';

const TIME_LIMIT_MS = 15_000;

/** Share of forgeries that are genuine as far as they go: signed for a stranger, or by somebody who has seen a token. */
const HALF_PROVED_SHARE = 0.3;

/** Sends forged requests. */
export class Forger {
  /** Of those that prove nothing: each must be refused. */
  readonly tally = new Tally();

  constructor(
    private readonly random: Random,
    private readonly accounts: readonly Account[],
  ) {}

  /** Tries one, once. What proves too little is written down as a delivery that no subscriber may see. */
  async send(post: Post, ledger: Ledger): Promise<void> {
    if (this.random.chance(HALF_PROVED_SHARE)) {
      const attempt = this.random.pick(this.accounts.flatMap(({ halfProved = [] }) => halfProved))();
      ledger.expect(attempt.eventId, false);
      if (isAccepted((await post(attempt, TIME_LIMIT_MS)).answer)) ledger.accept(attempt.eventId);
      return;
    }
    const attempt = this.random.pick(this.accounts.flatMap(({ forgeries }) => forgeries))();
    this.tally.sent += 1;
    this.tally.count((await post(attempt, TIME_LIMIT_MS)).answer);
  }
}
