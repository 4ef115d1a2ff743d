/** Claims messages: each is published once, and once more if an operator reprocesses it. */
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

/** Longer than an archive keeps events, at most ten years: until then, the same event can be reprocessed again. */
const TEN_YEARS_DAYS = 3_660;

/** A message that no other invocation publishes meanwhile. */
export type Claim = Pick<Lock, 'markDone' | 'release'>;

/**
 * Claims a message.
 *
 * @returns the claim; `duplicate` if the event was published before; `in_progress` if another invocation has claimed it
 * @throws the SDK's error if the table does not respond
 */
export type ClaimMessage = (message: DeliveryMessage, context: Context) => Promise<Claim | 'duplicate' | 'in_progress'>;

/** Makes the function that claims. */
export function createClaim(client: DynamoDBClient, tableName: string): ClaimMessage {
  const locksWith = (keyPrefix: string, days: number) =>
    createLocks({
      ...{ tableName, client, keyPrefix, rememberSeconds: days * ONE_DAY_SECONDS },
      onUnmarked: (eventId, error) => logger.error('event_not_marked', { eventId, error: describeError(error) }),
    });
  // While the archive keeps events, a delivery can be reprocessed first without proof, and then with it.
  const eventLock = locksWith('event', QUEUES_DAYS + Number(newVariable('ARCHIVE_DAYS', '30')));
  // The event id is already marked as done: its event was published as unrecognized.
  const reprocessedLock = locksWith('reprocessed', TEN_YEARS_DAYS);

  /** The locks of a message, in the order in which they are acquired. */
  const locksOf = (message: DeliveryMessage): readonly Lock[] => {
    const { reprocess, eventId } = message;
    if (reprocess === undefined) return [eventLock(onceKeyOf(message))];
    // A delivery may have arrived twice: without proof, and with proof but not understood. Each is reprocessed
    // separately.
    const reprocessed = reprocessedLock(onceKeyOf({ eventId, unrecognized: reprocess }));
    // A delivery that was set aside did not mark the event id: meanwhile the event may have arrived from a proved
    // webhook.
    return isSetAside(reprocess) ? [reprocessed, eventLock(eventId)] : [reprocessed];
  };

  return async (message, context) => {
    const held: Lock[] = [];
    // Acquire the lock of the event id first: after a crash in between, the event is not published twice.
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
