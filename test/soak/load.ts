/** The traffic: deliveries of all senders, and handshakes and forgeries among them, as they come. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, Network, type Sender, type TimesFaster } from './accounts/account';
import { Forger } from './forgeries';
import { Handshakes } from './handshakes';
import type { Ledger } from './ledger';
import { Random } from './random';
import type { Client } from './senders/http';

interface LoadOptions {
  readonly seed: number;
  readonly perSecond: number;
  readonly timesFaster: TimesFaster;
  /** Reaches the API. */
  readonly client: Client;
  readonly ledger: Ledger;
  readonly accounts: readonly Account[];
}

/** Shares of what is no delivery. */
const FORGED_SHARE = 0.04;
const HANDSHAKE_SHARE = 0.03;

/** Until the traffic is whole: two cores start a dozen processes in that time. */
const WARM_UP_MS = 4_000;

const MAX_WAITING = 100;

/** Everything that sends. */
export class Load {
  readonly senders: readonly Sender[];
  readonly forger: Forger;
  readonly handshakes: Handshakes;
  readonly #random: Random;
  readonly #underWay = new Set<Promise<void>>();

  constructor(private readonly options: LoadOptions) {
    const { seed, client, ledger, timesFaster, accounts } = options;
    const network = new Network(ledger.overNetwork(client.post, new Random(seed, 'network')), ledger, timesFaster);
    this.#random = new Random(seed, 'load');
    this.senders = accounts.flatMap((account) => account.sendersOn(network));
    this.forger = new Forger(new Random(seed, 'forgeries'), accounts);
    this.handshakes = new Handshakes(new Random(seed, 'handshakes'), accounts);
  }

  /** Sends one delivery of each sender to its end: functions that have never run take their time on a busy machine. */
  async warmUp(): Promise<void> {
    await Promise.all(this.senders.map((sender) => sender.send()));
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
    const { client, ledger } = this.options;
    if (this.#random.chance(FORGED_SHARE)) return this.forger.send(client.post, ledger);
    if (this.#random.chance(HANDSHAKE_SHARE)) return this.handshakes.send(client.post);
    return this.#random.weighted(this.senders).send();
  }
}
