/**
 * Brings messages of a dead-letter queue back: first sent, then deleted. Whatever happens between the two, a message is
 * in one of the queues, and one that is in both is published once, because the consumers are idempotent.
 */
import {
  DeleteMessageBatchCommand,
  type Message,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Pace } from '../../pace';
import { giveBack, receiveBatch } from './peek';

/** Sends messages on; tells which of them were taken. */
export type Sink = (messages: readonly Message[]) => Promise<readonly Message[]>;

/** A redrive. */
export interface Redrive {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Where the messages go; undefined for a dry run, which leaves them where they are. */
  readonly sink: Sink | undefined;
  readonly isWanted: (message: Message) => boolean;
  readonly pace: Pace;
  /** Ends it after the messages that are on their way. */
  readonly signal: AbortSignal;
  /** Told of messages that have been looked at: how many more. */
  readonly onSeen: (count: number) => void;
  /** Messages that the queue had at the start, about. */
  readonly depth: number;
  /** So many messages held at a time may be all that SQS hands out. @default {@link MOST_HELD} */
  readonly mostHeld?: number;
}

/** What a redrive has done. */
export interface Redriven {
  /** Messages looked at. */
  readonly seen: number;
  /** Of these, those that were wanted. */
  readonly wanted: number;
  /** Of these, those that were sent and deleted. */
  readonly moved: number;
  /** There where SQS handed out no more because so many were held, so that not all messages were met. */
  readonly isCutShort?: true;
}

/**
 * SQS lets about 120,000 messages of a queue be held at a time, and answers a long poll for more with nothing, as if there
 * were none (SQS Developer Guide, "Amazon SQS standard queue quotas").
 */
const MOST_HELD = 100_000;

/** Seconds for which the messages that stay are hidden, so that each is met once: longer than a queue takes to read. */
const HIDDEN_SECONDS = 15 * 60;

/** Loops that receive, send and delete at the same time. */
const LANES = 4;

/** SQS takes no more in one call. */
const MAX_CALL_BYTES = 1_048_576;

/** Reads a dead-letter queue to its end, and brings what is wanted back. */
export async function redrive(options: Redrive): Promise<Redriven> {
  const { sqs, queueUrl, signal, depth, mostHeld = MOST_HELD } = options;
  const done = { seen: 0, wanted: 0, moved: 0 };
  const staying: Message[] = [];
  let isCutShort = false;
  const movedBodies = new Set<string | undefined>();
  const lane = async () => {
    while (!signal.aborted) {
      const received = await receiveBatch(sqs, queueUrl, { hiddenSeconds: HIDDEN_SECONDS });
      if (received.length === 0) return;
      // Held from the start: whatever fails now, it is given back.
      staying.push(...received);
      // One that has failed again meanwhile stays: its cause is not mended, and it would go round for ever.
      const wanted = received.filter(({ MD5OfBody }) => !movedBodies.has(MD5OfBody)).filter(options.isWanted);
      const moved = new Set(options.sink ? await move(options, options.sink, wanted) : []);
      for (const message of moved) {
        staying.splice(staying.indexOf(message), 1);
        movedBodies.add(message.MD5OfBody);
      }
      done.seen += received.length;
      done.wanted += wanted.length;
      done.moved += moved.size;
      options.onSeen(received.length);
    }
  };
  try {
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
    const failed = lanes.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
    isCutShort = !signal.aborted && staying.length >= mostHeld && done.seen < 0.99 * depth;
  } finally {
    await giveBack(sqs, queueUrl, staying);
  }
  return { ...done, ...(isCutShort && { isCutShort }) };
}

/** Sends, then deletes. What was not sent, and what was not deleted, stays. */
async function move({ sqs, queueUrl, pace, signal }: Redrive, sink: Sink, wanted: readonly Message[]) {
  if (wanted.length === 0) return [];
  await pace(wanted.length, signal);
  if (signal.aborted) return [];
  const sent = await sink(wanted);
  if (sent.length === 0) return [];
  const Entries = sent.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Failed = [] } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
  const kept = new Set(Failed.map(({ Id }) => Number(Id)));
  return sent.filter((_, index) => !kept.has(index));
}

/** Sends to a queue, each message with its fair-queue group, trace and attributes. */
export const queueSink =
  (sqs: SQSClient, queueUrl: string): Sink =>
  async (messages) => {
    const taken: Message[] = [];
    for (const call of callsOf(messages)) {
      const Entries = call.map(entryOf);
      const { Successful = [] } = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
      const ids = new Set(Successful.map(({ Id }) => Number(Id)));
      taken.push(...call.filter((_, index) => ids.has(index)));
    }
    return taken;
  };

function entryOf({ Body, Attributes = {}, MessageAttributes }: Message, index: number): SendMessageBatchRequestEntry {
  const { MessageGroupId, AWSTraceHeader } = Attributes;
  return {
    Id: String(index),
    MessageBody: Body,
    ...(MessageAttributes && { MessageAttributes }),
    ...(MessageGroupId && { MessageGroupId }),
    ...(AWSTraceHeader && {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: AWSTraceHeader } },
    }),
  };
}

/** Splits messages into calls that SQS takes. A message counts with its attributes, which are few and short. */
function callsOf(messages: readonly Message[]): Message[][] {
  const calls: Message[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const message of messages) {
    const size = Buffer.byteLength(message.Body ?? '') + JSON.stringify(message.MessageAttributes ?? {}).length;
    if (bytes + size > MAX_CALL_BYTES) {
      calls.push([]);
      bytes = 0;
    }
    calls.at(-1)?.push(message);
    bytes += size;
  }
  return calls;
}
