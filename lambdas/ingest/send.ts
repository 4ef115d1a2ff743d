/** Sends a verified delivery to the queue of its family, or stores it until the queue is back. */
import { gzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { toJson } from '../../providers/kit/json';
import {
  createFallbackS3Client,
  createVerifierS3Client,
  createVerifierSqsClient,
  VERIFIER_SEND_MS,
} from '../platform/clients';
import { requiredVariable } from '../platform/environment';
import { describeError, logger } from '../platform/logger';
import { count, METRIC } from '../platform/metrics';
import { type ObjectLocation, putObject, seal } from '../platform/object-store';
import { bodyKeyOf, type DeliveryMessage, MAX_MESSAGE_BYTES, type MessageBody } from './delivery-message';
import { createSendToQueue } from './queues';
import { type StoredMessage, storedKeyOf } from './stored-message';

/** A delivery to enqueue: the message without its body, the body, and the fair-queue group. */
export interface Enqueueable {
  readonly message: Omit<DeliveryMessage, 'body'>;
  readonly body: Buffer;
  readonly groupId: string | undefined;
}

/** What accepted a delivery: the queue, or the bucket, from which it reaches the queue within minutes. */
export type Taken = 'accepted' | 'stored';

/**
 * Makes the function that sends. The bucket is the fallback: the failure of one AWS service refuses no delivery.
 *
 * @throws if neither the queue nor the bucket accepts the delivery
 */
export function createSend() {
  const sendToQueue = createSendToQueue(createVerifierSqsClient(), VERIFIER_SEND_MS);
  const s3 = createVerifierS3Client();
  const fallbackS3 = createFallbackS3Client();
  const bucket = requiredVariable('BUCKET_NAME');
  return async ({ message, body, groupId }: Enqueueable): Promise<Taken> => {
    const { family, traceHeader } = message;
    const text = await encode(s3, bucket, message, body);
    try {
      await sendToQueue({ family, text, groupId, traceHeader });
      return 'accepted';
    } catch (error) {
      const key = storedKeyOf(message);
      logger.error('queue_unavailable', { eventId: message.eventId, family, key, error: describeError(error) });
      await putObject(fallbackS3, { bucket, key }, Buffer.from(toJson({ text, groupId } satisfies StoredMessage)));
      count(METRIC.fallback, { provider: message.provider });
      return 'stored';
    }
  };
}

/** The message's text. A body too large for it goes to the bucket first, or is compressed if the bucket is down. */
async function encode(s3: S3Client, bucket: string, message: Enqueueable['message'], body: Buffer): Promise<string> {
  const textWith = (part: MessageBody): string => toJson({ ...message, body: part } satisfies DeliveryMessage);
  const whole = textWith({ base64: body.toString('base64') });
  if (fits(whole)) return whole;
  const location: ObjectLocation = { bucket, key: bodyKeyOf(message) };
  try {
    await putObject(s3, location, body);
    count(METRIC.claimCheck, { step: 'ingest' });
    return textWith(seal(location, body));
  } catch (error) {
    const compressed = textWith({ gzip: gzipSync(body).toString('base64') });
    if (!fits(compressed)) throw error;
    logger.warn('bucket_unavailable', { eventId: message.eventId, error: describeError(error) });
    return compressed;
  }
}

const fits = (text: string): boolean => Buffer.byteLength(text) <= MAX_MESSAGE_BYTES;
