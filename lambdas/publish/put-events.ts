/** Publishes entries with PutEvents: in calls as large as allowed, with retries of the entries that failed. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
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

/** The standing of an event that was published, undefined where it has none; or why it could not be published. */
export type Answer = Standing | undefined | Error;

/** Publishes entries, and gives the answer to each. Never throws. */
export type PutEvents = (entries: readonly Entry[]) => Promise<ReadonlyMap<Entry, Answer>>;

/** Makes the function that publishes. It notes status times at the last moment, and sends older statuses first. */
export function createPutEvents(client: EventBridgeClient, noteTimes: NoteTimes): PutEvents {
  return async (entries) => {
    const newest = await noteTimes(entries.flatMap(({ statusTime }) => statusTime ?? []));
    const calls = callsOf(entries.toSorted(byStatusTime));
    const answers = await Promise.all(calls.map((call) => putCall(client, call, newest)));
    return new Map(answers.flatMap((ofCall) => [...ofCall]));
  };
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
 * Sends the entries of a call. PutEvents answers 200 even where entries failed: only those are sent again, as stale where a
 * newer one of their subject went through. When a later try fails as a whole, what an earlier one took is published all the same.
 */
async function putCall(
  client: EventBridgeClient,
  entries: readonly Entry[],
  newest: NewestInstants,
): Promise<ReadonlyMap<Entry, Answer>> {
  const answers = new Map<Entry, Answer>();
  let pending = entries;
  for (let tried = 1; ; tried++) {
    for (const [entry, answer] of await putOnce(client, pending, newest)) answers.set(entry, answer);
    const isTaken = (entry: Entry) => !(answers.get(entry) instanceof Error);
    for (const { statusTime } of pending.filter(isTaken)) if (statusTime !== undefined) raise(newest, statusTime);
    pending = pending.filter((entry) => !isTaken(entry));
    if (pending.length === 0 || tried === TRIES) return answers;
    await sleep(FIRST_WAIT_MS * 2 ** (tried - 1));
  }
}

/** Calls PutEvents once; the SDK tries again where the call as a whole fails. */
async function putOnce(
  client: EventBridgeClient,
  entries: readonly Entry[],
  newest: NewestInstants,
): Promise<[Entry, Answer][]> {
  const standings = entries.map(({ statusTime }) => standingOf(statusTime, newest));
  const requests = entries.map(({ statusTime: _, ...request }, index) =>
    standings[index] === 'stale' ? { ...request, Detail: markStale(request.Detail ?? '') } : request,
  );
  try {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: requests }));
    return entries.map((entry, index) => {
      const { EventId, ErrorCode } = Entries[index] ?? {};
      if (EventId) return [entry, standings[index]];
      return [entry, new Error(`EventBridge did not take the event: ${ErrorCode ?? 'no answer to it'}.`)];
    });
  } catch (error) {
    const failure = new Error('PutEvents failed.', { cause: error });
    return entries.map((entry) => [entry, failure]);
  }
}
