/** Puts a verified delivery on the queue of its family, once. */
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import type { Family } from '../../events';
import { createSqsClient, createVerifierDynamoDbClient, createVerifierS3Client } from '../platform/clients';
import { queueUrlVariable, requiredVariable } from '../platform/environment';
import { createOnce, isInProgress, isTableFailure } from '../platform/idempotency';
import { toJson } from '../platform/json';
import { describeError, logger } from '../platform/logger';
import { count, METRIC } from '../platform/metrics';
import { OBJECT_PREFIX, putObject } from '../platform/object-store';
import type { ProviderIntake } from '../providers/provider';
import { type DeliveryMessage, MAX_MESSAGE_BYTES } from './delivery-message';

/** A delivery to enqueue: the message without its body, the body, and the fair-queue group. */
export interface Enqueueable {
  readonly message: Omit<DeliveryMessage, 'body'>;
  readonly body: Buffer;
  readonly groupId: string | undefined;
}

/**
 * What became of a verified delivery. `accepted_again`: another verifier holds its lock. It may be dead, so the delivery
 * was enqueued all the same; where it lives, the consumer gets two messages, and publishes one event.
 */
export type EnqueueOutcome = 'accepted' | 'accepted_again' | 'duplicate';

/**
 * Makes the function that enqueues. Three round trips for a fresh delivery (lock, send, mark done), one for a
 * duplicate. The table spares the queue repeats, and is never a reason to refuse: while it is down, or another verifier
 * holds the lock, the delivery is enqueued all the same, because the consumer publishes each event id once.
 *
 * @throws when the queue, or the bucket of a large body, does not take the delivery
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
    once.startInvocation(context);
    try {
      return (await once.run(eventId, () => send(delivery))) === 'run' ? 'accepted' : 'duplicate';
    } catch (error) {
      if (isInProgress(error)) {
        await send(delivery);
        await once.markDone(eventId);
        return 'accepted_again';
      }
      if (!isTableFailure(error)) throw error;
      countFailOpen(eventId, error);
      await send(delivery);
      return 'accepted';
    }
  };
}

/** Sends to the family's queue; a body too large for a message goes to the bucket first. */
function createSend(families: readonly Family[]) {
  const sqs = createSqsClient();
  const s3 = createVerifierS3Client();
  const bucket = requiredVariable('BUCKET_NAME');
  const queueUrls = new Map(families.map((family) => [family, requiredVariable(queueUrlVariable(family))]));
  return async ({ message, body, groupId }: Enqueueable): Promise<void> => {
    let text = encode(message, { base64: body.toString('base64') });
    if (Buffer.byteLength(text) > MAX_MESSAGE_BYTES) {
      const location = { bucket, key: `${OBJECT_PREFIX.deliveries}${message.provider}/${message.eventId}` };
      await putObject(s3, location, body);
      count(METRIC.claimCheck, { step: 'ingest' });
      text = encode(message, location);
    }
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queueUrls.get(message.family),
        MessageBody: text,
        ...(groupId !== undefined && { MessageGroupId: groupId }),
        ...(message.traceHeader !== undefined && {
          MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: message.traceHeader } },
        }),
      }),
    );
  };
}

const encode = (message: Enqueueable['message'], body: DeliveryMessage['body']): string =>
  toJson({ ...message, body } satisfies DeliveryMessage);
