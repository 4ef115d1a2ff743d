/**
 * Remembers what has begun until its end should have come. Items of the table hold it, by provider and time, so that the
 * function `repair` finds what is overdue without an index. docs/adr/0018-repair.md explains the decision and its limits.
 */
import { hash } from 'node:crypto';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Normalized } from '../../providers/kit/normalize';
import type { ProviderRuntime } from '../../providers/runtime';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { describeError, logger } from '../platform/logger';

/** Something that has begun. */
export interface Due {
  /** The subject that the API is asked about. */
  readonly subject: string;
  /** Keys of the occurrences that end it. */
  readonly endedBy: readonly string[];
  /** When it began: milliseconds since 1970. */
  readonly begunAt: number;
  /** How often the API was asked about it. */
  readonly tries: number;
}

/** Milliseconds of a slot: what is due within one is in the same items. */
const SLOT_MS = 5 * 60_000;

/** Items of a slot. A write costs a unit for each kilobyte of its item, so many beginnings in one slot need several items. */
const SHARDS = 16;

/** Entries of an item: with them it stays below half of the 400 KB that DynamoDB allows. */
const MOST_ENTRIES = 200;
const MOST_CHARACTERS = 900;

/** Subjects that begin together are due at different times within this, so that the API is not asked about all at once. */
const SPREAD_MS = 15 * 60_000;

/** Milliseconds, including retries: the event is published already, and its batch has 30 seconds. */
const TIME_LIMIT_MS = 1_000;

const HOUR_MS = 3_600_000;

/** Days for which an entry is kept after it is due, while the function does not run. */
const KEPT_DAYS = 7;

/** The slot of a time. */
export const slotAt = (at: number): number => Math.floor(at / SLOT_MS);

/** Keys of the items of a slot. */
export const dueKeysOf = (provider: string, slot: number): string[] =>
  Array.from({ length: SHARDS }, (_, shard) => `due#${provider}#${slot}#${shard}`);

const textOf = ({ subject, endedBy, begunAt, tries }: Due): string =>
  JSON.stringify([subject, begunAt, tries, ...endedBy]);

/** The entries of an item. */
export const duesIn = (item: Readonly<Record<string, AttributeValue>>): Due[] =>
  (item.entries?.SS ?? []).map((text) => {
    const [subject, begunAt, tries, ...endedBy] = JSON.parse(text);
    return { subject, begunAt, tries, endedBy };
  });

/**
 * Adds an entry to the items of the slot in which it is due. Adding it again changes nothing.
 *
 * @param at when it is due: milliseconds since 1970, later than now
 * @throws Error if the table does not respond, or the entry has no room
 */
export type AddDue = (provider: string, due: Due, at: number) => Promise<void>;

/** Makes the function that adds. */
export function createAddDue(client: DynamoDBClient, tableName: string): AddDue {
  return async (provider, due, at) => {
    const text = textOf(due);
    if (text.length > MOST_CHARACTERS)
      throw new Error(`It has ${text.length} characters, more than ${MOST_CHARACTERS}.`);
    const digest = hash('sha256', due.subject, 'buffer').readUInt32BE();
    const dueAt = at + (digest % SPREAD_MS);
    const key = dueKeysOf(provider, slotAt(dueAt))[digest % SHARDS] as string;
    const update = new UpdateItemCommand({
      TableName: tableName,
      Key: { id: { S: key } },
      UpdateExpression: 'ADD #entries :own SET #expiration = :expiration',
      ConditionExpression: 'attribute_not_exists(#entries) OR contains(#entries, :text) OR size(#entries) < :most',
      ExpressionAttributeNames: { '#entries': 'entries', '#expiration': 'expiration' },
      ExpressionAttributeValues: {
        ':own': { SS: [text] },
        ':text': { S: text },
        ':most': { N: String(MOST_ENTRIES) },
        ':expiration': { N: String(Math.floor(dueAt / 1_000) + KEPT_DAYS * 24 * 3600) },
      },
    });
    try {
      await client.send(update, { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) });
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new Error(`The item ${key} has ${MOST_ENTRIES} entries already.`);
    }
  };
}

/** Remembers what begins with a published event. Never throws: what is not remembered is not repaired. */
export type NoteBeginning = (
  runtime: Pick<ProviderRuntime, 'beginningOf'>,
  message: Pick<DeliveryMessage, 'provider' | 'eventId' | 'receivedTime'>,
  event: Normalized,
) => Promise<void>;

/** Makes the function that remembers: one write for each beginning. */
export function createNoteBeginning(addDue: AddDue): NoteBeginning {
  return async (runtime, { provider, eventId, receivedTime }, event) => {
    try {
      const beginning = event.type === 'event.unrecognized' ? undefined : runtime.beginningOf?.(event);
      if (beginning === undefined) return;
      const { subject, endedBy, hours } = beginning;
      const begunAt = Date.parse(event.time ?? receivedTime);
      // A slot of the past, or of now, may have been read already.
      const dueAt = Math.max(begunAt + hours * HOUR_MS, Date.now() + SLOT_MS);
      await addDue(provider, { subject, endedBy, begunAt, tries: 0 }, dueAt);
    } catch (error) {
      logger.error('due_unavailable', { eventId, error: describeError(error) });
    }
  };
}
