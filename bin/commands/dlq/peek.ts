/** Looks at messages of a queue and leaves them there: at some, or at all. */
import {
  ChangeMessageVisibilityBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { messagesIn } from './queues';

/** Most messages of one call. */
const BATCH = 10;

/** Seconds for which a message that is looked at is hidden, should the command die before it gives it back. */
const PEEK_SECONDS = 30;

/** Seconds for which messages are hidden while all are looked at, so that each is met once. */
export const HIDDEN_SECONDS = 15 * 60;

/** Seconds to wait for a first message: a receive that waits asks every server of the queue, so nothing means nothing. */
const WAIT_SECONDS = 1;

/** Receives up to ten messages with all that they have. */
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

/** Gives messages back: they are visible at once. One whose time was up already is visible anyway. */
export async function giveBack(sqs: SQSClient, QueueUrl: string, messages: readonly Message[]): Promise<void> {
  for (let start = 0; start < messages.length; start += BATCH) {
    const Entries = messages
      .slice(start, start + BATCH)
      .map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle, VisibilityTimeout: 0 }));
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  }
}

/** Messages that were looked at. */
interface Peeked {
  readonly messages: readonly Message[];
  /** How many could not be looked at, because somebody else holds them; about. */
  readonly held: number;
}

/** Up to so many different messages, visible again when they are returned. */
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
  // Only where it has met the end of the queue is something missing.
  const depth = messages.length < limit ? await messagesIn(sqs, queueUrl) : 0;
  return { messages, held: Math.max(0, depth - messages.length) };
}

/** How all messages of a queue are looked at. */
export interface Reading {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Ends it after the messages that are on their way. */
  readonly signal: AbortSignal;
  /** Told of each message once; true keeps it held, for whoever goes on with it. */
  readonly onMessage: (message: Message) => boolean | Promise<boolean>;
}

/**
 * Looks at all messages of a queue, and gives them back in the end.
 *
 * @returns how many could not be looked at, because somebody else holds them; about
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
