/** Forwards events from a temporary queue to the handler; those that it does not take come again. */
import { withCause } from '../../errors';
import type { HeldMessage, TemporaryQueue } from '../tail/temporary-queue';
import type { Content } from './formats';
import { type Answer, isUnreachable, type Post } from './post';

/** What identifies an event for a person. */
export interface EventSummary {
  readonly id: string;
  readonly type: string;
  readonly subject?: string;
  /** ISO 8601. */
  readonly time: string;
}

/** One attempt to hand an event to the handler. */
export interface Attempt {
  readonly event: EventSummary;
  /** From 1. */
  readonly attempt: number;
  readonly outcome: 'delivered' | 'failed' | 'given up';
  readonly milliseconds: number;
  /** Absent if there was none. */
  readonly answer?: Answer | undefined;
  /** Why the handler did not take it. */
  readonly reason?: string | undefined;
  /** After so many seconds there is another attempt. */
  readonly againInSeconds?: number;
}

/** How it ended. */
export interface Totals {
  readonly delivered: number;
  readonly givenUp: number;
  /** Events that had failed, and whose next attempt did not come any more. */
  readonly waiting: number;
}

interface ForwarderOptions {
  readonly queue: Pick<TemporaryQueue, 'take' | 'remove' | 'putBack'>;
  readonly post: Post;
  /** @throws Error if the event cannot be written in the format */
  readonly contentOf: (envelope: string) => Content;
  /** Why an answer means that the event was not taken; undefined if it was. */
  readonly failureOf: (answer: Answer) => string | undefined;
  /** Resolves when something listens at the address, or at the signal. */
  readonly waitForListener: (signal: AbortSignal) => Promise<void>;
  readonly onAttempt: (attempt: Attempt) => void;
  /** Events under way at the same time. */
  readonly concurrency: number;
  /** Attempts after the first that failed. */
  readonly retries: number;
  /** How long the handler may take to answer. */
  readonly timeoutMs: number;
  /** Ends after so many events were delivered or given up. */
  readonly limit: number;
}

/** An event stays hidden for longer than an attempt takes. */
const HOLD_MARGIN_SECONDS = 30;

/** SQS gives no more at once. */
const MOST_AT_ONCE = 10;

const LONGEST_BACK_OFF_SECONDS = 60;

/** The wait after so many failed attempts: 1, 2, 4, … seconds. */
const backOffSeconds = (failures: number): number => Math.min(2 ** (failures - 1), LONGEST_BACK_OFF_SECONDS);

/** What came of a request. */
type Outcome =
  | { readonly kind: 'answered'; readonly answer: Answer }
  /** It cannot succeed at another time either. */
  | { readonly kind: 'impossible'; readonly reason: string }
  | { readonly kind: 'unanswered'; readonly reason: string }
  /** The handler has seen nothing. */
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'stopped' };

/** Forwards events until the signal, or until there are enough. */
export class Forwarder {
  /** Failed attempts by message, of events that were neither delivered nor given up. */
  readonly #failures = new Map<string, number>();
  readonly #underWay = new Set<Promise<void>>();
  /** Aborted by the first error that no handler has caused. */
  readonly #broken = new AbortController();
  #delivered = 0;
  #givenUp = 0;
  #mayBeDown = true;

  constructor(private readonly options: ForwarderOptions) {}

  /** @throws Error if the queue fails */
  async run(signal: AbortSignal): Promise<Totals> {
    const stop = AbortSignal.any([signal, this.#broken.signal]);
    await this.#forward(stop).catch((error: unknown) => this.#broken.abort(error));
    await Promise.all(this.#underWay);
    this.#broken.signal.throwIfAborted();
    return { delivered: this.#delivered, givenUp: this.#givenUp, waiting: this.#failures.size };
  }

  async #forward(stop: AbortSignal): Promise<void> {
    const { queue, concurrency, limit, timeoutMs, waitForListener } = this.options;
    const holdSeconds = Math.ceil(timeoutMs / 1_000) + HOLD_MARGIN_SECONDS;
    while (!stop.aborted) {
      const left = limit - this.#delivered - this.#givenUp;
      if (left === 0) return;
      // No event is taken that would have to wait here.
      const most = Math.min(MOST_AT_ONCE, Math.min(concurrency, left) - this.#underWay.size);
      if (most <= 0) {
        await Promise.race(this.#underWay);
        continue;
      }
      if (this.#mayBeDown) await waitForListener(stop);
      this.#mayBeDown = false;
      for (const message of await queue.take({ most, holdSeconds }, stop)) this.#start(message, stop);
    }
  }

  #start(message: HeldMessage, stop: AbortSignal): void {
    const work = this.#handOver(message, stop)
      .catch((error: unknown) => this.#broken.abort(error))
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }

  async #handOver(message: HeldMessage, stop: AbortSignal): Promise<void> {
    const started = performance.now();
    const outcome = await this.#try(message.text, stop);
    if (outcome.kind === 'stopped') return;
    if (outcome.kind === 'unreachable') {
      this.#mayBeDown = true;
      await this.options.queue.putBack(message, 0);
      return;
    }
    const answer = outcome.kind === 'answered' ? outcome.answer : undefined;
    const reason = outcome.kind === 'answered' ? this.options.failureOf(outcome.answer) : outcome.reason;
    const failures = this.#failures.get(message.id) ?? 0;
    const attempt = {
      event: summaryOf(message.text),
      attempt: failures + 1,
      milliseconds: Math.round(performance.now() - started),
      answer,
      reason,
    };
    if (reason === undefined || outcome.kind === 'impossible' || failures >= this.options.retries) {
      await this.options.queue.remove(message);
      this.#failures.delete(message.id);
      if (reason === undefined) this.#delivered++;
      else this.#givenUp++;
      this.options.onAttempt({ ...attempt, outcome: reason === undefined ? 'delivered' : 'given up' });
    } else {
      const againInSeconds = backOffSeconds(failures + 1);
      await this.options.queue.putBack(message, againInSeconds);
      this.#failures.set(message.id, failures + 1);
      this.options.onAttempt({ ...attempt, outcome: 'failed', againInSeconds });
    }
  }

  async #try(envelope: string, stop: AbortSignal): Promise<Outcome> {
    const { contentOf, post, timeoutMs } = this.options;
    let content: Content;
    try {
      content = contentOf(envelope);
    } catch (error) {
      return { kind: 'impossible', reason: because('It cannot be written as a CloudEvent', error) };
    }
    const timeout = AbortSignal.timeout(timeoutMs);
    try {
      return { kind: 'answered', answer: await post(content, AbortSignal.any([stop, timeout])) };
    } catch (error) {
      if (stop.aborted) return { kind: 'stopped' };
      if (timeout.aborted) return { kind: 'unanswered', reason: `No answer within ${timeoutMs / 1_000} s.` };
      if (isUnreachable(error)) return { kind: 'unreachable' };
      return { kind: 'unanswered', reason: because('No complete answer', error) };
    }
  }
}

/** A sentence that ends with the message of an error. */
const because = (what: string, error: unknown): string => `${what}: ${withCause(error).replace(/\.$/, '')}.`;

function summaryOf(envelope: string): EventSummary {
  const { detail } = JSON.parse(envelope) as { readonly detail: EventSummary };
  const { id, type, subject, time } = detail;
  return { id, type, time, ...(subject !== undefined && { subject }) };
}
