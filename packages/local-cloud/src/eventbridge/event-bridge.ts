/** Amazon EventBridge (custom buses, classic): buses, rules, targets, archives, replays, and the delivery of events. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { AwsError } from '../service';
import { ArchiveFiles } from './archive-files';
import { type DeliveryContext, deliver } from './delivery';
import { parseExactly } from './json-text';
import { checkRequest, type EntryError, entryError, type PutEventsEntry, toBusEvent } from './put-events';
import { Registry, type Rule } from './registry';
import { Replays } from './replays';
import { scheduledEvent } from './schedule';
import {
  type BusEvent,
  busNameOf,
  DEFAULT_BUS,
  type Deliverers,
  type Delivery,
  type DeliveryReport,
  type RuleIdentity,
} from './types';

export interface EventBridgeOptions {
  /** How to reach the targets; a target of a service without a deliverer fails as if it did not exist. */
  readonly deliverers: Deliverers;
  /** Called before each delivery, to buses and dead-letter queues too; throws when it is not permitted. */
  readonly authorize?: (delivery: Delivery) => void;
  /** Called for every event that a bus takes, forwarded ones included, before it is delivered. */
  readonly onEvent?: (busName: string, event: BusEvent) => void;
  /** Called for every rule that matches an event. */
  readonly onMatch?: ((rule: RuleIdentity) => void) | undefined;
  /** Called for every step of every delivery. */
  readonly onDelivery?: (report: DeliveryReport) => void;
  /** Folder where archives keep their events; without it, these are gone when EventBridge closes. */
  readonly archiveFolder?: string | undefined;
  /** Told, in a sentence, what an archive could not keep or has lost. */
  readonly onTrouble?: ((message: string) => void) | undefined;
  /** Replaces the clock. */
  readonly now?: () => Date;
}

const LOOK_AT_SCHEDULES_EVERY_MS = 1_000;

/** Result of PutEvents, an entry for each entry put. */
export interface PutEventsResult {
  readonly FailedEntryCount: number;
  readonly Entries: readonly ({ readonly EventId: string } | EntryError)[];
}

/**
 * A local EventBridge. Buses, rules, targets and archives are those of {@link Registry}; the default bus always exists.
 * Archived events are on disk, all else is in memory.
 */
export class EventBridge extends Registry {
  readonly archiveFiles: ArchiveFiles;
  readonly replays: Replays;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stop = new AbortController();
  readonly #context: DeliveryContext;
  readonly #options: EventBridgeOptions;
  readonly #now: () => Date;

  constructor(options: EventBridgeOptions) {
    super();
    this.#options = options;
    this.#now = options.now ?? (() => new Date());
    this.archiveFiles = new ArchiveFiles(options.archiveFolder, this.#now, options.onTrouble);
    this.replays = new Replays({
      registry: this,
      files: this.archiveFiles,
      publish: (...event) => this.#publish(...event),
      now: this.#now,
    });
    this.#context = {
      deliverers: { ...options.deliverers, events: async (delivery) => this.#forward(delivery) },
      authorize: (delivery) => options.authorize?.(delivery),
      report: (report) => options.onDelivery?.(report),
      now: this.#now,
      stopping: this.#stop.signal,
    };
  }

  /**
   * Takes events. Targets receive them after this has returned. As on AWS an entry for a bus that does not exist
   * succeeds and is dropped; `onDelivery` then reports `no_such_bus`.
   *
   * @throws AwsError `ValidationException` when the call as a whole is refused: too many entries, or too large
   */
  putEvents(entries: readonly PutEventsEntry[] | undefined): PutEventsResult {
    const results = checkRequest(entries).map((entry) => {
      const error = entryError(entry);
      if (error) return error;
      const event = toBusEvent(entry, this.#now());
      this.#publish(busNameOf(entry.EventBusName), event);
      return { EventId: event.id };
    });
    return { FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length, Entries: results };
  }

  /**
   * Has every enabled rule that has a schedule send its event now.
   *
   * @returns names of the rules, once all of their targets have had it, or will not
   */
  async runSchedules(): Promise<string[]> {
    const scheduled = this.#scheduled();
    await Promise.all(scheduled.map((rule) => this.#runSchedule(rule)));
    return scheduled.map(({ name }) => name);
  }

  /** Runs schedules when they are due, until it closes. As on AWS the first period begins with the rule. */
  startSchedules(): void {
    const lastRuns = new WeakMap<Rule, number>();
    const timer = setInterval(() => {
      const now = this.#now().getTime();
      for (const rule of this.#scheduled()) {
        const last = lastRuns.get(rule);
        if (last !== undefined && now - last < rule.schedule!.periodMs) continue;
        lastRuns.set(rule, now);
        if (last !== undefined) void this.#runSchedule(rule);
      }
    }, LOOK_AT_SCHEDULES_EVERY_MS);
    this.#stop.signal.addEventListener('abort', () => clearInterval(timer));
  }

  #scheduled(): Rule[] {
    return this.rules(DEFAULT_BUS).filter(({ schedule, state }) => schedule !== undefined && state === 'ENABLED');
  }

  async #runSchedule(rule: Rule): Promise<void> {
    this.#options.onMatch?.(rule);
    await Promise.all(this.#deliver(scheduledEvent(rule.arn, this.#now()), rule));
  }

  /** Resolves when no replay and no delivery is under way, waiting retries included. */
  async idle(): Promise<void> {
    await this.replays.idle();
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Ends replays and all waiting for retries, then resolves when no delivery is under way. */
  async close(): Promise<void> {
    await this.replays.close();
    this.#stop.abort();
    await this.idle();
    this.archiveFiles.close();
  }

  #publish(busName: string, event: BusEvent, filterArns?: readonly string[]): void {
    const bus = this.findBus(busName);
    if (!bus) {
      this.#context.report({ status: 'no_such_bus', busName, event });
      return;
    }
    this.#options.onEvent?.(busName, event);
    const parsed = parseExactly(event.text) as object;
    this.#archive(bus.arn, event, parsed);
    for (const rule of this.rules(busName)) {
      if (rule.state === 'DISABLED' || !rule.matches(parsed)) continue;
      if (filterArns && !filterArns.includes(rule.arn)) continue;
      this.#options.onMatch?.(rule);
      this.#deliver(event, rule);
    }
  }

  /** Begins the deliveries to the targets of a rule. */
  #deliver(event: BusEvent, rule: Rule): Promise<void>[] {
    return [...rule.targets.values()].map((target) => {
      const delivery = nextTurn()
        .then(() => deliver(event, rule, target, this.#context))
        .finally(() => this.#underWay.delete(delivery));
      this.#underWay.add(delivery);
      return delivery;
    });
  }

  /** As on AWS, an archive does not store replayed events. */
  #archive(busArn: string, { text, traceHeader, replayName, ...event }: BusEvent, parsed: object): void {
    if (replayName !== undefined) return;
    for (const archive of this.archives()) {
      if (archive.busArn === busArn && archive.matches(parsed)) this.archiveFiles.keep(archive, event);
    }
  }

  #forward({ targetArn, event }: Delivery): void {
    const bus = this.bus(targetArn);
    // As on AWS. It also stops two buses that forward to each other.
    if (event.forwarded) {
      throw new AwsError(
        'THIRD_ACCOUNT_HOP_DETECTED',
        `The event came from another bus already: EventBridge does not forward it to ${bus.name}, a third one.`,
      );
    }
    this.#publish(bus.name, { ...event, forwarded: true });
  }
}
