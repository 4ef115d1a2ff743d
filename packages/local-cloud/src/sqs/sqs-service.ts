/** The SQS API on the queues of the local cloud, in AWS's JSON protocol. */

import { AwsError, type AwsService, type CallContext, type Operation } from '../service';
import { inBatch } from './batch';
import { type MessageToSend, md5, md5OfAttributes, messageBytes, type ReceivedMessage } from './message';
import type { MessageAttributes } from './message-attributes';
import { moveTaskOperations } from './move-task-operations';
import { required, within } from './parameters';
import type { Queue } from './queue';
import { checkNames, QUEUE_ATTRIBUTE_NAMES, type QueueAttributes } from './queue-attributes';
import { type Queues, queueUrl } from './queues';

/** Members of SendMessage and of an entry of SendMessageBatch. */
interface SendInput {
  readonly MessageBody: string;
  readonly DelaySeconds?: number;
  readonly MessageAttributes?: MessageAttributes;
  readonly MessageSystemAttributes?: MessageAttributes;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

interface ReceiveInput {
  readonly MaxNumberOfMessages?: number;
  readonly WaitTimeSeconds?: number;
  readonly VisibilityTimeout?: number;
  readonly AttributeNames?: readonly string[];
  readonly MessageSystemAttributeNames?: readonly string[];
  readonly MessageAttributeNames?: readonly string[];
}

const MAX_VISIBILITY_SECONDS = 12 * 60 * 60;
const MAX_LISTED_QUEUES = 1_000;

/** What a receiver may ask for beside the body. */
const SYSTEM_ATTRIBUTE_NAMES: readonly string[] = [
  'All',
  'SenderId',
  'SentTimestamp',
  'ApproximateReceiveCount',
  'ApproximateFirstReceiveTimestamp',
  'SequenceNumber',
  'MessageDeduplicationId',
  'MessageGroupId',
  'AWSTraceHeader',
  'DeadLetterQueueSourceArn',
];

/** @param endpointUrl where clients reach the local cloud, such as `http://127.0.0.1:4566`; queue URLs begin with it */
export function createSqsService(queues: Queues, endpointUrl: string): AwsService {
  /** For the operations on one queue, which all name it by its URL. */
  const onQueue =
    <Input>(run: (queue: Queue, input: Input, call: CallContext) => object | Promise<object>): Operation =>
    (input, call) =>
      run(find(queues.byUrl(required(input, 'QueueUrl'))), input, call);
  const urlOf = ({ name }: Queue) => queueUrl(endpointUrl, name);

  return {
    targetPrefix: 'AmazonSQS',
    client: () => import('@aws-sdk/client-sqs'),
    missing: 'MissingRequiredParameterException',
    operations: {
      CreateQueue: (input) => ({ QueueUrl: urlOf(queues.create(required(input, 'QueueName'), input.Attributes)) }),
      GetQueueUrl: (input) => ({ QueueUrl: urlOf(find(queues.byName(required(input, 'QueueName')))) }),
      ListQueues: (input) => listQueues(queues.list(), urlOf, input),
      ListDeadLetterSourceQueues: onQueue((queue) => ({ queueUrls: queues.sourcesOf(queue).map(urlOf) })),
      DeleteQueue: onQueue((queue) => {
        queues.delete(queue.name);
        return {};
      }),
      PurgeQueue: onQueue((queue) => {
        queue.purge();
        return {};
      }),
      GetQueueAttributes: onQueue((queue, { AttributeNames = [] }: { AttributeNames?: string[] }) => {
        checkNames(AttributeNames, QUEUE_ATTRIBUTE_NAMES);
        return { Attributes: select(attributesOf(queue), AttributeNames) };
      }),
      SetQueueAttributes: onQueue((queue, input: { Attributes: QueueAttributes }) => {
        queues.setAttributes(queue, required(input, 'Attributes'));
        return {};
      }),
      ...messageOperations(onQueue),
      ...moveTaskOperations(queues),
    },
  };
}

type OnQueue = <Input>(run: (queue: Queue, input: Input, call: CallContext) => object | Promise<object>) => Operation;

function messageOperations(onQueue: OnQueue): AwsService['operations'] {
  return {
    SendMessage: onQueue((queue, input: SendInput, call) => send(queue, input, call)),
    SendMessageBatch: onQueue((queue, input: { Entries: (SendInput & { Id: string })[] }, call) =>
      inBatch(
        input.Entries,
        (entry) => send(queue, entry, call),
        (entry) => messageBytes(messageOf(entry, call)),
      ),
    ),
    ReceiveMessage: onQueue(receive),
    DeleteMessage: onQueue(deleteMessage),
    DeleteMessageBatch: onQueue((queue, input: { Entries: { Id: string }[] }) =>
      inBatch(input.Entries, (entry) => deleteMessage(queue, entry)),
    ),
    ChangeMessageVisibility: onQueue(changeVisibility),
    ChangeMessageVisibilityBatch: onQueue((queue, input: { Entries: { Id: string }[] }) =>
      inBatch(input.Entries, (entry) => changeVisibility(queue, entry)),
    ),
  };
}

function send(queue: Queue, input: SendInput, call: CallContext): object {
  checkForStandardQueue(input);
  return {
    MessageId: queue.send(messageOf(input, call)),
    MD5OfMessageBody: md5(input.MessageBody),
    MD5OfMessageAttributes: md5OfAttributes(input.MessageAttributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(input.MessageSystemAttributes),
  };
}

function messageOf(input: SendInput, call: CallContext): MessageToSend {
  return {
    body: required(input, 'MessageBody'),
    attributes: input.MessageAttributes,
    delaySeconds: input.DelaySeconds,
    groupId: input.MessageGroupId,
    traceHeader: input.MessageSystemAttributes?.AWSTraceHeader?.StringValue,
    senderId: call.accessKeyId,
  };
}

/** @throws AwsError `InvalidParameterValueException` for what only a FIFO queue takes, or no queue */
function checkForStandardQueue({ MessageDeduplicationId, MessageSystemAttributes = {} }: SendInput): void {
  if (MessageDeduplicationId !== undefined) {
    throw new AwsError(
      'InvalidParameterValueException',
      'MessageDeduplicationId is not valid for this queue type: it is for FIFO queues only.',
    );
  }
  for (const [name, { DataType }] of Object.entries(MessageSystemAttributes)) {
    if (name === 'AWSTraceHeader' && DataType === 'String') continue;
    throw new AwsError(
      'InvalidParameterValueException',
      `Message system attribute ${name} of type ${DataType} is not valid: there is only AWSTraceHeader, of type String.`,
    );
  }
}

async function receive(queue: Queue, input: ReceiveInput, { signal }: CallContext): Promise<object> {
  checkNames([...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])], SYSTEM_ATTRIBUTE_NAMES);
  const messages = await queue.receive({
    maxMessages: within(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    waitSeconds: within(input, 'WaitTimeSeconds', 0, 20) ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds),
    visibilityTimeout: within(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS),
    signal,
  });
  return messages.length === 0 ? {} : { Messages: messages.map((message) => asOutput(message, input)) };
}

