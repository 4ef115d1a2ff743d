/** The traffic: deliveries of all three senders, and forgeries among them, as they come. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RealtimeKitAccount, RecallAccount } from './accounts';
import { Bodies } from './bodies';
import { Forger } from './forgeries';
import type { Ledger } from './ledger';
import { Random } from './random';
import type { Attempt, Client } from './senders/http';
import { REALTIMEKIT_IMPATIENT, RealtimeKitSender } from './senders/realtimekit';
import { type Feed, RecallRealtimeSender } from './senders/recall-realtime';
import { SvixSender } from './senders/svix';

/** How many times faster than the provider's the clocks of senders run. */
export interface TimesFaster {
  readonly svix: number;
  readonly recallRealtime: number;
  readonly realtimekit: number;
}

interface LoadOptions {
  readonly seed: number;
  readonly perSecond: number;
  readonly timesFaster: TimesFaster;
  /** Reaches the API. */
  readonly client: Client;
  readonly ledger: Ledger;
  readonly recall: RecallAccount;
  readonly realtimekit: RealtimeKitAccount;
}

/** Shares of the traffic; the rest is RealtimeKit's. */
const FORGED_SHARE = 0.03;
const SVIX_SHARE = 0.4;
const REALTIME_SHARE = 0.35;

/** Bots in meetings at one time, and the events after which one leaves and another comes. */
const BOTS = 8;
const EVENTS_OF_A_BOT = 150;

/** Until the traffic is whole: two cores start a dozen processes in that time. */
const WARM_UP_MS = 4_000;

const MAX_WAITING = 100;

/** A bot with an endpoint. */
interface Bot {
  readonly name: string;
  readonly feed: Feed;
  /** In the URL of its endpoint for as long as it lives. */
  readonly token: string;
  /** Its workspace has a verification secret. */
  readonly isSigned: boolean;
  events: number;
}

/** Everything that sends. */
export class Load {
  readonly svix: SvixSender;
  readonly recallRealtime: RecallRealtimeSender;
  readonly realtimekit: RealtimeKitSender;
  /** RealtimeKit, should it give up as soon as its predecessor did. */
  readonly impatient: RealtimeKitSender;
  readonly forger: Forger;
  readonly #random: Random;
  readonly #bodies: Bodies;
  readonly #bots: Bot[] = [];
  readonly #underWay = new Set<Promise<void>>();
  #botsSoFar = 0;

  constructor(private readonly options: LoadOptions) {
    const { seed, client, ledger, timesFaster, recall, realtimekit } = options;
    const network = ledger.overNetwork(client.post, new Random(seed, 'network'));
    this.#random = new Random(seed, 'load');
    this.#bodies = new Bodies(new Random(seed, 'bodies'));
    this.svix = new SvixSender({ post: network, timesFaster: timesFaster.svix });
    this.recallRealtime = new RecallRealtimeSender({ post: network, timesFaster: timesFaster.recallRealtime });
    this.realtimekit = new RealtimeKitSender({ post: network, timesFaster: timesFaster.realtimekit });
    // Its three tries are over within seconds: no clock need run faster.
    this.impatient = new RealtimeKitSender({ post: network, timesFaster: 1 }, REALTIMEKIT_IMPATIENT);
    this.forger = new Forger(new Random(seed, 'forgeries'), this.#bodies, recall, realtimekit);
  }

  /** The senders with the names that people know them by. */
  get senders() {
    return [
      { name: 'Recall.ai webhooks (Svix)', ...this.svix },
      { name: 'Recall.ai real-time', ...this.recallRealtime },
      { name: 'RealtimeKit', ...this.realtimekit },
      { name: 'RealtimeKit, three tries', ...this.impatient },
    ];
  }

  /** Sends one delivery of each sender to its end: functions that have never run take their time on a busy machine. */
  async warmUp(): Promise<void> {
    await Promise.all([this.#sendWebhook(), this.#sendRealtime(), this.#sendRealtimeKit()]);
  }

  /**
   * Sends until the signal fires, at random times: so many a second on average, whatever becomes of them, and fewer
   * while the functions are still cold.
   */
  async run(until: AbortSignal): Promise<void> {
    const started = performance.now();
    let next = started;
    while (!until.aborted) {
      const warmth = Math.min(1, (next - started + 500) / WARM_UP_MS);
      next += this.#random.gapMs(this.options.perSecond * warmth);
      const wait = next - performance.now();
      if (wait > 0) await sleep(wait, undefined, { signal: until }).catch(() => {});
      // A machine that cannot keep up gets less traffic, not a backlog that outlives the troubles.
      while (this.options.client.waiting > MAX_WAITING) await sleep(1);
      const sending = this.#sendOne().finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }
  }

  /** Resolves when the end of every delivery is known. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #sendOne(): Promise<void> {
    if (this.#random.chance(FORGED_SHARE)) return this.forger.send(this.options.client.post, this.options.ledger);
    const share = this.#random.next();
    if (share < SVIX_SHARE) return this.#sendWebhook();
    return share < SVIX_SHARE + REALTIME_SHARE ? this.#sendRealtime() : this.#sendRealtimeKit();
  }

  #sendWebhook(): Promise<void> {
    const { text, isRecognized } = this.#bodies.dashboard();
    const message = { id: `msg_${randomUUID()}`, body: text };
    return this.svix.send(this.#expected(isRecognized, () => this.options.recall.webhook(message)));
  }

  #sendRealtime(): Promise<void> {
    const bot = this.#bot();
    const { text: body, isRecognized } = this.#bodies.realtime(bot.name);
    const message = { id: bot.isSigned ? `msg_${randomUUID()}` : undefined, body };
    return bot.feed.send(this.#expected(isRecognized, () => this.options.recall.realtime(message, bot.token)));
  }

  #sendRealtimeKit(): Promise<void> {
    const { text: body, isRecognized, isRepeating } = this.#bodies.realtimekit();
    const event = { uuid: randomUUID(), body, isRepeating };
    const sender = this.#random.chance(0.5) ? this.impatient : this.realtimekit;
    return sender.send(this.#expected(isRecognized, () => this.options.realtimekit.webhook(event)));
  }

  /** Any of the bots; another comes for one whose meeting is over or whose endpoint has failed. */
  #bot(): Bot {
    const place = Math.floor(this.#random.next() * BOTS);
    const bot = this.#bots[place];
    if (bot && !bot.feed.isDead && bot.events < EVENTS_OF_A_BOT) {
      bot.events += 1;
      return bot;
    }
    this.#botsSoFar += 1;
    const fresh: Bot = {
      name: `soak-bot-${this.#botsSoFar}`,
      feed: this.recallRealtime.openFeed(),
      token: this.options.recall.token,
      isSigned: this.#random.chance(0.5),
      events: 1,
    };
    this.#bots[place] = fresh;
    return fresh;
  }

  /** A delivery is written down when it is first signed: events behind a failed endpoint are never sent. */
  #expected(isRecognized: boolean, sign: () => Attempt): () => Attempt {
    return () => {
      const attempt = sign();
      this.options.ledger.expect(attempt.eventId, isRecognized);
      return attempt;
    };
  }
}
