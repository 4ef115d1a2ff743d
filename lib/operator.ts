/** The role with which an operator's commands write to queues and to the shared bus. */
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { EventBuses } from './event-buses';
import type { FamilyLane } from './family-lane';

/**
 * The permissions that SQS requires to move messages out of a dead-letter queue, besides `sqs:SendMessage` on the
 * destination.
 */
const MOVING_ACTIONS = [
  'sqs:StartMessageMoveTask',
  'sqs:ReceiveMessage',
  'sqs:DeleteMessage',
  'sqs:GetQueueAttributes',
];

interface OperatorProps {
  readonly lanes: readonly FamilyLane[];
  readonly buses: EventBuses;
}

/**
 * A role that may send messages to the queues of the families, and events to the shared bus. The account's
 * administrators decide who may assume it, with `sts:AssumeRole`.
 */
export class Operator extends Construct {
  readonly role: iam.Role;

  constructor(scope: Construct, id: string, { lanes, buses }: OperatorProps) {
    super(scope, id);
    this.role = new iam.Role(this, 'Role', {
      assumedBy: new iam.AccountRootPrincipal(),
      description: 'Brings messages back to the queues of Meetbus, and events to its shared bus.',
    });
    for (const { queueWriters } of lanes) queueWriters.grant(this.role);
    buses.sharedWriters.grant(this.role);
    iam.Grant.addToPrincipal({
      grantee: this.role,
      actions: MOVING_ACTIONS,
      resourceArns: lanes.map(({ deadLetterQueue }) => deadLetterQueue.queueArn),
    });
  }
}
