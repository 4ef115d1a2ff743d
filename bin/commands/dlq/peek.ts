/** Reads some or all messages of a queue, and leaves them there. */
import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { messagesIn } from './queues';

/** Most messages of one call. */
const BATCH = 10;

/** Visibility timeout of a message that is read, in seconds: it becomes visible again even if the command dies. */
const PEEK_SECONDS = 30;

/** Visibility timeout in seconds while all messages are read, so that each is received once. */
export const HIDDEN_SECONDS = 15 * 60;

/**
 * Seconds to wait for a first message: long polling asks every server of the queue, so an empty response means an empty
 * queue.
 */
const WAIT_SECONDS = 1;

/** Receives up to ten messages with all attributes. */
export async function receiveBatch(
  sqs: SQSClient,
  QueueUrl: string,
  { count = BATCH, hiddenSeconds }: { readonly count?: number; readonly hiddenSeconds: number },
): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: Math.min(count, BATCH),
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: hiddenSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** Makes messages visible at once. A message whose visibility timeout has passed is visible anyway. */
export async function giveBack(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += BATCH) {
    const Entries = messages
      .slice(start, start + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** Messages that were read. */
interface Peeked {
  readonly messages: readonly Message[];
  /** Approximate number of messages that could not be read, because they are in flight elsewhere. */
  readonly held: number;
}

/** Up to that many different messages, visible again when they are returned. */
export async function peek(sqs: SQSClient, queueUrl: string, limit: number): Promise<Peeked> {
  const messages: Message[] = [];
  try {
    while (messages.length < limit) {
      const received = await receiveBatch(sqs, queueUrl, {
        count: limit - messages.length,
        hiddenSeconds: PEEK_SECONDS,
      });
      if (received.length === 0) break;
      messages.push(...received);
    }
  } finally {
    await giveBack(sqs, queueUrl, messages);
  }
  // Messages are missing only if it has reached the end of the queue.
  const depth = messages.length < limit ? await messagesIn(sqs, queueUrl) : 0;
  return { messages, held: Math.max(0, depth - messages.length) };
}

/** Options for reading all messages of a queue. */
export interface Reading {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Stops after the current messages. */
  readonly signal: AbortSignal;
  /** Called once for each message; true keeps it in flight for the caller. */
  readonly onMessage: (message: Message) => boolean | Promise<boolean>;
}

/**
 * Reads all messages of a queue, and makes them visible in the end.
 *
 * @returns the approximate number of messages that could not be read, because they are in flight elsewhere
 */
export async function readAll({ sqs, queueUrl, signal, onMessage }: Reading): Promise<number> {
  const held = new Map<string | undefined, Message>();
  const kept = new Set<string | undefined>();
  try {
    while (!signal.aborted) {
      const received = await receiveBatch(sqs, queueUrl, { hiddenSeconds: HIDDEN_SECONDS });
      if (received.length === 0) break;
      for (const message of received) {
        const isNew = !held.has(message.MessageId);
        held.set(message.MessageId, message);
        if (isNew && (await onMessage(message))) kept.add(message.MessageId);
      }
    }
  } finally {
    await giveBack(
      sqs,
      queueUrl,
      [...held.values()].filter(({ MessageId }) => !kept.has(MessageId)),
    );
  }
  return signal.aborted ? 0 : Math.max(0, (await messagesIn(sqs, queueUrl)) - held.size);
}
