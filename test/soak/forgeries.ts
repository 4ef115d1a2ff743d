/** Requests of somebody who is no provider: none may ever be accepted. */
import { randomUUID } from 'node:crypto';
import { RealtimeKitAccount, RecallAccount } from './accounts';
import type { Bodies } from './bodies';
import type { Random } from './random';
import type { Attempt, Post } from './senders/http';
import { Tally } from './senders/retries';

const TIME_LIMIT_MS = 15_000;
const TEN_MINUTES_MS = 600_000;

/** Sends forged requests. */
export class Forger {
  readonly tally = new Tally();
  readonly #forgeries: readonly (() => Attempt)[];

  constructor(
    private readonly random: Random,
    bodies: Bodies,
    recall: RecallAccount,
    realtimekit: RealtimeKitAccount,
  ) {
    const ownRecall = new RecallAccount(random);
    const ownRealtimeKit = new RealtimeKitAccount(random);
    const message = () => ({ id: `msg_${randomUUID()}`, body: bodies.dashboard().text });
    const event = () => ({ uuid: randomUUID(), body: bodies.realtimekit().text, isRepeating: false });
    this.#forgeries = [
      () => ownRecall.webhook(message()),
      () => tampered(recall.webhook(message())),
      () => recall.webhook(message(), new Date(Date.now() - TEN_MINUTES_MS)),
      () => ({ ...recall.webhook(message()), headers: {} }),
      () => recall.realtime({ id: undefined, body: bodies.realtime('forged').text }, ownRecall.token),
      () => ownRealtimeKit.webhook(event()),
      () => tampered(realtimekit.webhook(event())),
    ];
  }

  /** Tries one, once. */
  async send(post: Post): Promise<void> {
    this.tally.sent += 1;
    this.tally.count(await post(this.random.pick(this.#forgeries)(), TIME_LIMIT_MS));
  }
}

const tampered = (attempt: Attempt): Attempt => ({ ...attempt, body: `${attempt.body} ` });
