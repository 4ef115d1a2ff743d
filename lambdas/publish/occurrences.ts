/**
 * Keeps a note of each occurrence that is published, so that a backfill finds out what is missing, and an event that a
 * backfill has brought back is not published again when its webhook comes late. docs/adr/0017-backfill.md explains the
 * decision and its limits.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { Normalized } from '../../providers/kit/normalize';
import type { Occurrence, ProviderRuntime } from '../../providers/runtime';
import { type DeliveryMessage, presentableSubject } from '../ingest/delivery-message';
import { describeError, logger } from '../platform/logger';

/** An event that reports an occurrence. */
export interface Note {
  /** When it happened: milliseconds since 1970; undefined if the event does not say. */
  readonly at: number | undefined;
  /** A backfill brought the event back. */
  readonly isReconciled: boolean;
  readonly eventId: string;
}

/** Days for which notes are kept: longer than a backfill looks back, and than a message lives, also in a dead-letter queue. */
export const NOTE_DAYS = 35;

/** Milliseconds: it is open whether the API's time of a status is exactly that of its webhook. */
const TOLERANCE_MS = 2_000;

/**
 * Notes of one item. With them it stays below one kilobyte, which one write unit covers. What repeats more often is
 * published without a note.
 */
const MOST_NOTES = 15;

/** Milliseconds, including retries: an event of a webhook does not depend on the table, and its batch has 30 seconds. */
const TIME_LIMIT_MS = 1_000;

const DAY_SECONDS = 24 * 3600;

/** Key of the table's item with the notes of an occurrence. */
export const noteKeyOf = (provider: string, { key }: Occurrence): string =>
  `occurrence#${provider}#${presentableSubject(key)}`;

/** Key of the table's item that says since when a provider's occurrences are noted, in its attribute `since`. */
export const notedSinceKeyOf = (provider: string): string => `occurrences-since#${provider}`;

/** The time of an occurrence as {@link Note} has it. */
export const instantOfOccurrence = ({ time }: Occurrence): number | undefined =>
  time === undefined ? undefined : Date.parse(time);

/** Whether two times of one key are the same occurrence. A time that is not known is any time. */
export const isSameTime = (one: number | undefined, other: number | undefined): boolean =>
  one === undefined || other === undefined || Math.abs(one - other) <= TOLERANCE_MS;

const textOf = ({ at, isReconciled, eventId }: Note): string => `${at ?? ''}#${isReconciled ? 'r' : 'w'}#${eventId}`;

function noteIn(text: string): Note {
  const [at = '', by, ...eventId] = text.split('#');
  return { at: at === '' ? undefined : Number(at), isReconciled: by === 'r', eventId: eventId.join('#') };
}

/** The notes in an item, the first one first. */
export const notesIn = (item: Readonly<Record<string, AttributeValue>> | undefined): Note[] =>
  (item?.notes?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [noteIn(S)]));

/** The first of these notes that makes an event a duplicate: a backfill brought back one of the two. */
const firstOf = (own: Note, notes: readonly Note[]): Note | undefined =>
  notes.find((one) => (one.isReconciled || own.isReconciled) && isSameTime(one.at, own.at));

/** The notes of events that were no duplicates. A duplicate is not published, so it makes no other event one. */
export function withoutDuplicates(notes: readonly Note[]): Note[] {
  const kept: Note[] = [];
  for (const note of notes) if (!firstOf(note, kept)) kept.push(note);
  return kept;
}

/**
 * The event that makes another one a duplicate: the first of its occurrence, if a backfill brought back one of the two.
 * Two webhooks stay two events. The order of the notes decides, so retries of both always get the same result.
 */
export function twinOf(own: Note, notes: readonly Note[]): Note | undefined {
  const index = notes.findIndex(({ eventId }) => eventId === own.eventId);
  return firstOf(own, withoutDuplicates(index < 0 ? notes : notes.slice(0, index)));
}

/**
 * Notes what an event reports, right before it is published.
 *
 * @returns id of the event that reported it before, if one of the two was brought back by a backfill; else undefined
 * @throws Error for an event of a backfill, if the table does not respond: it is tried again later. An event of a
 *   webhook is published without a note
 */
export type NoteOccurrence = (
  runtime: Pick<ProviderRuntime, 'occurrenceOf'>,
  message: Pick<DeliveryMessage, 'provider' | 'proof' | 'eventId'>,
  event: Normalized,
) => Promise<string | undefined>;

/** Makes the function that notes: one write for each event with an occurrence. */
export function createNoteOccurrence(client: DynamoDBClient, tableName: string): NoteOccurrence {
  const update = (input: Omit<UpdateItemCommandInput, 'TableName'>) =>
    client.send(new UpdateItemCommand({ TableName: tableName, ...input }), {
      abortSignal: AbortSignal.timeout(TIME_LIMIT_MS),
    });

  const recorded = new Set<string>();
  /** Records since when there are notes: once in each execution environment. The first time that was recorded stays. */
  const recordSince = async (provider: string): Promise<void> => {
    if (recorded.has(provider)) return;
    recorded.add(provider);
    try {
      await update({
        Key: { id: { S: notedSinceKeyOf(provider) } },
        UpdateExpression: 'SET #since = if_not_exists(#since, :now)',
        ExpressionAttributeNames: { '#since': 'since' },
        ExpressionAttributeValues: { ':now': { S: new Date().toISOString() } },
      });
    } catch (error) {
      recorded.delete(provider);
      logger.error('occurrence_unavailable', { provider, error: describeError(error) });
    }
  };

  /** Appends a note, unless it is there, or the item is full. Returns the notes before. */
  const append = async (key: string, note: Note): Promise<Note[]> => {
    const text = textOf(note);
    try {
      const { Attributes } = await update({
        Key: { id: { S: key } },
        UpdateExpression: 'SET #notes = list_append(if_not_exists(#notes, :none), :own), #expiration = :expiration',
        ConditionExpression:
          'attribute_not_exists(#notes) OR (NOT contains(#notes, :ownText) AND size(#notes) < :most)',
        ExpressionAttributeNames: { '#notes': 'notes', '#expiration': 'expiration' },
        ExpressionAttributeValues: {
          ':none': { L: [] },
          ':own': { L: [{ S: text }] },
          ':ownText': { S: text },
          ':most': { N: String(MOST_NOTES) },
          ':expiration': { N: String(Math.floor(Date.now() / 1000) + NOTE_DAYS * DAY_SECONDS) },
        },
        ReturnValues: 'ALL_OLD',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      return notesIn(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return notesIn(error.Item);
      throw error;
    }
  };

  return async (runtime, { provider, proof, eventId }, event) => {
    const isReconciled = proof === 'reconciled';
    try {
      const occurrence = event.type === 'event.unrecognized' ? undefined : runtime.occurrenceOf?.(event);
      if (occurrence === undefined) return undefined;
      const own = { at: instantOfOccurrence(occurrence), isReconciled, eventId };
      const [notes] = await Promise.all([append(noteKeyOf(provider, occurrence), own), recordSince(provider)]);
      return twinOf(own, notes)?.eventId;
    } catch (error) {
      if (isReconciled) throw error;
      logger.error('occurrence_unavailable', { eventId, error: describeError(error) });
      return undefined;
    }
  };
}
