/**
 * Counts live bots and meeting sessions. Each counts 1 when it begins and -1 when it ends, once, and both at the time
 * of its beginning, so that no time window contains an end without its beginning: see docs/adr/0010-silence.md.
 */
import { type AttributeValue, type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { Normalized } from '../../providers/kit/normalize';
import { memberAt } from '../../providers/kit/values';
import type { Moment, ProviderRuntime } from '../../providers/runtime';
import { type DeliveryMessage, presentable, presentableSubject } from '../ingest/delivery-message';
import { describeError, logger } from '../platform/logger';
import { METRIC, recordAt } from '../platform/metrics';
import { TIME_LIMIT_MS } from './stale';

/** A moment of a life. */
interface LifeEvent {
  /** Key of the table's item for the life. */
  readonly key: string;
  readonly moment: Moment;
}

const MEETING_MOMENTS: ReadonlyMap<string, Moment> = new Map([
  ['meeting.started', 'begun'],
  ['meeting.ended', 'ended'],
]);

/** Three times the window of the sum: an expired item has long left every window. */
const ONE_DAY_SECONDS = 24 * 3600;

/** What begins or ends with an event; undefined for every other event. */
function lifeEventOf(provider: string, runtime: ProviderRuntime, event: Normalized): LifeEvent | undefined {
  const { type, subject, data } = event;
  const key = `life#${provider}#${presentableSubject(subject)}`;
  const own = runtime.momentOf?.(event);
  if (own !== undefined) return { key, moment: own };
  const moment = MEETING_MOMENTS.get(type);
  if (moment === undefined) return undefined;
  // A meeting can be held again with the same id.
  const sitting = memberAt(data, 'meeting', 'sessionid') ?? memberAt(data, 'meeting', 'startedat') ?? '';
  return { key: `${key}#${presentable(String(sitting))}`, moment };
}

/** The stored beginning and end: for each moment the first event that reported it, see {@link stampOf}. */
type Known = Partial<Readonly<Record<Moment, string>>>;

/** When an event was received, and its id: unique for each event, and the same for every retry. */
const stampOf = ({ receivedTime, eventId }: Pick<DeliveryMessage, 'receivedTime' | 'eventId'>): string =>
  `${receivedTime}#${eventId}`;

/** The change of the number of live ones, and its time. */
interface Change {
  readonly value: 1 | -1;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What an event changes.
 *
 * @param known what the table knew before; undefined if it did not respond. Then a beginning counts, because the table
 *   may have recorded it, and an end does not, because its beginning may not have counted
 * @returns undefined if it changes nothing: it was reported before, or follows the end, or has no beginning
 */
export function changeOf(moment: Moment, stamp: string, known: Known | undefined): Change | undefined {
  const { begun, ended } = known ?? {};
  if (ended !== undefined) return undefined;
  if (moment === 'ended') return begun === undefined ? undefined : { value: -1, at: timeOf(begun) };
  return begun === undefined || begun === stamp ? { value: 1, at: timeOf(stamp) } : undefined;
}

const timeOf = (stamp: string): number => Date.parse(stamp.split('#')[0] ?? '');

/** Counts a published event, if it begins or ends something live. Never throws. */
export type CountLife = (runtime: ProviderRuntime, message: DeliveryMessage, event: Normalized) => Promise<void>;

/** Makes the function that counts: one write to the table, for these events alone. */
export function createCountLife(client: DynamoDBClient, tableName: string): CountLife {
  const note = async ({ key, moment }: LifeEvent, stamp: string): Promise<Known> => {
    const expiration = Math.floor(Date.now() / 1000) + ONE_DAY_SECONDS;
    const update = new UpdateItemCommand({
      TableName: tableName,
      Key: { id: { S: key } },
      UpdateExpression: 'SET #moment = if_not_exists(#moment, :stamp), #expiration = :expiration',
      ExpressionAttributeNames: { '#moment': moment, '#expiration': 'expiration' },
      ExpressionAttributeValues: { ':stamp': { S: stamp }, ':expiration': { N: String(expiration) } },
      ReturnValues: 'ALL_OLD',
    });
    const { Attributes } = await client.send(update, { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) });
    return knownFrom(Attributes);
  };

  /** A runtime that throws must not fail the batch: its events are published already, and would be published again. */
  const lifeEventIn = (runtime: ProviderRuntime, { provider, eventId }: DeliveryMessage, event: Normalized) => {
    try {
      return lifeEventOf(provider, runtime, event);
    } catch (error) {
      logger.error('life_unavailable', { eventId, error: describeError(error) });
      return undefined;
    }
  };

  return async (runtime, message, event) => {
    const { provider } = message;
    const life = lifeEventIn(runtime, message, event);
    if (life === undefined) return;
    const stamp = stampOf(message);
    let known: Known | undefined;
    try {
      known = await note(life, stamp);
    } catch (error) {
      logger.error('life_unavailable', { key: life.key, error: describeError(error) });
    }
    const change = changeOf(life.moment, stamp, known);
    if (change !== undefined) recordAt(change.at, { [METRIC.live]: change.value }, { provider });
  };
}

function knownFrom(attributes: Readonly<Record<string, AttributeValue>> = {}): Known {
  const [begun, ended] = [attributes.begun?.S, attributes.ended?.S];
  return { ...(begun !== undefined && { begun }), ...(ended !== undefined && { ended }) };
}
