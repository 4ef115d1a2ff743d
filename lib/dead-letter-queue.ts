/** Where messages and events end that failed too often. */
import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { KEPT } from './kept';

/** A dead-letter queue that keeps what it has for the 14 days that are SQS's longest, and stays when its stack goes. */
export const newDeadLetterQueue = (scope: Construct, id: string): sqs.Queue =>
  new sqs.Queue(scope, id, {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
    removalPolicy: KEPT,
  });
