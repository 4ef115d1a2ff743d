/** Takes a verified delivery in, once. */
import type { Context } from 'aws-lambda';
import type { ProviderIntake } from '../../providers/provider';
import { createVerifierDynamoDbClient } from '../platform/clients';
import { requiredVariable } from '../platform/environment';
import { createOnce, isInProgress, isTableFailure } from '../platform/idempotency';
import { describeError, logger } from '../platform/logger';
import { count, METRIC } from '../platform/metrics';
import { onceKeyOf } from './identity';
import { createSend, type Enqueueable, type Taken } from './send';

/**
 * What became of a verified delivery. `accepted_again`: another verifier holds its lock. It may be dead, so the delivery
 * was sent all the same; where it lives, the consumer gets two messages, and publishes one event.
 */
export type EnqueueOutcome = Taken | 'accepted_again' | 'duplicate';

/**
 * Makes the function that enqueues. Three round trips for a fresh delivery (lock, send, mark done), one for a
 * duplicate. The table spares the queue repeats, and is never a reason to refuse: while it is down, or another verifier
 * holds the lock, the delivery is sent all the same, because the consumer publishes each event id once.
 *
 * @throws when neither the queue nor the bucket takes the delivery
 */
export function createEnqueue(provider: ProviderIntake) {
  const send = createSend(provider.families);
  const countFailOpen = (eventId: string, error: unknown) => {
    logger.error('idempotency_table_unavailable', { eventId, error: describeError(error) });
    count(METRIC.failOpen, { provider: provider.name });
  };
  const once = createOnce({
    tableName: requiredVariable('TABLE_NAME'),
    client: createVerifierDynamoDbClient(),
    keyPrefix: 'delivery',
    rememberSeconds: provider.rememberSeconds,
    onUnmarked: countFailOpen,
  });
  return async (delivery: Enqueueable, context: Context): Promise<EnqueueOutcome> => {
    const { eventId } = delivery.message;
    const key = onceKeyOf(delivery.message);
    once.startInvocation(context);
    let taken: Taken | undefined;
    try {
      await once.run(key, async () => {
        taken = await send(delivery);
      });
      return taken ?? 'duplicate';
    } catch (error) {
      if (isInProgress(error)) {
        await send(delivery);
        await once.markDone(key);
        return 'accepted_again';
      }
      if (!isTableFailure(error)) throw error;
      countFailOpen(eventId, error);
      return send(delivery);
    }
  };
}
