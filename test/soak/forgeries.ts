/** Requests of somebody who is no provider, or none of ours: none may ever come to subscribers. */
import { randomUUID } from 'node:crypto';
import { recallBody } from '../../providers/recall/sandbox';
import { RealtimeKitAccount, RecallAccount } from './accounts';
import type { Bodies } from './bodies';
import type { Ledger } from './ledger';
import type { Random } from './random';
import { type Attempt, isAccepted, type Post } from './senders/http';
import { Tally } from './senders/retries';

const TIME_LIMIT_MS = 15_000;
const TEN_MINUTES_MS = 600_000;

/** Share of forgeries that are genuine as far as they go: signed for a stranger, or by somebody who has seen a token. */
const HALF_PROVED_SHARE = 0.5;

/** Sends forged requests. */
export class Forger {
  /** Of those that prove nothing: each must be refused. */
  readonly tally = new Tally();
  readonly #forgeries: readonly (() => Attempt)[];
  /** Those that prove too little: each must be set aside. */
  readonly #halfProved: readonly (() => Attempt)[];

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
      () => ({ ...realtimekit.webhook(event()), headers: {} }),
    ];
    const byToken = (body: object) => recall.realtime({ id: undefined, body: JSON.stringify(body) }, recall.token);
    const ofFuture = () => recallBody('bot.joining_call', { seed: randomUUID(), at: new Date('9999-12-30T00:00:00Z') });
    const ofStranger = () => {
      const { text: body, isRepeating } = bodies.realtimekit();
      return { uuid: randomUUID(), body, isRepeating };
    };
    this.#halfProved = [
      () => byToken(recallBody(random.pick(LIFECYCLE_EVENTS), { seed: randomUUID(), at: new Date() })),
      () => byToken(ofFuture()),
      () => realtimekit.webhook(ofStranger(), null),
      () => realtimekit.webhook(ofStranger(), 'a-token-that-nobody-knows'),
    ];
  }

  /** Tries one, once. What proves too little is written down as a delivery that no subscriber may see. */
  async send(post: Post, ledger: Ledger): Promise<void> {
    if (this.random.chance(HALF_PROVED_SHARE)) {
      const attempt = this.random.pick(this.#halfProved)();
      ledger.expect(attempt.eventId, false);
      if (isAccepted(await post(attempt, TIME_LIMIT_MS))) ledger.accept(attempt.eventId);
      return;
    }
    this.tally.sent += 1;
    this.tally.count(await post(this.random.pick(this.#forgeries)(), TIME_LIMIT_MS));
  }
}

/** What somebody may want to announce who has seen the URL of a real-time endpoint. */
const LIFECYCLE_EVENTS = [
  'recording.done',
  'bot.done',
  'transcript.done',
  'calendar.update',
  'realtime_endpoint.failed',
];

const tampered = (attempt: Attempt): Attempt => ({ ...attempt, body: `${attempt.body} ` });
