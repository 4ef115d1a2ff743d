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

/** Limits of one PutEvents call. The size limit is "less than 1 MB". */
const MAX_ENTRIES = 10;
const MAX_CALL_BYTES = 1_000_000;

/**
 * Tries for an entry that PutEvents reports as failed, and the back-off before the second, in milliseconds; it doubles
 * each time.
 */
const TRIES = 3;
const FIRST_WAIT_MS = 100;

/** An entry of PutEvents and, if its event has a status, the status time. */
export interface Entry extends PutEventsRequestEntry {
  readonly statusTime?: StatusTime | undefined;
}

/** The standing of a published event, undefined if it has none; or why it could not be published. */
export type Answer = Standing | undefined | Error;

/** Publishes entries, and returns the result of each. Never throws. */
export type PutEvents = (entries: readonly Entry[]) => Promise<ReadonlyMap<Entry, Answer>>;

/** Makes the function that publishes. It records status times right before the call, and sends older statuses first. */
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

/** Upper bound for the bytes of an entry as EventBridge counts them. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '', statusTime }: Entry): number =>
  Buffer.byteLength(Source) +
  Buffer.byteLength(DetailType) +
  Buffer.byteLength(Detail) +
  (statusTime === undefined ? 0 : STALE_MARK.length);

/**
 * Sends the entries of a call. PutEvents answers 200 even if entries failed: only those are sent again, as stale if a
 * newer one of their subject was accepted. If a later try fails as a whole, the entries of earlier tries stay
 * published.
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

/** Calls PutEvents once; the SDK retries if the whole call fails. */
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
