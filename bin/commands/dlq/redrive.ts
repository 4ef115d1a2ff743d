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
import { messageOf } from '../../errors';
import type { Pace } from '../../pace';
import { giveBack, HIDDEN_SECONDS, receiveBatch } from './peek';
import { messagesIn } from './queues';

/** Sends messages on; tells which of them were taken. */
export type Sink = (messages: readonly Message[]) => Promise<readonly Message[]>;

/** A redrive. */
export interface Redrive {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Where the messages go; undefined for a dry run, which leaves them where they are. */
  readonly sink: Sink | undefined;
  readonly isWanted: (message: Message) => boolean;
  /** False for a message that is not to be sent, because it would only fail again. @default all can be read */
  readonly isReadable?: (message: Message) => boolean;
  readonly pace: Pace;
  /** Messages a second that `pace` lets go; undefined where it lets all. */
  readonly rate?: number | undefined;
  /** Ends it after the messages that are on their way. */
  readonly signal: AbortSignal;
  /** Told of messages that have been looked at: how many more. */
  readonly onSeen: (count: number) => void;
  /** Messages that the queue had at the start, about. */
  readonly depth: number;
  /** So many messages held at a time may be all that SQS hands out. @default {@link MOST_HELD} */
  readonly mostHeld?: number;
}

/** What a redrive has done. Messages are counted once, however often they were met. */
export interface Redriven {
  /** Messages looked at. */
  readonly seen: number;
  /** Of these, those that were wanted and can be sent. */
  readonly wanted: number;
  /** Of these, those that were sent and deleted. */
  readonly moved: number;
  /** Messages that are still in the dead-letter queue, about: also those that were not looked at. */
  readonly left: number;
  /** Of these, those that somebody else holds, so that they could not be looked at; where there are any. */
  readonly held?: number;
  /** Message ids of those that were wanted, but were left because they would fail again; where there are any. */
  readonly unreadable?: readonly string[];
  /** There where SQS handed out no more because so many were held, so that not all messages were met. */
  readonly isCutShort?: true;
  /** Why it ended early. */
  readonly error?: string;
}

/**
 * SQS lets about 120,000 messages of a queue be held at a time, and answers a long poll for more with nothing, as if there
 * were none (SQS Developer Guide, "Amazon SQS standard queue quotas").
 */
const MOST_HELD = 100_000;

/** Loops that receive, send and delete at the same time. */
const LANES = 4;

/** SQS takes no more in one call. */
const MAX_CALL_BYTES = 1_048_576;

/**
 * Reads a dead-letter queue to its end, and brings what is wanted back. Does not throw: what was done until something
 * failed is told as well.
 */
export async function redrive(options: Redrive): Promise<Redriven> {
  const { sqs, queueUrl, signal, depth, isReadable = () => true } = options;
  const { mostHeld = MOST_HELD, rate = Number.POSITIVE_INFINITY } = options;
  // No more than a second's worth: a message whose turn comes after its hold would be sent by two lanes.
  const batch = { count: Math.ceil(rate), hiddenSeconds: HIDDEN_SECONDS };
  const done = { wanted: 0, moved: 0 };
  const seen = new Set<string | undefined>();
  const staying = new Map<string | undefined, Message>();
  const movedBodies = new Set<string | undefined>();
  const unreadable: string[] = [];
  const lane = async () => {
    while (!signal.aborted) {
      const received = await receiveBatch(sqs, queueUrl, batch);
      if (received.length === 0) return;
      // Where it takes longer than messages are hidden, those that stay are met again: they are held anew, no more.
      const fresh = received.filter(({ MessageId }) => !seen.has(MessageId));
      // Held from the start: whatever fails now, it is given back.
      for (const message of received) {
        seen.add(message.MessageId);
        staying.set(message.MessageId, message);
      }
      // One that has failed again meanwhile stays: its cause is not mended, and it would go round for ever.
      const asked = fresh.filter(({ MD5OfBody }) => !movedBodies.has(MD5OfBody)).filter(options.isWanted);
      const wanted = asked.filter(isReadable);
      unreadable.push(...asked.filter((message) => !wanted.includes(message)).map(({ MessageId = '' }) => MessageId));
      done.wanted += wanted.length;
      options.onSeen(fresh.length);
      for (const { MessageId, MD5OfBody } of options.sink ? await move(options, options.sink, wanted) : []) {
        staying.delete(MessageId);
        movedBodies.add(MD5OfBody);
        done.moved += 1;
      }
    }
  };
  const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
  const ended = [...lanes, ...(await Promise.allSettled([giveBack(sqs, queueUrl, [...staying.values()])]))];
  const failed = ended.find((end) => end.status === 'rejected');
  const isCutShort = !failed && !signal.aborted && staying.size >= mostHeld && seen.size < 0.99 * depth;
  const unmet = await unmetIn(options, seen.size, done.moved);
  return {
    seen: seen.size,
    ...done,
    left: seen.size - done.moved + unmet,
    ...(unmet > 0 && !failed && !signal.aborted && !isCutShort && { held: unmet }),
    ...(unreadable.length > 0 && { unreadable }),
    ...(isCutShort && { isCutShort }),
    ...(failed && { error: messageOf(failed.reason) }),
  };
}

/**
 * Messages of the queue that were not looked at, about. SQS's counts may be a minute old: only what is missing by the count
 * of the start and by that of the end is missing.
 */
async function unmetIn({ sqs, queueUrl, depth }: Redrive, seen: number, moved: number): Promise<number> {
  if (seen >= depth) return 0;
  const depthNow = await messagesIn(sqs, queueUrl).catch(() => depth - moved);
  return Math.max(0, Math.min(depth - seen, depthNow - (seen - moved)));
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
