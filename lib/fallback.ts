/** Sends stored deliveries from the bucket to their queues. */

import { FAMILIES, type Family } from '@meetbus/events';
import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { queueUrlVariable } from '../lambdas/platform/environment';
import { OBJECT_PREFIX } from '../lambdas/platform/object-store';
import type { Configuration } from './configuration';
import type { FamilyLane } from './family-lane';
import { MeetbusFunction } from './meetbus-function';
import type { Storage } from './storage';

const EVERY = Duration.minutes(1);

/** A run usually ends before the next begins; two at the same time do no harm. */
const TIMEOUT = Duration.seconds(50);

interface FallbackProps {
  readonly storage: Storage;
  readonly lanes: Readonly<Record<Family, FamilyLane>>;
  readonly configuration: Configuration;
}

/** The function that sends them, and its schedule. */
export class Fallback extends Construct {
  readonly function: MeetbusFunction;

  constructor(scope: Construct, id: string, { storage, lanes, configuration }: FallbackProps) {
    super(scope, id);
    const queues = FAMILIES.map((family) => [queueUrlVariable(family), lanes[family].queue.queueUrl] as const);
    this.function = new MeetbusFunction(this, 'Function', {
      code: { name: 'fallback', handler: 'fallback' },
      description: 'Brings deliveries that their queue did not take from the bucket to the queue.',
      timeout: TIMEOUT,
      configuration,
      environment: { BUCKET_NAME: storage.bucket.bucketName, ...Object.fromEntries(queues) },
    });
    storage.grantBringBack(this.function, OBJECT_PREFIX.fallback);
    for (const family of FAMILIES) lanes[family].queueWriters.grant(this.function);
    new events.Rule(this, 'Schedule', {
      description: 'Runs the function that brings stored deliveries back.',
      schedule: events.Schedule.rate(EVERY),
      // The next run does the rest of a failed one.
      targets: [new targets.LambdaFunction(this.function, { retryAttempts: 0, maxEventAge: EVERY })],
    });
  }
}
