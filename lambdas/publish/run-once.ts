/** Runs the work on a message once: for its first delivery, and once more where it is brought back. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { isSetAside } from '@meetbus/events';
import type { Context } from 'aws-lambda';
import type { DeliveryMessage } from '../ingest/delivery-message';
import { onceKeyOf } from '../ingest/identity';
import { newVariable } from '../platform/environment';
import { createOnce, type OnceOutcome } from '../platform/idempotency';
import { describeError, logger } from '../platform/logger';

const ONE_DAY_SECONDS = 24 * 3600;

/** Longer than a dead-letter queue keeps a message (14 days), so that a redrive publishes nothing twice. */
const QUEUES_DAYS = 15;

/** Longer than an archive keeps events, which is ten years at the most: so long the same event may be brought back again. */
const TEN_YEARS_DAYS = 3_660;

/** Makes the runner of a consumer; see {@link createOnce} for what it throws, and for `startInvocation`. */
export function createRunOnce(client: DynamoDBClient, tableName: string) {
  const onceWith = (keyPrefix: string, days: number) =>
    createOnce({
      ...{ tableName, client, keyPrefix, rememberSeconds: days * ONE_DAY_SECONDS },
      onUnmarked: (eventId, error) => logger.error('event_not_marked', { eventId, error: describeError(error) }),
    });
  // So long the archive may bring back the same delivery as it came a second time, without a proof.
  const once = onceWith('event', QUEUES_DAYS + Number(newVariable('ARCHIVE_DAYS', '30')));
  // Its id is marked already, by the event that was not recognized.
  const onceReprocessed = onceWith('reprocessed', TEN_YEARS_DAYS);

  const run = async (message: DeliveryMessage, work: () => Promise<void>): Promise<OnceOutcome> => {
    const { reprocess, eventId } = message;
    if (reprocess === undefined) return once.run(onceKeyOf(message), work);
    // The same delivery may have come twice: without a proof, and with one but not understood. Each is brought back by itself.
    const key = onceKeyOf({ eventId, unrecognized: reprocess });
    if (!isSetAside(reprocess)) return onceReprocessed.run(key, work);
    // What was set aside has left no mark under the event's id: the event may have come since, from a webhook that is proved.
    let outcome: OnceOutcome = 'run';
    const ifNew = async () => {
      outcome = await once.run(eventId, work);
    };
    return (await onceReprocessed.run(key, ifNew)) === 'run' ? outcome : 'seen';
  };

  const startInvocation = (context: Context): void => {
    once.startInvocation(context);
    onceReprocessed.startInvocation(context);
  };
  return { run, startInvocation };
}
