/** The newest deliveries, for every open page: one reading of the logs serves them all, and rests while there is none. */
import { messageOf } from '../../errors';
import { logGroupsOf } from '../../insights';
import { maskedText } from '../../masked';
import { providersOf } from '../../providers';
import type { DeliveryRow, LiveMessage, ReadingStatus } from '../api/live';
import type { ConsoleContext } from '../route';
import { type Delivery, rowOf, takeIn } from './deliveries';
import { AWS_PACE, LOCAL_PACE, LogPoller, type Pace, type Round } from './log-poller';

/** Deliveries that are remembered. */
export const MAX_DELIVERIES = 10_000;

/** Rows in one message: a page draws between two messages. */
const ROWS_AT_ONCE = 1_000;

/** What one page has still to be told. */
class Subscriber {
  readonly #changed = new Set<string>();
  #status: ReadingStatus | undefined;
  #wake: () => void = () => {};

  constructor(private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => this.#wake());
  }

  tell(ids: Iterable<string>, status?: ReadingStatus): void {
    for (const id of ids) this.#changed.add(id);
    this.#status = status ?? this.#status;
    this.#wake();
  }

  /** A page that reads nothing for long must not be remembered more than the feed has. */
  forget(id: string): void {
    this.#changed.delete(id);
  }

  /** Waits for something to tell. A page that reads slowly is told of a row once, however often it has changed. */
  async next(): Promise<{ readonly ids: string[]; readonly status?: ReadingStatus }> {
    if (this.#changed.size === 0 && !this.#status && !this.signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const ids = [...this.#changed].slice(0, ROWS_AT_ONCE);
    for (const id of ids) this.#changed.delete(id);
    const status = this.#status;
    this.#status = undefined;
    return { ids, ...(status && { status }) };
  }
}

/** Reads the logs of a deployment while a page is open. */
export class LiveFeed {
  readonly #deliveries = new Map<string, Delivery>();
  readonly #subscribers = new Set<Subscriber>();
  readonly #poller: LogPoller;
  readonly #providers: readonly string[];
  #reading: AbortController | undefined;
  #ended: Promise<void> = Promise.resolve();
  #status: ReadingStatus;

  constructor(
    private readonly context: ConsoleContext,
    private readonly pace: Pace,
  ) {
    const { deployment } = context;
    this.#providers = providersOf(deployment).map(({ name }) => name);
    this.#status = { everyMs: pace.roundMs };
    this.#poller = new LogPoller({
      config: deployment.clientConfig,
      logGroups: logGroupsOf(deployment, 'everything'),
      requestLogGroups: logGroupsOf(deployment, 'requests'),
      pace,
      onLines: (lines) => {
        const ids = new Set(lines.flatMap((line) => takeIn(this.#deliveries, line) ?? []));
        this.#forgetOld();
        if (ids.size > 0) this.#tell(ids);
      },
      onRound: (round) => this.#note(round),
    });
    context.ended.addEventListener('abort', () => this.#poller.close());
  }

  /** All deliveries that are remembered, and then what is new, until the signal. */
  async *follow(signal: AbortSignal): AsyncGenerator<LiveMessage> {
    const subscriber = new Subscriber(signal);
    subscriber.tell([...this.#deliveries.keys()].reverse(), this.#status);
    this.#subscribers.add(subscriber);
    this.#read();
    try {
      for (let isFirst = true; !signal.aborted; isFirst = false) {
        const { ids, status } = await subscriber.next();
        if (signal.aborted) return;
        yield { ...(isFirst && { reset: true as const }), rows: this.#rowsOf(ids), ...(status && { status }) };
      }
    } finally {
      this.#subscribers.delete(subscriber);
      if (this.#subscribers.size === 0) this.#reading?.abort();
    }
  }

  /** Starts the reading, unless it is under way. */
  #read(): void {
    if (this.#reading && !this.#reading.signal.aborted) return;
    this.#reading = new AbortController();
    const signal = AbortSignal.any([this.#reading.signal, this.context.ended]);
    this.#ended = this.#ended.then(() => this.#poller.run(signal));
  }

  #rowsOf(ids: readonly string[]): DeliveryRow[] {
    return ids.flatMap((id) => {
      const delivery = this.#deliveries.get(id);
      return delivery ? [rowOf(delivery, this.#providers)] : [];
    });
  }

  #forgetOld(): void {
    const surplus = this.#deliveries.size - MAX_DELIVERIES;
    if (surplus <= 0) return;
    for (const id of [...this.#deliveries.keys()].slice(0, surplus)) {
      this.#deliveries.delete(id);
      for (const subscriber of this.#subscribers) subscriber.forget(id);
    }
  }

  #note({ tookMs, error, leavesOut }: Round): void {
    const everyMs = tookMs + this.pace.roundMs;
    const status: ReadingStatus = {
      everyMs: this.context.deployment.local ? this.pace.roundMs : Math.round(everyMs / 1_000) * 1_000,
      ...(error !== undefined && { error: maskedText(messageOf(error, this.context.flags)) }),
      ...(leavesOut && { leavesOut: true as const }),
    };
    if (JSON.stringify(status) === JSON.stringify(this.#status)) return;
    this.#status = status;
    this.#tell([], status);
  }

  #tell(ids: Iterable<string>, status?: ReadingStatus): void {
    for (const subscriber of this.#subscribers) subscriber.tell(ids, status);
  }
}

const feeds = new WeakMap<ConsoleContext, LiveFeed>();

/** The feed of a console; all its pages share it. */
export function feedOf(context: ConsoleContext): LiveFeed {
  const feed = feeds.get(context) ?? new LiveFeed(context, context.deployment.local ? LOCAL_PACE : AWS_PACE);
  feeds.set(context, feed);
  return feed;
}
