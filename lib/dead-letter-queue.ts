/** Where messages and events end that failed too often. */
import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { KEPT } from './kept';
import { Writers } from './writers';

interface DeadLetterQueueOptions {
  /** ARNs of the principals that alone may send to it, beside AWS itself. @default everybody who has the permission */
  readonly trusted?: readonly string[];
  /** Which queues may have it as their dead-letter queue. @default all */
  readonly redriveAllowPolicy?: sqs.RedriveAllowPolicy;
}

/** SQS's highest limit for a message, 1 MiB. Queues that rely on the default have what it was when they were made. */
export const MAX_QUEUE_MESSAGE_BYTES = 1_048_576;

/** A dead-letter queue that keeps what it has for the 14 days that are SQS's longest, and stays when its stack goes. */
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
