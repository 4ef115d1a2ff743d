/** Replays: what AWS refuses to start, and how archived events come back onto their bus. */

import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { AwsError } from '../service';
import type { Place } from './archive-file';
import type { ArchiveFiles } from './archive-files';
import { toReplayedEvent } from './put-events';
import type { Archive, Registry } from './registry';
import { type BusEvent, eventsArn } from './types';

export type ReplayState = 'STARTING' | 'RUNNING' | 'CANCELLING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';

/** Input of StartReplay. Times are in seconds since 1970. */
export interface StartReplayInput {
  readonly ReplayName: string;
  readonly Description?: string;
  /** ARN of the archive. */
  readonly EventSourceArn: string;
  readonly EventStartTime: number;
  readonly EventEndTime: number;
  readonly Destination: { readonly Arn: string; readonly FilterArns?: readonly string[] };
}

/** A replay, as DescribeReplay shows it. */
export interface Replay extends StartReplayInput {
  readonly ReplayArn: string;
  readonly ReplayStartTime: number;
  State: ReplayState;
  StateReason?: string;
  ReplayEndTime?: number;
  /** Time of the last event that was replayed. */
  EventLastReplayedTime?: number;
}

/** AWS's quota. */
export const MAX_ACTIVE_REPLAYS = 10;

/**
 * AWS replays the events of one minute after those of another. Here it rests between two of them, so that a replay of
 * hours can be watched and cancelled.
 */
const REST_AFTER_MINUTE_MS = 50;

const NAME = /^[.\-\w]{1,64}$/;

/** Where replays find archives, and who takes their events. */
export interface ReplaysOptions {
  readonly registry: Registry;
  readonly files: ArchiveFiles;
  /** Hands an event to the rules of a bus; with `filterArns`, to these rules alone. */
  readonly publish: (busName: string, event: BusEvent, filterArns: readonly string[] | undefined) => void;
  readonly now: () => Date;
}

/** The replays of a local EventBridge, those that have ended too. */
export class Replays {
  readonly #replays = new Map<string, Replay>();
  /** By name; aborting one ends it as the reason says. */
  readonly #active = new Map<string, AbortController>();
  readonly #underWay = new Set<Promise<void>>();

  constructor(private readonly options: ReplaysOptions) {}

