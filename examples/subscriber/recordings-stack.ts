/** A subscription to finished recordings, the queue that they wait in, and the function that works them off. */
import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Meetbus, MeetingEventSubscription, SubscriptionTarget } from 'meetbus';

export interface RecordingsStackProps extends StackProps {
  readonly meetbusName: string;
}

export class RecordingsStack extends Stack {
  constructor(scope: Construct, id: string, { meetbusName, ...props }: RecordingsStackProps) {
    super(scope, id, props);
    const failed = new Queue(this, 'Failed', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // Six times the function's timeout, so that no message comes back while it is being worked on.
      visibilityTimeout: Duration.seconds(60),
      deadLetterQueue: { queue: failed, maxReceiveCount: 5 },
    });

    new MeetingEventSubscription(this, 'Recordings', {
      meetbus: Meetbus.fromName(this, 'Meetbus', meetbusName),
      types: ['recording.ready'],
      stale: 'leave-out',
      target: SubscriptionTarget.queue(queue),
    });

    const worker = new NodejsFunction(this, 'Worker', {
      entry: `${__dirname}/handler.ts`,
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(10),
    });
    worker.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
  }
}
