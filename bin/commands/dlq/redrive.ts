/**
 * Redrives messages of a dead-letter queue: it sends each, then deletes it. Whatever happens in between, a message is
 * in one of the queues; a message in both is published once, because the consumers are idempotent.
 */
import {
  DeleteMessageBatchCommand,
  type Message,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Pace } from '../../../lambdas/platform/pace';
import { messageOf } from '../../errors';
import { giveBack, HIDDEN_SECONDS, receiveBatch } from './peek';
import { messagesIn } from './queues';

/** Sends messages; returns those that were accepted. */
export type Sink = (messages: readonly Message[]) => Promise<readonly Message[]>;

/** A redrive. */
export interface Redrive {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** The destination; undefined for a dry run, which moves nothing. */
  readonly sink: Sink | undefined;
  readonly isWanted: (message: Message) => boolean;
  /** False for a message that must not be sent, because it would only fail again. @default all can be sent */
  readonly isReadable?: (message: Message) => boolean;
  readonly pace: Pace;
  /** Rate limit of `pace`, in messages per second; undefined for none. */
  readonly rate?: number | undefined;
  /** Stops after the current messages. */
  readonly signal: AbortSignal;
  /** Called with the number of newly read messages. */
  readonly onSeen: (count: number) => void;
  /** Approximate number of messages at the start. */
  readonly depth: number;
  /** Number of messages in flight from which on SQS may return no more. @default {@link MOST_HELD} */
  readonly mostHeld?: number;
}

/** The result of a redrive. Each message counts once, however often it was received. */
export interface Redriven {
  /** Messages that were read. */
  readonly seen: number;
  /** Of these, those that match the filter and can be sent. */
  readonly wanted: number;
  /** Of these, those that were sent and deleted. */
  readonly moved: number;
  /** Approximate number of messages still in the dead-letter queue, including those that were not read. */
  readonly left: number;
  /** Of these, those in flight elsewhere, which could not be read; absent if there are none. */
  readonly held?: number;
  /** Ids of matching messages that were skipped because they would fail again; absent if there are none. */
  readonly unreadable?: readonly string[];
  /** Present if SQS returned no more because too many messages were in flight, so that some were not read. */
  readonly isCutShort?: true;
  /** Why it ended early. */
  readonly error?: string;
}

/**
 * SQS allows about 120,000 messages of a queue in flight; then long polling returns an empty response, as if the queue
 * were empty (SQS Developer Guide, "Amazon SQS standard queue quotas").
 */
const MOST_HELD = 100_000;

/** Loops that receive, send and delete at the same time. */
const LANES = 4;

/** SQS accepts no more in one call. */
const MAX_CALL_BYTES = 1_048_576;

/**
 * Reads a dead-letter queue to its end, and redrives the matching messages. It does not throw: the result contains what
 * was done before a failure.
 */
export async function redrive(options: Redrive): Promise<Redriven> {
  const { sqs, queueUrl, signal, depth, isReadable = () => true } = options;
  const { mostHeld = MOST_HELD, rate = Number.POSITIVE_INFINITY } = options;
  // At most one second's worth: if a message waits longer than its visibility timeout, two lanes would send it.
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
      // If the redrive takes longer than the visibility timeout, remaining messages are received again: they only stay
      // in flight.
      const fresh = received.filter(({ MessageId }) => !seen.has(MessageId));
      // In flight from the start: whatever fails now, it is made visible again.
      for (const message of received) {
        seen.add(message.MessageId);
        staying.set(message.MessageId, message);
      }
      // A message that has failed again meanwhile stays: its cause is not fixed, and it would circulate forever.
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
 * Approximate number of messages that were not read. SQS's counts may be a minute old: a message counts as missing only
 * by both the count at the start and the count at the end.
 */
async function unmetIn({ sqs, queueUrl, depth }: Redrive, seen: number, moved: number): Promise<number> {
  if (seen >= depth) return 0;
  const depthNow = await messagesIn(sqs, queueUrl).catch(() => depth - moved);
  return Math.max(0, Math.min(depth - seen, depthNow - (seen - moved)));
}

/** Sends, then deletes. Messages that were not sent or not deleted stay. */
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

/** Splits messages into calls that SQS accepts. A message counts with its attributes, which are few and short. */
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
