/** The queue for messages and events that failed too often. */
import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { KEPT } from './kept';
import { Writers } from './writers';

interface DeadLetterQueueOptions {
  /**
   * ARNs of the only principals that may send to it, besides AWS itself. @default every principal with the permission
   */
  readonly trusted?: readonly string[];
  /** The queues that may use it as their dead-letter queue. @default all */
  readonly redriveAllowPolicy?: sqs.RedriveAllowPolicy;
}

/**
 * SQS's maximum message size, 1 MiB. Queues that rely on the default keep the default of the time when they were
 * created.
 */
export const MAX_QUEUE_MESSAGE_BYTES = 1_048_576;

/** A dead-letter queue that keeps messages for 14 days, SQS's maximum, and stays when its stack is deleted. */
export function newDeadLetterQueue(
  scope: Construct,
  id: string,
  { trusted, ...options }: DeadLetterQueueOptions = {},
): sqs.Queue {
  const queue = new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    maxMessageSizeBytes: MAX_QUEUE_MESSAGE_BYTES,
    retentionPeriod: Duration.days(14),
    removalPolicy: KEPT,
    ...options,
  });
  if (trusted !== undefined) {
    const { queueArn: resourceArn } = queue;
    queue.addToResourcePolicy(new Writers({ action: 'sqs:SendMessage', resourceArn, trusted }).denial);
  }
  return queue;
}
