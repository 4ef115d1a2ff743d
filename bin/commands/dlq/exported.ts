/** Reads every message of dead-letter queues for a file, as `meetbus dlq export` and the console do. */
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { maskedText } from '../../masked';
import { summaryOf } from './messages';
import { readAll } from './peek';
import type { DeadLetterQueue } from './queues';
import { heldNote } from './report';

/** How the messages are read. */
interface Exporting {
  readonly sqs: SQSClient;
  readonly queues: readonly DeadLetterQueue[];
  /** With credentials and links, which else are masked. */
  readonly isWhole: boolean;
  /** Stops after the current messages. */
  readonly signal: AbortSignal;
  /** Called with each message as a line of JSON, with its line end. */
  readonly onLine: (line: string) => Promise<unknown>;
}

/** How it ended. */
interface Exported {
  readonly count: number;
  /** Why messages are missing; empty if none is. */
  readonly notes: readonly string[];
}

/** Reads the messages, and leaves them in their queues. */
export async function exportMessages({ sqs, queues, isWhole, signal, onLine }: Exporting): Promise<Exported> {
  const notes: string[] = [];
  let count = 0;
  for (const queue of queues) {
    const onMessage = async (message: Message) => {
      await onLine(`${JSON.stringify(lineOf(message, queue, isWhole))}\n`);
      count += 1;
      return false;
    };
    const held = await readAll({ sqs, queueUrl: queue.url, signal, onMessage });
    if (held > 0) notes.push(heldNote(queue.name, held));
  }
  return { count, notes };
}

/** An exported message: its known properties, and the whole SQS message. */
const lineOf = (message: Message, queue: DeadLetterQueue, isWhole: boolean) => ({
  queue: queue.name,
  ...summaryOf(message, queue),
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(
      ([name, { DataType: type, StringValue: value, BinaryValue }]) => [
        name,
        { type, value: value ?? Buffer.from(BinaryValue ?? []).toString('base64') },
      ],
    ),
  ),
  body: isWhole ? message.Body : maskedText(message.Body ?? ''),
});
