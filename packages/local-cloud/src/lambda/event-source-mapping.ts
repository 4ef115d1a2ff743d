import { setTimeout as delay } from 'node:timers/promises';
import { LOCAL_REGION } from '../service';
import type { MappingConfiguration } from './configuration';
import { type InvokeResult, MAX_REQUEST_BYTES } from './result';
import { Semaphore } from './semaphore';

/** A message attribute as the SQS API spells it; binary values in base64. */
export interface QueueMessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

/** A received message. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** System attributes, such as `ApproximateReceiveCount`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, QueueMessageAttribute>>;
}

/** What an event source mapping needs of a queue. */
export interface EventSourceQueue {
  readonly arn: string;
  /**
   * Takes up to `maxMessages` messages (10 at most), and waits up to `waitSeconds` for the first one. They stay
   * invisible to others until they are deleted or the queue's visibility timeout passes.
   */
  receive(options: {
    readonly maxMessages: number;
    readonly waitSeconds: number;
    /** Ends the wait; what has been taken by then is returned. */
    readonly signal: AbortSignal;
  }): Promise<readonly QueueMessage[]>;
  delete(receiptHandle: string): void | Promise<void>;
}

/** Settings of {@link startEventSourceMapping}. */
export interface EventSourceMappingOptions {
  readonly configuration: MappingConfiguration;
  readonly queue: EventSourceQueue;
  readonly invoke: (event: { readonly Records: readonly { readonly body: string }[] }) => Promise<InvokeResult>;
  /** Called for a batch whose messages all return to the queue: the function failed, or its failure list is not valid. */
  readonly onError?: (message: string) => void;
}

/** A mapping that polls. */
export interface EventSourceMapping {
  /** Takes no more messages, and resolves when the invocations in flight have ended. */
  stop(): Promise<void>;
}

/** Invocations at one time without `MaximumConcurrency`; Lambda starts with five pollers as well. */
const DEFAULT_CONCURRENCY = 5;

/** SQS gives at most ten messages a call, and waits at most twenty seconds. */
const MAX_MESSAGES_A_CALL = 10;
const LONG_POLL_SECONDS = 20;

/** Pause after a queue that failed, so that a broken one does not keep the processor busy. */
const RETRY_DELAY_MS = 1_000;

/** Room for what an event adds to a record: the queue's ARN, a comma, and its share of `{"Records":[]}`. */
const RECORD_OVERHEAD_BYTES = 256;

/** Polls a queue and invokes the function with what it finds, as Lambda's event source mapping for SQS. */
export function startEventSourceMapping(options: EventSourceMappingOptions): EventSourceMapping {
  const stopping = new AbortController();
  const places = new Semaphore(options.configuration.maximumConcurrency ?? DEFAULT_CONCURRENCY);
  const inFlight = new Set<Promise<void>>();

  const poll = async () => {
    while (!stopping.signal.aborted) {
      // First a free environment: a message that cannot be handled yet stays visible in the queue.
      await places.acquire();
      const messages = await gatherBatch(options, stopping.signal);
      const work = processMessages(options, messages).finally(() => {
        places.release();
        inFlight.delete(work);
      });
      inFlight.add(work);
    }
  };
  const polling = poll();

  return {
    stop: async () => {
      stopping.abort();
      await polling;
      await Promise.all(inFlight);
    },
  };
}

/** Receives until the batch is full, the batching window has passed, or the mapping stops. */
async function gatherBatch(options: EventSourceMappingOptions, signal: AbortSignal): Promise<QueueMessage[]> {
  const { queue, configuration, onError } = options;
  const batch: QueueMessage[] = [];
  let windowEnd = Number.POSITIVE_INFINITY;
  while (batch.length < configuration.batchSize && Date.now() < windowEnd && !signal.aborted) {
    const secondsLeft = Math.ceil((windowEnd - Date.now()) / 1000);
    const maxMessages = Math.min(MAX_MESSAGES_A_CALL, configuration.batchSize - batch.length);
    try {
      batch.push(
        ...(await queue.receive({ maxMessages, waitSeconds: Math.min(LONG_POLL_SECONDS, secondsLeft), signal })),
      );
    } catch (error) {
      onError?.(`Cannot receive from ${queue.arn}: ${(error as Error).message}`);
      await delay(RETRY_DELAY_MS, undefined, { signal }).catch(() => {});
    }
    if (batch.length > 0 && windowEnd === Number.POSITIVE_INFINITY) {
      windowEnd = Date.now() + configuration.maximumBatchingWindowSeconds * 1000;
    }
  }
  return batch;
}

