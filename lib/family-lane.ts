/** The lane of one family: queue, consumer and dead-letter queue. */

import type { Family } from '@meetbus/events';
import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { OBJECT_PREFIX } from '../lambdas/platform/object-store';
import type { Provider } from '../providers/provider';
import type { Configuration } from './configuration';
import { MAX_QUEUE_MESSAGE_BYTES, newDeadLetterQueue } from './dead-letter-queue';
import type { EventBuses } from './event-buses';
import { KEPT } from './kept';
import { MAX_RECEIVE_COUNT } from './max-receive-count';
import { MeetbusFunction } from './meetbus-function';
import type { Storage } from './storage';
import { Writers } from './writers';

const CONSUMER_TIMEOUT = Duration.seconds(30);

/** AWS recommends six times the function's timeout, so that no message becomes visible while it is being processed. */
const VISIBILITY_TIMEOUT = Duration.seconds(6 * CONSUMER_TIMEOUT.toSeconds());

/** The actions that Lambda needs to poll a queue. CDK's own event source grants two more, which nothing uses. */
const POLLING_ACTIONS = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

interface FamilyLaneProps {
  readonly family: Family;
  readonly storage: Storage;
  readonly buses: EventBuses;
  readonly configuration: Configuration;
  /** Those whose events it publishes. */
  readonly providers: readonly Provider[];
}

/** The path of one family from its queue to the intake bus. */
export class FamilyLane extends Construct {
  readonly queue: sqs.Queue;
  readonly deadLetterQueue: sqs.Queue;
  readonly consumer: MeetbusFunction;
  /** Who may send to the queue. */
  readonly queueWriters: Writers;

  constructor(scope: Construct, id: string, { family, storage, buses, configuration, providers }: FamilyLaneProps) {
    super(scope, id);
    const { trustedPrincipals: trusted } = configuration;
    this.deadLetterQueue = newDeadLetterQueue(this, 'DeadLetterQueue', { trusted });
    this.queue = new sqs.Queue(this, 'Queue', {
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      maxMessageSizeBytes: MAX_QUEUE_MESSAGE_BYTES,
      visibilityTimeout: VISIBILITY_TIMEOUT,
      // A message that moves to the dead-letter queue keeps its age, so it must not be old when it gets there.
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVE_COUNT },
      removalPolicy: KEPT,
    });
    const { queueArn: resourceArn } = this.queue;
    this.queueWriters = new Writers({ action: 'sqs:SendMessage', resourceArn, trusted });
    this.queue.addToResourcePolicy(this.queueWriters.denial);
    this.consumer = new MeetbusFunction(this, 'Consumer', {
      // One asset for all families.
      code: { name: 'consumer', handler: 'consumer', providers },
      description: `Publishes meeting events of the ${family} family.`,
      timeout: CONSUMER_TIMEOUT,
      configuration,
      environment: {
        FAMILY: family,
        TABLE_NAME: storage.table.tableName,
        BUCKET_NAME: storage.bucket.bucketName,
        INTAKE_BUS_NAME: buses.intake.eventBusName,
        ARCHIVE_DAYS: String(configuration.archiveDays),
      },
    });
    const polling = this.queue.grant(this.consumer, ...POLLING_ACTIONS);
    const mapping = this.consumer.addEventSourceMapping('QueueMapping', {
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency: configuration.consumerConcurrency,
    });
    polling.applyBefore(mapping);
    storage.grantIdempotency(this.consumer);
    storage.grantGet(this.consumer, OBJECT_PREFIX.deliveries);
    // In any family, a body may not match its event name.
    storage.grantPut(this.consumer, OBJECT_PREFIX.unrecognized);
    if (family !== 'unrecognized') storage.grantPut(this.consumer, OBJECT_PREFIX.raw);
    buses.intakeWriters.grant(this.consumer);
  }
}
