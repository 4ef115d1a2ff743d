/** Parses messages of dead-letter queues: deliveries of a family, or events of the rule `republish`. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Message } from '@aws-sdk/client-sqs';
import type { ObjectLocation } from '../../../lambdas/platform/object-store';
import { parseMessage } from '../../../lambdas/publish/message';
import type { ClientConfig } from '../../deployment';
import { masked, maskedText, textOf } from '../../masked';
import { getObjectIfThere } from '../../stored-object';
import type { DeadLetterQueue } from './queues';
import { isEvent } from './republish';

/** A message of a dead-letter queue, for a person. */
export interface MessageSummary {
  /** SQS's id of the message. */
  readonly messageId: string;
  /** Id of the meeting event that it is, or becomes; empty if unknown. */
  readonly eventId: string;
  /** The provider event name; empty if unknown. */
  readonly providerEvent: string;
  /** When the provider's request arrived: UTC, ISO 8601; empty if unknown. */
  readonly receivedTime: string;
  /** When it was sent to its queue: UTC, ISO 8601. */
  readonly sentTime: string;
  /** How often it has been received. */
  readonly receives: number;
  /** Why EventBridge did not deliver it; only for an event. */
  readonly error?: string | undefined;
  /** Why it always fails; absent if it can succeed. */
  readonly wrong?: string | undefined;
}

type Members = Readonly<Record<string, unknown>>;

const NO_OBJECT = '(not readable: its object is gone, or s3:GetObject is not allowed)';

/** The parts of a message that a person sees. */
export function summaryOf(message: Message, queue: DeadLetterQueue): MessageSummary {
  const content = members(parse(message.Body));
  const { ApproximateReceiveCount: receives = '0', SentTimestamp = '' } = message.Attributes ?? {};
  const isDelivery = queue.sourceUrl !== undefined;
  const { id, providerevent, receivedtime } = members(content.detail);
  const [eventId, event, time] = isDelivery
    ? [content.eventId, content.providerEvent, content.receivedTime]
    : [id, providerevent, receivedtime];
  const { ERROR_CODE: code, ERROR_MESSAGE: said } = message.MessageAttributes ?? {};
  const error = [code?.StringValue, said?.StringValue].filter((text) => text !== undefined).join(': ');
  const wrong = whatIsWrong(message, queue);
  return {
    messageId: message.MessageId ?? '',
    eventId: text(eventId),
    providerEvent: text(event),
    receivedTime: text(time),
    sentTime: SentTimestamp && new Date(Number(SentTimestamp)).toISOString(),
    receives: Number(receives),
    ...(!isDelivery && error !== '' && { error }),
    ...(wrong !== undefined && { wrong }),
  };
}

/** Why a message can never become an event; undefined if it can. */
export function whatIsWrong(message: Message, { sourceUrl }: DeadLetterQueue): string | undefined {
  if (sourceUrl === undefined) return isEvent(message) ? undefined : 'It is no event.';
  try {
    parseMessage(message.Body ?? '');
    return undefined;
  } catch (error) {
    // A parse error quotes the text.
    return error instanceof SyntaxError ? 'It is not JSON.' : (error as Error).message;
  }
}

/** The content of a message with masked credentials and links: the provider's body, or any other text. */
export async function readBody(message: Message, queue: DeadLetterQueue, clientConfig: ClientConfig): Promise<unknown> {
  const content = parse(message.Body);
  if (content === undefined) return maskedText(message.Body ?? '');
  const { body, detail } = members(content);
  if (queue.sourceUrl === undefined) return masked(detail ?? content);
  const { base64, bucket, key } = members(body);
  if (typeof base64 === 'string') return bodyIn(Buffer.from(base64, 'base64'));
  if (typeof bucket !== 'string' || typeof key !== 'string') return masked(content);
  const bytes = await readObject({ bucket, key }, clientConfig);
  return bytes === undefined ? NO_OBJECT : bodyIn(bytes);
}

function bodyIn(bytes: Buffer): unknown {
  const body = textOf(bytes);
  const json = parse(body);
  return json === undefined ? maskedText(body) : masked(json);
}

/** An object of the bucket; undefined if it is unavailable, so that the other messages are still shown. */
async function readObject(location: ObjectLocation, config: ClientConfig): Promise<Buffer | undefined> {
  const client = new S3Client(config);
  try {
    return await getObjectIfThere(client, location);
  } finally {
    client.destroy();
  }
}

/** The value of a JSON text; undefined for any other. */
function parse(json = ''): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The members of an object; none for any other value. */
const members = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {});

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
