/** Sends to the queues of the families. */
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Family } from '@meetbus/events';
import { queueUrlVariable, requiredVariable } from '../platform/environment';

/** A message for the queue of a family. */
export interface QueueMessage {
  readonly family: Family;
  /** A delivery message in JSON. */
  readonly text: string;
  /** For fair queueing. */
  readonly groupId?: string | undefined;
  readonly traceHeader?: string | undefined;
}

/**
 * Makes the function that sends to the queues of the families that the environment names.
 *
 * @param timeoutMs for each message, including retries
 */
export function createSendToQueue(client: SQSClient, timeoutMs: number) {
  return async ({ family, text, groupId, traceHeader }: QueueMessage): Promise<void> => {
    const command = new SendMessageCommand({
      QueueUrl: requiredVariable(queueUrlVariable(family)),
      MessageBody: text,
      ...(groupId !== undefined && { MessageGroupId: groupId }),
      ...(traceHeader !== undefined && {
        MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: traceHeader } },
      }),
    });
    await client.send(command, { abortSignal: AbortSignal.timeout(timeoutMs) });
  };
}
