/** Messages of dead-letter queues, read: deliveries of a family's queue, events of the republish rule's. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Message } from '@aws-sdk/client-sqs';
import { getObject } from '../../../lambdas/platform/object-store';
import type { ClientConfig } from '../../deployment';
import type { DeadLetterQueue } from './queues';

/** A message of a dead-letter queue as a person looks at it. */
export interface MessageSummary {
  /** Id of the meeting event that it is, or becomes. */
  readonly eventId: string;
  /** The name that the provider gave. */
  readonly providerEvent: string;
  /** When the provider's request came: UTC, ISO 8601. */
  readonly receivedTime: string;
  /** How often it has been received. */
  readonly receives: number;
  /** Why EventBridge did not deliver it; of an event only. */
  readonly error?: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

/** Where a reader asks for what is not there. */
const UNREADABLE = '(unreadable)';
const NO_OBJECT = '(not readable: its object is gone, or s3:GetObject is not allowed)';

/** What of a message a person looks at. What cannot be read still has a line of its own. */
export function summaryOf(message: Message, { sourceUrl }: DeadLetterQueue): MessageSummary {
  const content = parse(message.Body);
  const receives = Number(message.Attributes?.ApproximateReceiveCount ?? 0);
  if (sourceUrl !== undefined) {
    const { eventId, providerEvent, receivedTime } = content;
    return { ...lineOf(eventId, providerEvent, receivedTime), receives };
  }
  const { id, providerevent, receivedtime } = members(content.detail);
  const error = message.MessageAttributes?.ERROR_CODE?.StringValue;
  return { ...lineOf(id, providerevent, receivedtime), receives, error };
}

const lineOf = (id: unknown, event: unknown, time: unknown) => ({
  eventId: textOf(id, UNREADABLE),
  providerEvent: textOf(event),
  receivedTime: textOf(time),
});

/** The provider's body of a message, credentials and links masked; a text where it is no JSON. */
export async function readBody(message: Message, queue: DeadLetterQueue, clientConfig: ClientConfig): Promise<unknown> {
  const content = parse(message.Body);
  if (queue.sourceUrl === undefined) return masked(content.detail);
  const bytes = await readBytes(members(content.body), clientConfig);
  if (typeof bytes === 'string') return bytes;
  const json = parse(bytes.toString('utf8'));
  return Object.keys(json).length > 0 ? masked(json) : `${bytes.length} bytes that are not a JSON object`;
}

/** The bytes, which the message holds or an object in the bucket does; a text that says why where they are in neither. */
async function readBytes({ base64, bucket, key }: Members, clientConfig: ClientConfig): Promise<Buffer | string> {
  if (typeof base64 === 'string') return Buffer.from(base64, 'base64');
  if (typeof bucket !== 'string' || typeof key !== 'string') return UNREADABLE;
  const client = new S3Client(clientConfig);
  try {
    return await getObject(client, { bucket, key });
  } catch (error) {
    // The other messages are still to be shown. Who may not list the bucket is not told that an object is missing.
    if (error instanceof Error && ['NoSuchKey', 'AccessDenied'].includes(error.name)) return NO_OBJECT;
    throw error;
  } finally {
    client.destroy();
  }
}

/** Names of members that are credentials. Some are so only where they are a whole name: an author is none. */
const CREDENTIAL_NAMES = [
  /token|secret|passw(or)?d|pass(code|phrase)|pwd|signature|credential|jwt|cookie|bearer|authori[sz]ation/i,
  /(stream|api|access|private|signing|encryption|shared)[_-]?key/i,
  /^(auth|pass|pin|otp)$/i,
];

/** The value with credentials left out, and with links cut after their host: whoever holds a download link has the file. */
export function masked(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value ?? null), (key, member) => {
    if (member !== null && CREDENTIAL_NAMES.some((name) => name.test(key))) return '(masked)';
    return typeof member === 'string'
      ? member.replace(/\b([a-z][a-z0-9+.-]*:\/\/)(?:[^\s/@]*@)?([^\s/?#]+)[^\s]*/gi, '$1$2/(masked)')
      : member;
  });
}

const parse = (text = ''): Members => {
  try {
    return members(JSON.parse(text));
  } catch {
    return {};
  }
};

/** The members of an object; none of what is no object. */
const members = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});

const textOf = (value: unknown, otherwise = ''): string => (typeof value === 'string' ? value : otherwise);