/** Gives of a message what the receiver asked for. */
function asOutput(message: ReceivedMessage, input: ReceiveInput): object {
  const messageAttributes = select(message.messageAttributes, input.MessageAttributeNames);
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    Body: message.body,
    MD5OfBody: message.md5OfBody,
    Attributes: select(message.attributes, input.MessageSystemAttributeNames ?? input.AttributeNames),
    MessageAttributes: messageAttributes,
    MD5OfMessageAttributes: md5OfAttributes(messageAttributes),
  };
}

function deleteMessage(queue: Queue, input: object): object {
  queue.delete(required(input, 'ReceiptHandle'));
  return {};
}

function changeVisibility(queue: Queue, input: object): object {
  const seconds = within(input, 'VisibilityTimeout', 0, MAX_VISIBILITY_SECONDS);
  queue.changeVisibility(required(input, 'ReceiptHandle'), seconds ?? required(input, 'VisibilityTimeout'));
  return {};
}

function listQueues(
  all: readonly Queue[],
  urlOf: (queue: Queue) => string,
  input: { QueueNamePrefix?: string; MaxResults?: number; NextToken?: string },
): object {
  const matching = all.filter(
    ({ name }) => name.startsWith(input.QueueNamePrefix ?? '') && name > (input.NextToken ?? ''),
  );
  const page = matching.slice(0, within(input, 'MaxResults', 1, MAX_LISTED_QUEUES) ?? MAX_LISTED_QUEUES);
  return { QueueUrls: page.map(urlOf), NextToken: page.length < matching.length ? page.at(-1)?.name : undefined };
}

function attributesOf(queue: Queue): Record<string, string> {
  const { visible, inFlight, delayed } = queue.counts();
  return {
    ...queue.attributes,
    QueueArn: queue.arn,
    CreatedTimestamp: String(Math.floor(queue.createdAt / 1_000)),
    LastModifiedTimestamp: String(Math.floor(queue.modifiedAt / 1_000)),
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

/**
 * The members that a list of names asks for: `All` and `.*` mean all, `prefix.*` those that begin so. Undefined, so
 * left out of the answer, when it asks for none that there is.
 */
function select<Value>(
  members: Readonly<Record<string, Value>>,
  names: readonly string[] = [],
): Record<string, Value> | undefined {
  const isWanted = (member: string) =>
    names.some((name) =>
      name.endsWith('.*') ? member.startsWith(name.slice(0, -2)) : name === 'All' || name === member,
    );
  const selected = Object.entries(members).filter(([member]) => isWanted(member));
  return selected.length === 0 ? undefined : Object.fromEntries(selected);
}

function find(queue: Queue | undefined): Queue {
  if (queue) return queue;
  throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist. ListQueues shows those that do.');
}
