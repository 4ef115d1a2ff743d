/** A message on its way through a queue, and the rules of AWS for what one may hold. */

import { createHash } from 'node:crypto';
import { AwsError, LOCAL_ACCOUNT } from '../service';
import { writeReceipt } from './receipt';

/** 1 MiB: the most that one message, and that all messages of one batch together, may have. */
export const MAX_MESSAGE_BYTES = 1_048_576;

const MAX_ATTRIBUTES = 10;
const MAX_GROUP_ID_CHARACTERS = 128;
const MAX_DELAY_SECONDS = 900;

/** XML 1.0's characters; SQS refuses all others, unpaired surrogates too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: tab and line ends are among the characters that AWS allows.
const ALLOWED_CONTENT = /^[\u0009\u000A\u000D\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** A message attribute as it stands in the JSON of the SQS API; binary in base64. */
export interface MessageAttribute {
  /** `String`, `Number` or `Binary`, with an optional label after a dot. */
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

/** What a sender gives. */
export interface MessageToSend {
  readonly body: string;
  readonly attributes?: MessageAttributes | undefined;
  /** Seconds, 0 to 900; the queue's own delay unless told. */
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
  const { body, attributes = {}, delaySeconds = 0, groupId = '' } = message;
  if (!body) {
    throw new AwsError('MissingRequiredParameterException', 'The request must contain the parameter MessageBody.');
  }
  if (!ALLOWED_CONTENT.test(body)) {
    throw new AwsError(
      'InvalidMessageContents',
      'Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF.',
    );
  }
  const complaints = [
    messageBytes(message) > maxBytes && `Message must be shorter than ${maxBytes + 1} bytes, attributes included`,
    Object.keys(attributes).length > MAX_ATTRIBUTES && `A message has at most ${MAX_ATTRIBUTES} attributes`,
    !(delaySeconds >= 0 && delaySeconds <= MAX_DELAY_SECONDS) && `DelaySeconds must be 0 to ${MAX_DELAY_SECONDS}`,
    groupId.length > MAX_GROUP_ID_CHARACTERS && `MessageGroupId has at most ${MAX_GROUP_ID_CHARACTERS} characters`,
    ...Object.entries(attributes).map(complaintAboutAttribute),
  ].filter((complaint) => typeof complaint === 'string');
  if (complaints.length > 0) {
    throw new AwsError(
      'InvalidParameterValueException',
      `One or more parameters are invalid. Reason: ${complaints.join('; ')}.`,
    );
  }
}

function complaintAboutAttribute([name, attribute]: [string, MessageAttribute]): string | undefined {
  if (!/^(String|Number|Binary)(\..+)?$/.test(attribute.DataType)) {
    return `The type of message attribute '${name}' must be String, Number or Binary`;
  }
  return attributeValue(attribute).length === 0 ? `Message attribute '${name}' has no value` : undefined;
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

function isBinary({ DataType }: MessageAttribute): boolean {
  return DataType.startsWith('Binary');
}

function attributeValue(attribute: MessageAttribute): Buffer {
  return isBinary(attribute)
    ? Buffer.from(attribute.BinaryValue ?? '', 'base64')
    : Buffer.from(attribute.StringValue ?? '');
}
