/** Finds one message in dead-letter queues, and deletes it, as `meetbus dlq delete` and the console do. */
import { DeleteMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { UsageError } from '../../usage';
import { type MessageSummary, summaryOf } from './messages';
import { giveBack, readAll } from './peek';
import type { DeadLetterQueue } from './queues';
import { heldNote } from './report';

/** A message of a queue. */
export interface Taken {
  readonly queue: DeadLetterQueue;
  readonly summary: MessageSummary;
}

/** How one message is taken out. */
interface TakingOut {
  readonly sqs: SQSClient;
  /** The queues to search. */
  readonly queues: readonly DeadLetterQueue[];
  /** The id of the message, or its first characters. */
  readonly id: string;
  /** Stops the search. */
  readonly signal: AbortSignal;
  /** Called for messages that cannot be looked at. */
  readonly onHeld: (note: string) => void;
  /** Whether to delete the message that was found. */
  readonly isSure: (found: Taken) => Promise<boolean>;
}

/** A message that was found, and is in flight. */
interface Found {
  readonly queue: DeadLetterQueue;
  readonly message: Message;
}

/**
 * Deletes a message for good.
 *
 * @throws UsageError if several messages have such an id, or if the person is not sure
 * @throws Error if none has it
 */
export async function takeOut(options: TakingOut): Promise<Taken> {
  const { sqs, id, isSure } = options;
  const found = await find(options);
  try {
    const [one, other] = found;
    if (!one) throw new Error(`No dead-letter queue holds a message ${id} that can be looked at.`);
    if (other) throw new UsageError(`${id} begins the ids of ${found.length} messages. Say more of it.`);
    const taken = { queue: one.queue, summary: summaryOf(one.message, one.queue) };
    if (!(await isSure(taken))) throw new UsageError('Nothing was deleted.');
    await sqs.send(new DeleteMessageCommand({ QueueUrl: one.queue.url, ReceiptHandle: one.message.ReceiptHandle }));
    found.pop();
    return taken;
  } finally {
    for (const { queue, message } of found) await giveBack(sqs, queue.url, [message]);
  }
}

/** The messages with that id; they are in flight. */
async function find({ sqs, queues, id, signal, onHeld }: TakingOut): Promise<Found[]> {
  const found: Found[] = [];
  const search = async (queue: DeadLetterQueue) => {
    const onMessage = (message: Message) => {
      const isIt = message.MessageId?.startsWith(id) === true;
      if (isIt) found.push({ queue, message });
      return isIt;
    };
    const held = await readAll({ sqs, queueUrl: queue.url, signal, onMessage });
    if (held > 0) onHeld(heldNote(queue.name, held));
  };
  await Promise.all(queues.map(search));
  return found;
}

/** What is lost with a message, in a sentence. */
export const lossOf = ({ sourceUrl }: DeadLetterQueue): string =>
  sourceUrl === undefined
    ? 'Subscribers never get it; the archive of the intake bus has it until it expires (setting archiveDays).'
    : 'It was never published: it is on no bus and in no archive, and its provider does not send it again.';