  /** @throws AwsError as AWS does */
  start(input: StartReplayInput): Replay {
    const archive = this.#checkedArchive(input);
    if (this.#replays.has(input.ReplayName)) {
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${input.ReplayName} already exists.`);
    }
    if (this.#active.size >= MAX_ACTIVE_REPLAYS) {
      throw new AwsError('LimitExceededException', `At most ${MAX_ACTIVE_REPLAYS} replays can be active at once.`);
    }
    const replay: Replay = {
      ...input,
      ReplayArn: eventsArn(`replay/${input.ReplayName}`),
      ReplayStartTime: this.#seconds(),
      State: 'STARTING',
    };
    this.#replays.set(replay.ReplayName, replay);
    const stop = new AbortController();
    this.#active.set(replay.ReplayName, stop);
    const run = this.#run(replay, archive, stop.signal).finally(() => {
      this.#active.delete(replay.ReplayName);
      this.#underWay.delete(run);
    });
    this.#underWay.add(run);
    return { ...replay };
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string): Replay {
    const replay = this.#replays.get(name);
    if (!replay) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return replay;
  }

  /** All replays by name. */
  list(): Replay[] {
    return [...this.#replays.values()].sort((a, b) => (a.ReplayName < b.ReplayName ? -1 : 1));
  }

  /** @throws AwsError `ResourceNotFoundException`, or `IllegalStatusException` where it has ended */
  cancel(name: string): Replay {
    const replay = this.get(name);
    if (replay.State !== 'STARTING' && replay.State !== 'RUNNING') {
      throw new AwsError('IllegalStatusException', `Replay ${name} is not in a valid state for this operation.`);
    }
    replay.State = 'CANCELLING';
    this.#active.get(name)?.abort();
    return replay;
  }

  /** Brings back a replay that has ended before. */
  restore(replay: Replay): void {
    this.#replays.set(replay.ReplayName, replay);
  }

  /** Resolves when no replay is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  /** Ends every replay that is under way. */
  async close(): Promise<void> {
    for (const stop of this.#active.values()) stop.abort();
    await this.idle();
  }

  #checkedArchive(input: StartReplayInput): Archive {
    const { ReplayName, EventSourceArn, EventStartTime, EventEndTime, Destination } = input;
    const { registry } = this.options;
    if (!NAME.test(ReplayName)) {
      throw new AwsError('ValidationException', `ReplayName ${ReplayName} may have letters, digits and . - _ only.`);
    }
    const [, archiveName] = /:archive\/(.+)$/.exec(EventSourceArn) ?? [];
    if (archiveName === undefined) throw invalid('EventSourceArn', 'Must contain an archive ARN.');
    if (!/:event-bus\/.+$/.test(Destination.Arn)) throw invalid('Destination.Arn', 'Must contain an event bus ARN.');
    const bus = registry.bus(Destination.Arn);
    const archive = registry.archives().find(({ name }) => name === archiveName);
    if (!archive) throw invalid('EventSourceArn', `Archive ${archiveName} does not exist.`);
    if (archive.busArn !== Destination.Arn) {
      throw invalid('Destination.Arn', 'Cross event bus replay is not permitted.');
    }
    // A replay to a rule that does not exist would succeed and deliver nothing.
    const rules = new Set(registry.rules(bus.name).map(({ arn }) => arn));
    const unknown = Destination.FilterArns?.find((arn) => !rules.has(arn));
    if (unknown !== undefined) throw invalid('Destination.FilterArns', `Event bus ${bus.name} has no rule ${unknown}.`);
    if (EventEndTime <= EventStartTime) {
      throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
    }
    return archive;
  }

  async #run(replay: Replay, archive: Archive, signal: AbortSignal): Promise<void> {
    try {
      await nextTurn();
      if (replay.State === 'STARTING') replay.State = 'RUNNING';
      for (const places of await this.#placesByMinute(replay, archive, signal)) {
        await this.#replayMinute(replay, archive, places, signal);
        await wait(REST_AFTER_MINUTE_MS, undefined, { signal });
      }
      replay.State = 'COMPLETED';
    } catch (error) {
      if (replay.State === 'CANCELLING') replay.State = 'CANCELLED';
      else {
        replay.State = 'FAILED';
        replay.StateReason = signal.aborted ? 'The local cloud stopped.' : (error as Error).message;
      }
    }
    replay.ReplayEndTime = this.#seconds();
  }

  /** Positions of the events in the window, minute by minute. There may be many events, so only positions are kept in memory. */
  async #placesByMinute(replay: Replay, archive: Archive, signal: AbortSignal): Promise<Place[][]> {
    const { files } = this.options;
    const minutes = new Map<number, Place[]>();
    let read = 0;
    for (const { event, place } of files.of(archive).entries()) {
      if (++read % 1000 === 0) await nextTurn(undefined, { signal });
      const time = timeOf(event);
      // Times of events have no fraction; that of the window must not cut off the events of its first second.
      if (time < Math.floor(replay.EventStartTime) || time > replay.EventEndTime) continue;
      if (!files.isKept(archive, event)) continue;
      const minute = Math.floor(time / 60);
      const places = minutes.get(minute);
      if (places) places.push(place);
      else minutes.set(minute, [place]);
    }
    return [...minutes].sort(([a], [b]) => a - b).map(([, places]) => places);
  }

  async #replayMinute(replay: Replay, archive: Archive, places: readonly Place[], signal: AbortSignal): Promise<void> {
    const { registry, files, publish, now } = this.options;
    const { name } = registry.bus(archive.busArn);
    for (const place of places) {
      // The deliveries of one event begin before the next is read.
      await nextTurn(undefined, { signal });
      const event = files.of(archive).read(place);
      publish(name, toReplayedEvent(event, replay.ReplayName, now()), replay.Destination.FilterArns);
      replay.EventLastReplayedTime = Math.max(replay.EventLastReplayedTime ?? 0, timeOf(event));
    }
  }

  #seconds(): number {
    return this.options.now().getTime() / 1000;
  }
}

const timeOf = ({ time }: Pick<BusEvent, 'time'>): number => Date.parse(time) / 1000;

const invalid = (parameter: string, reason: string): AwsError =>
  new AwsError('ValidationException', `Parameter ${parameter} is not valid. Reason: ${reason}`);
