/**
 * Counts what is live: bots, and sittings of meetings. Each counts 1 where it begins and -1 where it ends, once, and both at the
 * time of its beginning, so that no window of time holds an end without its beginning: see docs/adr/0010-silence.md.
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

/** Three of the windows over which is summed: what is forgotten then has long left them. */
const ONE_DAY_SECONDS = 24 * 3600;

/** What begins or ends with an event; undefined for every other event. */
function lifeEventOf(provider: string, { momentOf }: ProviderRuntime, event: Normalized): LifeEvent | undefined {
  const { type, subject, data } = event;
  const key = `life#${provider}#${presentableSubject(subject)}`;
  const own = momentOf?.(event);
  if (own !== undefined) return { key, moment: own };
  const moment = MEETING_MOMENTS.get(type);
  if (moment === undefined) return undefined;
  // A meeting may sit again under its id.
  const sitting = memberAt(data, 'meeting', 'sessionid') ?? memberAt(data, 'meeting', 'startedat') ?? '';
  return { key: `${key}#${presentable(String(sitting))}`, moment };
}

/** What was known of a life: by moment, the event that told it first, see {@link stampOf}. */
type Known = Partial<Readonly<Record<Moment, string>>>;

/** When an event was received, and its id: two events never have the same, and every try of one has. */
const stampOf = ({ receivedTime, eventId }: Pick<DeliveryMessage, 'receivedTime' | 'eventId'>): string =>
  `${receivedTime}#${eventId}`;

/** What is added to the number of the living, and when. */
interface Change {
  readonly value: 1 | -1;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * What an event changes.
 *
 * @param known what the table knew before; undefined where it did not answer. Then a beginning counts, as the table may have
 *   taken it, and an end does not, as its beginning may not have counted
 * @returns undefined where it changes nothing: it was told before, or comes after the end, or ends what never began
 */
export function changeOf(moment: Moment, stamp: string, known: Known | undefined): Change | undefined {
  const { begun, ended } = known ?? {};
  if (ended !== undefined) return undefined;
  if (moment === 'ended') return begun === undefined ? undefined : { value: -1, at: timeOf(begun) };
  return begun === undefined || begun === stamp ? { value: 1, at: timeOf(stamp) } : undefined;
}

const timeOf = (stamp: string): number => Date.parse(stamp.split('#')[0] ?? '');

/** Counts an event that is on the intake bus, where it tells of a life. Never throws. */
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

  return async (runtime, message, event) => {
    const { provider } = message;
    const life = lifeEventOf(provider, runtime, event);
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
