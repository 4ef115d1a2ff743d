/** What the function `repair` remembers of a provider from one run to the next: one item of the table. */
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { slotAt } from '../publish/due';
import type { Item, Notes } from '../reconcile/notes';

export interface RepairState {
  /** The last slot that was handled. */
  readonly slot: number;
  /** Until then the API is not asked: milliseconds since 1970. */
  readonly pausedUntil: number;
  /** Day of {@link requests}, in UTC: `2026-03-02`. */
  readonly day: string;
  /** Requests of that day. */
  readonly requests: number;
  /** When the sender was looked at: milliseconds since 1970. */
  readonly inspectedAt: number;
  /** How much was wrong with it then. */
  readonly troubles: number;
}

/** Slots of one hour: with them the first run begins. */
const FIRST_SLOTS = 12;

const keyOf = (provider: string): string => `repair#${provider}`;

const numberIn = (item: Item | undefined, name: string): number | undefined =>
  item?.[name]?.N === undefined ? undefined : Number(item[name].N);

/** Reads the state; the count of requests is that of today. */
export async function readState(notes: Notes, provider: string, now: number): Promise<RepairState> {
  const key = keyOf(provider);
  const item = (await notes.items([key])).get(key);
  const day = new Date(now).toISOString().slice(0, 10);
  return {
    slot: numberIn(item, 'slot') ?? slotAt(now) - FIRST_SLOTS - 1,
    pausedUntil: numberIn(item, 'pausedUntil') ?? 0,
    day,
    requests: item?.day?.S === day ? (numberIn(item, 'requests') ?? 0) : 0,
    inspectedAt: numberIn(item, 'inspectedAt') ?? 0,
    troubles: numberIn(item, 'troubles') ?? 0,
  };
}

/** Writes the state. Runs do not overlap, so nothing else has written it meanwhile. */
export async function writeState(
  client: DynamoDBClient,
  tableName: string,
  provider: string,
  { day, ...numbers }: RepairState,
): Promise<void> {
  const members = Object.entries(numbers).map(([name, value]) => [name, { N: String(value) }] as const);
  const Item = { id: { S: keyOf(provider) }, day: { S: day }, ...Object.fromEntries(members) };
  await client.send(new PutItemCommand({ TableName: tableName, Item }));
}
