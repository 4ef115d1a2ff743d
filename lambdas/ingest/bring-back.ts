/** Sends stored deliveries to their queues, oldest first for each provider. */
import { DeleteObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import type { Family } from '@meetbus/events';
import type { Context } from 'aws-lambda';
import { BRING_BACK_SEND_MS, createBringBackS3Client, createBringBackSqsClient } from '../platform/clients';
import { requiredVariable } from '../platform/environment';
import { describeError, logger } from '../platform/logger';
import { count, METRIC, record } from '../platform/metrics';
import { getObject, OBJECT_PREFIX } from '../platform/object-store';
import { parseMessage } from '../publish/message';
import { createSendToQueue, type QueueMessage } from './queues';
import { parseStored, readStoredKey } from './stored-message';

/**
 * Concurrent sends. The deliveries reach the queue nearly in order, which a standard queue does not guarantee anyway.
 */
const AT_A_TIME = 10;

/** Milliseconds before its timeout at which a run stops; the next run continues. */
const RESERVE_MS = 8_000;

/** Failures in a row after which a queue counts as down for the rest of the run. */
const TRIES_OF_A_QUEUE = 3;

/** An object in a list result. */
interface Listed {
  readonly key: string;
  readonly storedAt: number;
}

/**
 * Makes the Lambda handler. Runs can overlap: a delivery that two of them send is published once. An object is deleted
 * only after the queue has its message. An object that fails stays for the next run, and blocks no other.
 *
 * @throws if the bucket cannot be listed
 */
export function createBringBack() {
  const s3 = createBringBackS3Client();
  const bucket = requiredVariable('BUCKET_NAME');
  const sendToQueue = createSendToQueue(createBringBackSqsClient(), BRING_BACK_SEND_MS);

  return async (_event: unknown, context: Context): Promise<void> => {
    const queues = new QueueStates();
    const left: Listed[] = [];
    let broughtBack = 0;

    const bringBack = async ({ key, storedAt }: Listed): Promise<void> => {
      const known = readStoredKey(key);
      if (known && queues.isDown(known.family)) {
        left.push({ key, storedAt });
        return;
      }
      try {
        const message = readMessage(key, (await getObject(s3, { bucket, key })).toString());
        await queues.watch(message.family, () => sendToQueue(message));
        await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
        broughtBack += 1;
        count(METRIC.broughtBack, { provider: known!.provider });
        logger.info('brought_back', { eventId: known!.eventId, family: message.family, key });
      } catch (error) {
        left.push({ key, storedAt });
        logger.error('not_brought_back', { key, eventId: known?.eventId, error: describeError(error) });
      }
    };

    // The paginator changes its input: each run needs a new one.
    const listing = { Bucket: bucket, Prefix: OBJECT_PREFIX.fallback };
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, listing)) {
      const page = Contents.map(({ Key = '', LastModified }) => ({ key: Key, storedAt: LastModified?.getTime() ?? 0 }));
      while (page.length > 0 && context.getRemainingTimeInMillis() > RESERVE_MS) {
        await Promise.all(page.splice(0, AT_A_TIME).map(bringBack));
      }
      left.push(...page);
      if (page.length > 0) break;
    }
    report(broughtBack, left);
  };
}

/** Logs what the run did, unless nothing was stored. */
function report(broughtBack: number, left: readonly Listed[]): void {
  const oldest = left.reduce((age, { storedAt }) => Math.max(age, (Date.now() - storedAt) / 1_000), 0);
  record({ [METRIC.fallbackAge]: Math.round(oldest) }, {});
  if (broughtBack > 0 || left.length > 0) logger.info('fallback', { broughtBack, left: left.length });
}

/**
 * The message in an object.
 *
 * @throws Error for an object that no verifier has stored
 */
function readMessage(key: string, content: string): QueueMessage {
  const { text, groupId } = parseStored(content);
  const { provider, family, eventId, traceHeader } = parseMessage(text);
  const known = readStoredKey(key);
  // A verifier may write only under its own provider's prefix, so it cannot forge deliveries of another provider.
  if (known?.provider !== provider || known.family !== family || known.eventId !== eventId) {
    throw new Error('The key of the object does not fit its message.');
  }
  return { family, text, groupId, traceHeader };
}

/** Which queues seem to be down, so that thousands of messages do not wait for each of their timeouts. */
class QueueStates {
  readonly #failures = new Map<Family, number>();

  isDown(family: Family): boolean {
    return (this.#failures.get(family) ?? 0) >= TRIES_OF_A_QUEUE;
  }

  /** Runs an operation on a queue. An error that concerns only the message does not count against the queue. */
  async watch(family: Family, send: () => Promise<void>): Promise<void> {
    try {
      await send();
      this.#failures.set(family, 0);
    } catch (error) {
      if (!isAboutMessage(error)) this.#failures.set(family, (this.#failures.get(family) ?? 0) + 1);
      throw error;
    }
  }
}

/** SQS's errors for a message that it will never accept: characters, size, attributes. */
const MESSAGE_ERRORS: ReadonlySet<string> = new Set([
  'InvalidMessageContents',
  'InvalidParameterValueException',
  'InvalidParameterValue',
]);

const isAboutMessage = (error: unknown): boolean => error instanceof Error && MESSAGE_ERRORS.has(error.name);
