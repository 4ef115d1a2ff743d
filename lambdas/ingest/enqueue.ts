/** Enqueues a verified delivery once. */
import type { Context } from 'aws-lambda';
import type { BundledProvider } from '../platform/bundled-providers';
import { createVerifierDynamoDbClient } from '../platform/clients';
import { requiredVariable } from '../platform/environment';
import { createLocks } from '../platform/idempotency';
import { describeError, logger } from '../platform/logger';
import { count, METRIC } from '../platform/metrics';
import { onceKeyOf } from './identity';
import { createSend, type Enqueueable, type Taken } from './send';

/**
 * The outcome of a verified delivery. `accepted_again`: another verifier has its lock. That one may have crashed, so
 * the delivery was sent anyway; if it has not crashed, the consumer receives two messages, and publishes one event.
 */
export type EnqueueOutcome = Taken | 'accepted_again' | 'duplicate';

/**
 * Makes the function that enqueues. It needs three round trips for a new delivery (lock, send, mark done), one for a
 * duplicate. The table keeps duplicates out of the queue, but never causes a refusal: while it is down, or another
 * verifier has the lock, the delivery is sent anyway, because the consumer publishes each event id once.
 *
 * @throws if neither the queue nor the bucket accepts the delivery
 */
export function createEnqueue({ name: provider, runtime }: Pick<BundledProvider, 'name' | 'runtime'>) {
  const send = createSend();
  const countFailOpen = (eventId: string, error: unknown) => {
    logger.error('idempotency_table_unavailable', { eventId, error: describeError(error) });
    count(METRIC.failOpen, { provider });
  };
  const lockOf = createLocks({
    tableName: requiredVariable('TABLE_NAME'),
    client: createVerifierDynamoDbClient(),
    keyPrefix: 'delivery',
    rememberSeconds: runtime.rememberSeconds,
    onUnmarked: countFailOpen,
  });
  return async (delivery: Enqueueable, context: Context): Promise<EnqueueOutcome> => {
    const lock = lockOf(onceKeyOf(delivery.message));
    const acquisition = await lock.acquire(context).catch((error: unknown) => {
      countFailOpen(delivery.message.eventId, error);
      return 'unavailable' as const;
    });
    if (acquisition === 'unavailable') return send(delivery);
    if (acquisition === 'done') return 'duplicate';
    try {
      const taken = await send(delivery);
      await lock.markDone();
      return acquisition === 'acquired' ? taken : 'accepted_again';
    } catch (error) {
      if (acquisition === 'acquired') await lock.release();
      throw error;
    }
  };
}