async function processMessages(options: EventSourceMappingOptions, messages: readonly QueueMessage[]): Promise<void> {
  for (const batch of splitBySize(messages, MAX_REQUEST_BYTES)) await processBatch(options, batch);
}

async function processBatch(options: EventSourceMappingOptions, batch: readonly QueueMessage[]): Promise<void> {
  const { queue, configuration, invoke, onError } = options;
  const comeBack = `${batch.length} messages of ${queue.arn} come back after the visibility timeout`;
  const result = await invoke({ Records: batch.map((message) => toRecord(message, queue.arn)) });
  if (!result.ok) {
    onError?.(`${configuration.functionName} failed (${result.errorType}: ${result.errorMessage}); ${comeBack}.`);
    return;
  }
  const failed = configuration.reportBatchItemFailures ? failedMessageIds(result.payload, batch) : new Set<string>();
  if (failed === undefined) {
    onError?.(`${configuration.functionName} answered with batchItemFailures that name no message; ${comeBack}.`);
    return;
  }
  const done = batch.filter(({ messageId }) => !failed.has(messageId));
  const deletions = await Promise.allSettled(done.map(async ({ receiptHandle }) => queue.delete(receiptHandle)));
  for (const deletion of deletions) {
    if (deletion.status === 'rejected') onError?.(`Cannot delete from ${queue.arn}: ${deletion.reason}`);
  }
}

/**
 * Message ids that the function reports as failed; an empty or missing list means that all went well.
 *
 * @returns undefined when an identifier names no message of the batch: then Lambda takes the whole batch as failed
 */
function failedMessageIds(payload: unknown, batch: readonly QueueMessage[]): ReadonlySet<string> | undefined {
  if (payload === null || payload === undefined) return new Set();
  const { batchItemFailures } = payload as { batchItemFailures?: unknown };
  if (batchItemFailures === null || batchItemFailures === undefined) return new Set();
  if (!Array.isArray(batchItemFailures)) return undefined;
  const ids = batchItemFailures.map((item: { itemIdentifier?: unknown } | null) => item?.itemIdentifier);
  const known = new Set<unknown>(batch.map(({ messageId }) => messageId));
  return ids.every((id): id is string => known.has(id)) ? new Set(ids) : undefined;
}

function toRecord(message: QueueMessage, queueArn: string) {
  const { messageId, receiptHandle, body, attributes, messageAttributes, md5OfBody } = message;
  return {
    messageId,
    receiptHandle,
    body,
    attributes,
    messageAttributes: Object.fromEntries(
      Object.entries(messageAttributes).map(([name, attribute]) => [name, toEventAttribute(attribute)]),
    ),
    md5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: LOCAL_REGION,
  };
}

/** An SQS event spells message attributes in its own way. */
function toEventAttribute({ DataType, StringValue, BinaryValue }: QueueMessageAttribute) {
  return {
    ...(StringValue !== undefined && { stringValue: StringValue }),
    ...(BinaryValue !== undefined && { binaryValue: BinaryValue }),
    stringListValues: [],
    binaryListValues: [],
    dataType: DataType,
  };
}

/** Cuts a batch so that each part, as a Lambda event, stays within the limit: ten messages of 1 MiB would not. */
function splitBySize(messages: readonly QueueMessage[], limit: number): QueueMessage[][] {
  const parts: QueueMessage[][] = [];
  // Full from the start, so that the first message opens a part.
  let size = limit;
  for (const message of messages) {
    const bytes = Buffer.byteLength(JSON.stringify(toRecord(message, ''))) + RECORD_OVERHEAD_BYTES;
    if (size + bytes > limit) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(message);
    size += bytes;
  }
  return parts;
}
