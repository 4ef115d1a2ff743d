/**
 * Finds status events that are older than another event of their subject. The newest time of each subject is an item of
 * the table. docs/adr/0009-stale-marks.md explains the decision and its limits.
 */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { STATUS_TYPES } from '@meetbus/events';
import type { Normalized } from '../../providers/kit/normalize';
import type { ProviderRuntime } from '../../providers/runtime';
import { type DeliveryMessage, presentableSubject } from '../ingest/delivery-message';
import { describeError, logger } from '../platform/logger';

/** When a subject entered a status. */
export interface StatusTime {
  /** Key of the table's item for the subject; keys of deliveries and events have other prefixes. */
  readonly key: string;
  /** UTC, in a format in which string order is time order. */
  readonly instant: string;
}

/** The position of an event among those of its subject; `unknown` if the table did not respond. */
export type Standing = 'current' | 'stale' | 'unknown';

/** The newest instant of some subjects, by key. A subject is missing if the table did not respond. */
export type NewestInstants = Map<string, string>;

/** Records the newest of these times in the table, and returns the newest that was recorded before. Never throws. */
export type NoteTimes = (times: readonly StatusTime[]) => Promise<NewestInstants>;

/** Earlier than every instant: nothing is recorded yet. */
const NEVER = '';

/** `2026-03-02T09:30:00.` and nine digits, the maximum in an event's time. */
const INSTANT_LENGTH = 29;

/**
 * Longer than an event can be late after one redrive: its message lives for 14 days, and as long again after each
 * redrive.
 */
const THIRTY_DAYS_SECONDS = 30 * 24 * 3600;

/** Milliseconds, including retries: the event does not depend on the table, and its batch has 30 seconds in all. */
export const TIME_LIMIT_MS = 2_000;

/** The instant of a time in UTC with milliseconds or more, which may end in any number of zeros. */
export const instantOf = (time: string): string => time.slice(0, -1).padEnd(INSTANT_LENGTH, '0');

/** Milliseconds by which a provider's clock may be ahead of ours. */
const AHEAD_MS = 5 * 60_000;

/** The latest plausible instant of a status at a time given in milliseconds since 1970. */
const latestInstant = (now: number): string => instantOf(new Date(now + AHEAD_MS).toISOString());

/**
 * The status time of an event. An event without one is neither recorded nor marked.
 *
 * @returns undefined if the event has no status, if the provider sends no time or one in the future, or if only a token
 *   proved the event: otherwise one forged status could make every genuine one look old
 */
export function statusTimeOf(
  runtime: Pick<ProviderRuntime, 'isOwnStatus'>,
  { provider, proof, receivedTime }: Pick<DeliveryMessage, 'provider' | 'proof' | 'receivedTime'>,
  event: Normalized,
): StatusTime | undefined {
  const { type, subject, time } = event;
  if (time === undefined || !STATUS_TYPES.has(type)) return undefined;
  if (proof === 'token' || instantOf(time) > latestInstant(Date.parse(receivedTime))) return undefined;
  if (runtime.isOwnStatus?.(event) === false) return undefined;
  return { key: `newest#${provider}#${presentableSubject(subject)}`, instant: instantOf(time) };
}

/** Compares entries by their status times, oldest first; those without one come before all others. */
export const byStatusTime = (
  { statusTime: a }: { readonly statusTime?: StatusTime | undefined },
  { statusTime: b }: { readonly statusTime?: StatusTime | undefined },
): number => {
  const [one = NEVER, other = NEVER] = [a?.instant, b?.instant];
  return one === other ? 0 : one < other ? -1 : 1;
};

/** The standing of an event; undefined where it has no status time. Events of the same instant are not stale. */
export function standingOf(statusTime: StatusTime | undefined, newest: NewestInstants): Standing | undefined {
  if (statusTime === undefined) return undefined;
  const known = newest.get(statusTime.key);
  if (known === undefined) return 'unknown';
  return statusTime.instant < known ? 'stale' : 'current';
}

/** Raises the newest instant of a subject, if one is known. */
export function raise(newest: NewestInstants, { key, instant }: StatusTime): void {
  const known = newest.get(key);
  if (known !== undefined && known < instant) newest.set(key, instant);
}

/** The end of a marked detail. */
export const STALE_MARK = ',"stale":true}';

/** A detail with the mark. The detail is a string, because parsing it would lose digits of numbers. */
export const markStale = (detail: string): string => detail.slice(0, -1) + STALE_MARK;

/**
 * Makes the function that records times in the table: one write for each subject. A recorded time in the future is
 * ignored and replaced: an earlier version recorded such times, and one would mark every event of the subject for
 * thirty days.
 */
export function createNoteTimes(client: DynamoDBClient, tableName: string): NoteTimes {
  const noteTime = async ({ key, instant }: StatusTime): Promise<string> => {
    const latest = latestInstant(Date.now());
    const knownIn = (item: Record<string, AttributeValue> | undefined): string => {
      const known = item?.newest?.S ?? NEVER;
      return known > latest ? NEVER : known;
    };
    const expiration = Math.floor(Date.now() / 1000) + THIRTY_DAYS_SECONDS;
    const update = new UpdateItemCommand({
      TableName: tableName,
      Key: { id: { S: key } },
      UpdateExpression: 'SET #newest = :instant, #expiration = :expiration',
      ConditionExpression: 'attribute_not_exists(#newest) OR #newest <= :instant OR #newest > :latest',
      ExpressionAttributeNames: { '#newest': 'newest', '#expiration': 'expiration' },
      ExpressionAttributeValues: {
        ':instant': { S: instant },
        ':latest': { S: latest },
        ':expiration': { N: String(expiration) },
      },
      ReturnValues: 'UPDATED_OLD',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      const { Attributes } = await client.send(update, { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) });
      return knownIn(Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return knownIn(error.Item);
      throw error;
    }
  };

  return async (times) => {
    const newest: NewestInstants = new Map();
    const noteNewest = async (statusTime: StatusTime) => {
      try {
        newest.set(statusTime.key, await noteTime(statusTime));
      } catch (error) {
        logger.error('newest_time_unavailable', { key: statusTime.key, error: describeError(error) });
      }
    };
    await Promise.all(newestOfEach(times).map(noteNewest));
    return newest;
  };
}

/** The newest time of each subject. */
function newestOfEach(times: readonly StatusTime[]): StatusTime[] {
  const sorted = times.toSorted((a, b) => byStatusTime({ statusTime: a }, { statusTime: b }));
  return [...new Map(sorted.map((statusTime) => [statusTime.key, statusTime])).values()];
}
