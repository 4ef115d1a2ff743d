/** Publishes entries with PutEvents: gathered from concurrent callers, in calls as large as allowed, failures retried. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import DataLoader from 'dataloader';

/** What PutEvents takes in one call. The size limit is "less than 1 MB". */
const MAX_ENTRIES = 10;
const MAX_CALL_BYTES = 1_000_000;

/** Milliseconds to wait for entries of other records of the same batch: their locks come a little apart. */
const GATHER_MS = 25;

/** Tries for an entry that PutEvents reports as failed, and milliseconds before the second; each wait is doubled. */
const TRIES = 3;
const FIRST_WAIT_MS = 100;

/** Publishes one entry; resolves when EventBridge has it, rejects when it would not take it. */
export type Publish = (entry: PutEventsRequestEntry) => Promise<void>;

/** Makes the function that publishes. Entries of callers that run at the same time share calls. */
export function createPublish(client: EventBridgeClient): Publish {
  const loader = new DataLoader<PutEventsRequestEntry, true>((entries) => putAll(client, entries), {
    cache: false,
    maxBatchSize: MAX_ENTRIES,
    batchScheduleFn: (flush) => setTimeout(flush, GATHER_MS),
  });
  return async (entry) => {
    await loader.load(entry);
  };
}

/** The outcome of every entry, in order. */
async function putAll(client: EventBridgeClient, entries: readonly PutEventsRequestEntry[]): Promise<(true | Error)[]> {
  const outcomes = await Promise.all(callsOf(entries).map((call) => putCall(client, call)));
  return outcomes.flat();
}

/** Splits entries into calls of an allowed size, in order. */
export function callsOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const calls: PutEventsRequestEntry[][] = [];
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

/** Bytes of an entry as EventBridge counts them. */
const sizeOf = ({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number =>
  Buffer.byteLength(Source) + Buffer.byteLength(DetailType) + Buffer.byteLength(Detail);

/**
 * PutEvents answers 200 though entries failed: only those are sent again. When a call as a whole fails, only the entries
 * that it held have failed: what an earlier call took must not be published again.
 */
async function putCall(
  client: EventBridgeClient,
  entries: readonly PutEventsRequestEntry[],
): Promise<(true | Error)[]> {
  const outcomes: (true | Error)[] = entries.map(() => true);
  let pending = entries.map((_, index) => index);
  for (let tried = 1; ; tried++) {
    const failures = await putOnce(
      client,
      pending.map((index) => entries[index] as PutEventsRequestEntry),
    );
    pending = pending.filter((index, position) => {
      const failure = failures[position];
      outcomes[index] = failure ?? true;
      return failure !== undefined;
    });
    if (pending.length === 0 || tried === TRIES) return outcomes;
    await sleep(FIRST_WAIT_MS * 2 ** (tried - 1));
  }
}

/** One call; the error of each entry that was not taken. The SDK has tried a failed call again already. */
async function putOnce(client: EventBridgeClient, entries: PutEventsRequestEntry[]): Promise<(Error | undefined)[]> {
  try {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: entries }));
    return entries.map((_, index) => {
      const code = Entries[index]?.ErrorCode;
      return code === undefined ? undefined : new Error(`EventBridge did not take the event: ${code}.`);
    });
  } catch (error) {
    const failure = new Error('PutEvents failed.', { cause: error });
    return entries.map(() => failure);
  }
}
