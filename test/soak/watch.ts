/** A subscriber that keeps of every event only what the checks need, however long it runs. */
import { isSetAside } from '@meetbus/events';
import type { Meetbus } from '../support/meetbus';
import type { BusEvent, Subscription } from '../support/subscription';

/** How often an event has been published. */
export interface Publications {
  /** EventBridge's own ids of the event: each is one that it has taken from Meetbus. */
  readonly envelopes: string[];
  /** When EventBridge took the first one: milliseconds since 1970, in whole seconds. */
  readonly firstAt: number;
}

const TAKE_EVERY_MS = 200;

/** Watches a bus from now on. */
export class BusWatch {
  /** By the event's id. */
  readonly events = new Map<string, Publications>();
  /** What was set aside, because too little of it was proved, by the event's id: when EventBridge took it, in milliseconds since 1970. */
  readonly setAside = new Map<string, number>();
  /** Copies beyond the first of each event. */
  doubles = 0;
  #stopped = false;
  readonly #draining: Promise<void>;

  private constructor(private readonly subscription: Subscription) {
    this.#draining = this.#drain();
  }

  static async start(meetbus: Meetbus, bus: 'intake' | 'shared'): Promise<BusWatch> {
    return new BusWatch(await meetbus.subscribeToAll(bus));
  }

  /** Takes what is left, and ends. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    // One drain goes on for as long as events keep coming, so what has come is taken meanwhile.
    const timer = setInterval(() => this.#take(), TAKE_EVERY_MS);
    while (!this.#stopped) await this.subscription.drain();
    await this.subscription.drain();
    clearInterval(timer);
    this.#take();
  }

  #take(): void {
    for (const event of this.subscription.events.splice(0)) this.#add(event);
  }

  #add({ text, detail }: BusEvent): void {
    const envelope = JSON.parse(text) as { readonly id: string; readonly time: string };
    if (isSetAside(detail.data.reason)) {
      this.setAside.set(detail.id, Date.parse(envelope.time));
      return;
    }
    const known = this.events.get(detail.id);
    if (known) {
      known.envelopes.push(envelope.id);
      this.doubles += 1;
    } else {
      this.events.set(detail.id, { envelopes: [envelope.id], firstAt: Date.parse(envelope.time) });
    }
  }
}
