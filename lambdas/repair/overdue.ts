/** What is overdue: what has begun, and has not ended when it should have. */
import { DeleteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Due, dueKeysOf, duesIn, slotAt } from '../publish/due';
import { noteKeyOf } from '../publish/occurrences';
import type { Notes } from '../reconcile/notes';

/** Slots of a week: older items have expired. */
const MOST_SLOTS = 7 * 288;

/** Slots that one run reads: those of a day. */
const SLOTS_OF_A_RUN = 288;

/** What the slots that have passed hold. */
export interface Passed {
  /** The last slot that was read. */
  readonly slot: number;
  /** Keys of the items that there are. */
  readonly keys: readonly string[];
  /** What has not ended. */
  readonly overdue: readonly Due[];
}

/** Keys of the notes that say that something has ended. */
export const endKeysOf = (provider: string, { endedBy }: Due): string[] =>
  endedBy.map((key) => noteKeyOf(provider, { key }));

/**
 * Reads the slots that have passed since the last run.
 *
 * @param last the last slot that was handled
 */
export async function readPassed(notes: Notes, provider: string, last: number, now: number): Promise<Passed> {
  const current = slotAt(now);
  const from = Math.max(last + 1, current - MOST_SLOTS);
  const slot = Math.min(current - 1, from + SLOTS_OF_A_RUN - 1);
  const slots = Array.from({ length: Math.max(0, slot - from + 1) }, (_, index) => from + index);
  const items = await notes.items(slots.flatMap((one) => dueKeysOf(provider, one)));
  const dues = [...items.values()].flatMap(duesIn);
  const ends = await notes.read(dues.flatMap((due) => endKeysOf(provider, due)));
  const overdue = dues.filter((due) => !endKeysOf(provider, due).some((key) => (ends.get(key) ?? []).length > 0));
  return { slot: Math.max(slot, last), keys: [...items.keys()], overdue };
}

/** Deletes items whose entries were handled. */
export async function deleteItems(client: DynamoDBClient, tableName: string, keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    await client.send(new DeleteItemCommand({ TableName: tableName, Key: { id: { S: key } } }));
  }
}
