/** Publishes entries with PutEvents: gathered from concurrent callers, in calls as large as allowed, failures retried. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import DataLoader from 'dataloader';
import type { Gathering } from './gathering';
import {
  byStatusTime,
  markStale,
  type NewestInstants,
  type NoteTimes,
  raise,
  STALE_MARK,
  type Standing,
  type StatusTime,
  standingOf,
} from './stale';

/** What PutEvents takes in one call. The size limit is "less than 1 MB". */
const MAX_ENTRIES = 10;
const MAX_CALL_BYTES = 1_000_000;

/** Tries for an entry that PutEvents reports as failed, and milliseconds before the second; each wait is doubled. */
const TRIES = 3;
const FIRST_WAIT_MS = 100;

/** An entry of PutEvents and, where its event is a status, the time of it. */
export interface Entry extends PutEventsRequestEntry {
  readonly statusTime?: StatusTime | undefined;
}

/** Publishes one entry; resolves when EventBridge has it, rejects when it would not take it. */
export type Publish = (entry: Entry) => Promise<Outcome>;

/** The standing of an event that was published, undefined where it has none. */
type Outcome = Standing | undefined;

/**
 * Makes the function that publishes. Entries that come before the callback of `whenComplete` share calls.
 *
 * @param whenComplete calls back when no more entries are to be waited for, see {@link Gathering}
 */
export function createPublish(
  client: EventBridgeClient,
  noteTimes: NoteTimes,
  whenComplete: Gathering['whenComplete'],
): Publish {
  const loader = new DataLoader<Entry, Outcome>((entries) => putAll(client, noteTimes, entries), {
    cache: false,
    maxBatchSize: MAX_ENTRIES,
    batchScheduleFn: whenComplete,
  });
  return (entry) => loader.load(entry);
}

/** The outcome of every entry, in order. Times are noted at the last moment, and older statuses go first. */
async function putAll(
  client: EventBridgeClient,
  noteTimes: NoteTimes,
  entries: readonly Entry[],
): Promise<(Outcome | Error)[]> {
  const places = [...entries.keys()].sort((a, b) => byStatusTime(entries[a] as Entry, entries[b] as Entry));
  const newest = await noteTimes(entries.flatMap(({ statusTime }) => statusTime ?? []));
  const calls = callsOf(places.map((place) => entries[place] as Entry));
  const outcomes = (await Promise.all(calls.map((call) => putCall(client, call, newest)))).flat();
  return entries.map((_, place) => outcomes[places.indexOf(place)]);
}

/** Splits entries into calls of an allowed size, in order. */
export function callsOf(entries: readonly Entry[]): Entry[][] {
  const calls: Entry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = sizeOf(entry);
    const current = calls.at(-1);
    if (current === undefined || bytes + size >= MAX_CALL_BYTES || current.length === MAX_ENTRIES) {
      calls.push([entry]);
      bytes = size;
    } else {
      current.push(entry);
      bytes += size;
    }
  }
  return calls;
}

/** Bytes of an entry as EventBridge counts them, at the most. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '', statusTime }: Entry): number =>
  Buffer.byteLength(Source) +
  Buffer.byteLength(DetailType) +
  Buffer.byteLength(Detail) +
  (statusTime === undefined ? 0 : STALE_MARK.length);

/**
 * PutEvents answers 200 though entries failed: only those are sent again, as stale where a newer one of their subject
 * went through. When a call as a whole fails, only the entries that it held have failed: what an earlier call took must
 * not be published again.
 */
async function putCall(
  client: EventBridgeClient,
  entries: readonly Entry[],
  newest: NewestInstants,
): Promise<(Outcome | Error)[]> {
  const outcomes: (Outcome | Error)[] = [];
  let pending = [...entries.entries()];
  for (let tried = 1; ; tried++) {
    const answers = await putOnce(
      client,
      pending.map(([, entry]) => entry),
      newest,
    );
    pending = pending.filter(([index, { statusTime }], position) => {
      const answer = answers[position];
      outcomes[index] = answer;
      if (answer instanceof Error) return true;
      if (statusTime !== undefined) raise(newest, statusTime);
      return false;
    });
    if (pending.length === 0 || tried === TRIES) return outcomes;
    await sleep(FIRST_WAIT_MS * 2 ** (tried - 1));
  }
}

/** One call; the standing of each entry that was taken, the error of each other. The SDK has tried a failed call again already. */
async function putOnce(
  client: EventBridgeClient,
  entries: readonly Entry[],
  newest: NewestInstants,
): Promise<(Outcome | Error)[]> {
  const standings = entries.map(({ statusTime }) => standingOf(statusTime, newest));
  const requests = entries.map(({ statusTime: _, ...request }, index) =>
    standings[index] === 'stale' ? { ...request, Detail: markStale(request.Detail ?? '') } : request,
  );
  try {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: requests }));
    return standings.map((standing, index) => {
      const { EventId, ErrorCode } = Entries[index] ?? {};
      return EventId ? standing : new Error(`EventBridge did not take the event: ${ErrorCode ?? 'no answer to it'}.`);
    });
  } catch (error) {
    const failure = new Error('PutEvents failed.', { cause: error });
    return entries.map(() => failure);
  }
}
