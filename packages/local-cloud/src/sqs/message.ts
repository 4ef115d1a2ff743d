/** A message on its way through a queue, and the rules of AWS for what one may hold. */

import { createHash } from 'node:crypto';
import { AwsError, LOCAL_ACCOUNT } from '../service';
import {
  attributeComplaints,
  attributeValue,
  isAllowedText,
  isBinary,
  type MessageAttributes,
} from './message-attributes';
import { writeReceipt } from './receipt';

/** 1 MiB: the most that one message, and that all messages of one batch together, may have. */
export const MAX_MESSAGE_BYTES = 1_048_576;

const MAX_DELAY_SECONDS = 900;

/** 1 to 128 letters, digits and punctuation; no blank. */
const GROUP_ID = /^[!-~]{1,128}$/;

/** What a sender gives. */
export interface MessageToSend {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
  /** Seconds, 0 to 900; the default is the queue's delay. */
  readonly delaySeconds?: number | undefined;
  /** The tenant of a fair queue. */
  readonly groupId?: string | undefined;
  /** Value of the system attribute `AWSTraceHeader`. */
  readonly traceHeader?: string | undefined;
  readonly senderId?: string | undefined;
}

/** A message in a queue. Times are in milliseconds since the epoch. */
export interface Message extends MessageToSend {
  readonly id: string;
  readonly sentAt: number;
  receiveCount: number;
  firstReceivedAt: number | undefined;
  /** While hidden (delayed or in flight): when it becomes visible. */
  visibleAt: number;
  /** ARN of the queue that gave up on it. */
  deadLetterSourceArn: string | undefined;
  /** How it came into a dead-letter queue; absent in the queue that it was sent to. */
  moved?: { readonly at: number; readonly receiveCount: number };
}

/** After this many receives, SQS treats a message as one that cannot be processed. */
const POISON_RECEIVES = 3;

/**
 * What `ApproximateAgeOfOldestMessage` says of these messages of a queue, in seconds: the age of the oldest that the queue
 * has not given out three times. In a dead-letter queue it counts from the move, though retention does not. Source: SQS
 * developer guide, "Available CloudWatch metrics for Amazon SQS".
 */
export function oldestAgeSeconds(messages: readonly Message[], now: number): number {
  const arrivals = messages
    .filter(({ receiveCount, moved }) => receiveCount - (moved?.receiveCount ?? 0) < POISON_RECEIVES)
    .map(({ sentAt, moved }) => moved?.at ?? sentAt);
  return Math.floor((now - arrivals.reduce((oldest, at) => Math.min(oldest, at), now)) / 1_000);
}

/** What a receiver gets. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly md5OfBody: string;
  /** The system attributes by their AWS names, all that there are. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: MessageAttributes;
}

/** A message as a receiver of a queue gets it. */
export function asReceived(message: Message, queue: string): ReceivedMessage {
  const attributes = {
    SenderId: message.senderId || LOCAL_ACCOUNT,
    SentTimestamp: String(message.sentAt),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt),
    ...(message.groupId !== undefined && { MessageGroupId: message.groupId }),
    ...(message.traceHeader !== undefined && { AWSTraceHeader: message.traceHeader }),
    ...(message.deadLetterSourceArn !== undefined && { DeadLetterQueueSourceArn: message.deadLetterSourceArn }),
  };
  return {
    messageId: message.id,
    receiptHandle: writeReceipt({ queue, messageId: message.id, receiveCount: message.receiveCount }),
    body: message.body,
    md5OfBody: md5(message.body),
    attributes,
    messageAttributes: message.attributes ?? {},
  };
}

/** Bytes that count against the limits: body, and names, types and values of the attributes. */
export function messageBytes({ body, attributes = {} }: MessageToSend): number {
  return Object.entries(attributes).reduce(
    (bytes, [name, attribute]) =>
      bytes + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + attributeValue(attribute).length,
    Buffer.byteLength(body),
  );
}

/**
 * Holds a message against the rules of AWS.
 *
 * @param maxBytes the queue's `MaximumMessageSize`
 * @throws AwsError `InvalidMessageContents`, `InvalidParameterValueException` or `MissingRequiredParameterException`
 */
export function checkMessage(message: MessageToSend, maxBytes: number): void {
  const { body, attributes = {}, delaySeconds = 0, groupId } = message;
  if (!body) {
    throw new AwsError('MissingRequiredParameterException', 'The request must contain the parameter MessageBody.');
  }
  if (!isAllowedText(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
  const complaints = [
    messageBytes(message) > maxBytes && `Message must be shorter than ${maxBytes + 1} bytes, attributes included`,
    !(Number.isInteger(delaySeconds) && delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS) &&
      `DelaySeconds must be 0 to ${MAX_DELAY_SECONDS}`,
    groupId !== undefined &&
      !GROUP_ID.test(groupId) &&
      'MessageGroupId can only have letters, digits and punctuation, 1 to 128 of them',
    ...attributeComplaints(attributes),
  ].filter((complaint) => typeof complaint === 'string');
  if (complaints.length > 0) {
    throw new AwsError(
      'InvalidParameterValueException',
      `One or more parameters are invalid. Reason: ${complaints.join('; ')}.`,
    );
  }
}

/** MD5 in hexadecimal, which SDKs compare to find a damaged body. */
export function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}

/** MD5 of message attributes as the SQS developer guide lays it down; undefined when there are none. */
export function md5OfAttributes(attributes: MessageAttributes = {}): string | undefined {
  const names = Object.keys(attributes).sort();
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  for (const name of names) {
    const attribute = attributes[name]!;
    const transport = isBinary(attribute) ? 2 : 1;
    const parts = [Buffer.from(name), Buffer.from(attribute.DataType), attributeValue(attribute)] as const;
    hash.update(lengthPrefixed(parts[0])).update(lengthPrefixed(parts[1]));
    hash.update(Buffer.of(transport)).update(lengthPrefixed(parts[2]));
  }
  return hash.digest('hex');
}

function lengthPrefixed(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
