/** Claims messages: one is published once for its first delivery, and once more where an operator brings it back. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isSetAside } from '@meetbus/events';
import type { Context } from 'aws-lambda';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { onceKeyOf } from '../ingest/identity';
import { newVariable } from '../platform/environment';
import { createLocks, type Lock } from '../platform/idempotency';
import { describeError, logger } from '../platform/logger';

const ONE_DAY_SECONDS = 24 * 3600;

/** Longer than a dead-letter queue keeps a message (14 days), so that a redrive publishes nothing twice. */
const QUEUES_DAYS = 15;

/** Longer than an archive keeps events, ten years at the most: until then, the same event may be brought back again. */
const TEN_YEARS_DAYS = 3_660;

/** A message that nobody else publishes meanwhile. */
export type Claim = Pick<Lock, 'markDone' | 'release'>;

/**
 * Claims a message.
 *
 * @returns the claim; `duplicate` where the event was published before; `in_progress` where another call has claimed it
 * @throws the SDK's error where the table does not answer
 */
export type ClaimMessage = (message: DeliveryMessage, context: Context) => Promise<Claim | 'duplicate' | 'in_progress'>;

/** Makes the function that claims. */
export function createClaim(client: DynamoDBClient, tableName: string): ClaimMessage {
  const locksWith = (keyPrefix: string, days: number) =>
    createLocks({
      ...{ tableName, client, keyPrefix, rememberSeconds: days * ONE_DAY_SECONDS },
      onUnmarked: (eventId, error) => logger.error('event_not_marked', { eventId, error: describeError(error) }),
    });
  // For as long as the archive keeps events, it may bring back what came without a proof first, and then with one.
  const eventLock = locksWith('event', QUEUES_DAYS + Number(newVariable('ARCHIVE_DAYS', '30')));
  // The event id is done already: its event was published as not recognized.
  const reprocessedLock = locksWith('reprocessed', TEN_YEARS_DAYS);

  /** The locks of a message, in the order in which they are acquired. */
  const locksOf = (message: DeliveryMessage): readonly Lock[] => {
    const { reprocess, eventId } = message;
    if (reprocess === undefined) return [eventLock(onceKeyOf(message))];
    // A delivery may have come twice: without a proof, and with one but not understood. Each is brought back by itself.
    const reprocessed = reprocessedLock(onceKeyOf({ eventId, unrecognized: reprocess }));
    // What was set aside did not mark the event id: since then, the event may have come from a webhook that is proved.
    return isSetAside(reprocess) ? [reprocessed, eventLock(eventId)] : [reprocessed];
  };

  return async (message, context) => {
    const held: Lock[] = [];
    // The lock of the event id goes first: after a crash in between, the event is not published twice.
    const forEachHeld = async (act: (lock: Lock) => Promise<void>) => {
      for (const lock of held.toReversed()) await act(lock);
    };
    const claim: Claim = {
      markDone: () => forEachHeld((lock) => lock.markDone()),
      release: () => forEachHeld((lock) => lock.release()),
    };
    try {
      for (const lock of locksOf(message)) {
        const acquisition = await lock.acquire(context);
        if (acquisition === 'done') {
          await claim.markDone();
          return 'duplicate';
        }
        if (acquisition === 'in_progress') {
          await claim.release();
          return 'in_progress';
        }
        held.push(lock);
      }
      return claim;
    } catch (error) {
      await claim.release();
      throw error;
    }
  };
}
