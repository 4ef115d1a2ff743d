/** The targets of subscriptions, and their permissions. */
import { Annotations, type IResource, Names, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import type * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../configuration';
import { LOG_WRITERS, logTarget } from '../log-target';

/** EventBridge itself. */
const EVENTBRIDGE = new iam.ServicePrincipal('events.amazonaws.com');

/** The part of a subscription that its target needs. */
export interface Subscriber {
  readonly scope: Construct;
  /** ARNs of the rule and, with a wildcard, of the temporary rules that replay to its target. */
  readonly ruleArns: readonly string[];
}

interface Definition {
  /** In words, for errors. */
  readonly kind: string;
  readonly arn: string;
  /** Has the account and region. */
  readonly resource: Pick<IResource, 'env'>;
  /** The actions of the delivery role. */
  readonly statements: readonly iam.PolicyStatement[];
  /** Allows EventBridge to deliver without a role; absent if it always needs one. */
  readonly allow?: (subscriber: Subscriber) => void;
  /** Whether EventBridge can deliver to it in another account. */
  readonly isReachedAcrossAccounts: boolean;
  readonly more?: Pick<events.RuleTargetConfig, 'sqsParameters' | 'input'>;
}

/** Options of {@link SubscriptionTarget.queue}. */
export interface QueueTargetOptions {
  /** Message group: needed for a FIFO queue; on a standard queue it makes a fair one. */
  readonly messageGroupId?: string;
}

const allowing = (actions: string[], ...resources: string[]) => new iam.PolicyStatement({ actions, resources });

/** The target of a {@link MeetingEventSubscription}. */
export class SubscriptionTarget {
  /**
   * An SQS queue; also one in another account, given by its ARN and the ARN of its key.
   *
   * @throws ConfigurationError for a queue that EventBridge cannot send to
   */
  static queue(queue: sqs.IQueue, { messageGroupId }: QueueTargetOptions = {}): SubscriptionTarget {
    checkKey('target', queue);
    if (queue.fifo) checkFifo(queue, messageGroupId);
    const key = queue.encryptionMasterKey;
    return new SubscriptionTarget({
      kind: 'queue',
      arn: queue.queueArn,
      resource: queue,
      statements: [
        allowing(['sqs:SendMessage'], queue.queueArn),
        ...(key ? [allowing(['kms:Decrypt', 'kms:GenerateDataKey'], key.keyArn)] : []),
      ],
      allow: (subscriber) => allowSending(queue, subscriber),
      isReachedAcrossAccounts: true,
      ...(messageGroupId !== undefined && { more: { sqsParameters: { messageGroupId } } }),
    });
  }

  /**
   * A Lambda function; also one in another account, given by its ARN. EventBridge invokes it asynchronously: Lambda
   * retries an error of the function itself, and then sends the event to the function's own failure destination.
   */
  static lambda(handler: lambda.IFunction): SubscriptionTarget {
    return new SubscriptionTarget({
      kind: 'function',
      arn: handler.functionArn,
      resource: handler,
      statements: [allowing(['lambda:InvokeFunction'], handler.functionArn)],
      allow: ({ scope, ruleArns }) => {
        for (const [index, sourceArn] of ruleArns.entries()) {
          new lambda.CfnPermission(scope, `Permission${index + 1}`, {
            action: 'lambda:InvokeFunction',
            functionName: handler.functionArn,
            principal: 'events.amazonaws.com',
            sourceArn,
          });
        }
      },
      isReachedAcrossAccounts: true,
    });
  }

  /** A Step Functions state machine: each event starts an execution. */
  static stateMachine(machine: sfn.IStateMachine): SubscriptionTarget {
    return new SubscriptionTarget({
      kind: 'state machine',
      arn: machine.stateMachineArn,
      resource: machine,
      statements: [allowing(['states:StartExecution'], machine.stateMachineArn)],
      isReachedAcrossAccounts: false,
    });
  }

  /**
   * Another event bus, in any account and region. Its policy must allow the account of Meetbus, see `MeetingEventBus`.
   */
  static eventBus(bus: events.IEventBus): SubscriptionTarget {
    return new SubscriptionTarget({
      kind: 'event bus',
      arn: bus.eventBusArn,
      resource: bus,
      statements: [allowing(['events:PutEvents'], bus.eventBusArn)],
      isReachedAcrossAccounts: true,
    });
  }

  /** A CloudWatch log group: a line for each event, without its data, which may hold personal data and download links. */
  static logGroup(logGroup: logs.ILogGroup): SubscriptionTarget {
    const { arn, input } = logTarget(logGroup);
    return new SubscriptionTarget({
      kind: 'log group',
      arn,
      resource: logGroup,
      statements: [],
      allow: (subscriber) => allowLogging(logGroup, subscriber),
      isReachedAcrossAccounts: false,
      more: { input },
    });
  }

  private constructor(private readonly definition: Definition) {}

  /** Whether the target is a bus: an event can be forwarded to another bus only once. */
  get isEventBus(): boolean {
    return this.definition.kind === 'event bus';
  }

  /**
   * Allows the delivery, and returns the target for the rule.
   *
   * @throws ConfigurationError for a target that EventBridge cannot reach from the account and region of the rule
   */
  bind(
    subscriber: Subscriber,
    roleName: string,
  ): Pick<events.RuleTargetConfig, 'arn' | 'role' | 'sqsParameters' | 'input'> {
    const { kind, arn, resource, statements, allow, isReachedAcrossAccounts, more } = this.definition;
    const { account, region } = Stack.of(subscriber.scope);
    const accounts = Token.compareStrings(resource.env.account, account);
    if (!isReachedAcrossAccounts && accounts === TokenComparison.DIFFERENT) {
      throw new ConfigurationError(
        `target: EventBridge reaches no ${kind} of another account. Bring the events to a bus there.`,
      );
    }
    if (!this.isEventBus && Token.compareStrings(resource.env.region, region) === TokenComparison.DIFFERENT) {
      throw new ConfigurationError(
        `target: EventBridge reaches no ${kind} of another region (${resource.env.region}). Bring the events to a bus there.`,
      );
    }
    // If the account is unknown, a role works in both cases, but a policy of ours does not.
    const isOwn = accounts === TokenComparison.SAME || accounts === TokenComparison.BOTH_UNRESOLVED;
    if (allow && (isOwn || !isReachedAcrossAccounts)) {
      allow(subscriber);
      return { arn, ...more };
    }
    const role = new iam.Role(subscriber.scope, 'DeliveryRole', {
      // A policy in the other account names the role, so its name must be known beforehand.
      roleName,
      assumedBy: EVENTBRIDGE,
      description: `Brings meeting events to the ${kind}.`,
    });
    for (const statement of statements) role.addToPolicy(statement);
    return { arn, role, ...more };
  }
}

/**
 * @throws ConfigurationError for a queue with the AWS managed key: its policy cannot be changed, and allows no service
 */
export function checkKey(name: string, { encryptionType, encryptionMasterKey }: sqs.IQueue): void {
  const isOfAws =
    encryptionType === sqs.QueueEncryption.KMS_MANAGED || encryptionMasterKey?.keyArn.endsWith('alias/aws/sqs');
  if (!isOfAws) return;
  throw new ConfigurationError(
    `${name}: EventBridge may not use the AWS managed key of a queue (KMS_MANAGED). Encrypt it with SQS_MANAGED or a key of your own.`,
  );
}

/**
 * EventBridge's API reference, at `SqsParameters`, says what a FIFO queue needs. CDK does not know this of an imported
 * queue.
 */
function checkFifo({ node: { defaultChild } }: sqs.IQueue, messageGroupId: string | undefined): void {
  if (messageGroupId === undefined) throw new ConfigurationError('target: a FIFO queue needs a messageGroupId.');
  if (!(defaultChild instanceof sqs.CfnQueue) || defaultChild.contentBasedDeduplication) return;
  throw new ConfigurationError(
    'target: a FIFO queue needs contentBasedDeduplication: EventBridge sends no deduplication id.',
  );
}

/**
 * Allows EventBridge to send to a queue for these rules. CDK cannot change the policy of an imported queue or key:
 * synth warns.
 */
export function allowSending(queue: sqs.IQueue, { scope, ruleArns }: Subscriber): void {
  const sending = new iam.PolicyStatement({
    principals: [EVENTBRIDGE],
    actions: ['sqs:SendMessage'],
    resources: [queue.queueArn],
    conditions: { ArnLike: { 'aws:SourceArn': ruleArns } },
  });
  const encrypting = new iam.PolicyStatement({
    principals: [EVENTBRIDGE],
    actions: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    // In the policy of a key, `*` is the key.
    resources: ['*'],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
  const { queueName, encryptionMasterKey: key } = queue;
  if (!queue.addToResourcePolicy(sending).statementAdded) {
    Annotations.of(scope).addWarningV2(
      'meetbus:queue-policy',
      `The queue ${queueName} is imported, so its own stack must let events.amazonaws.com send to it for the rule of this subscription.`,
    );
  }
  if (key && !key.addToResourcePolicy(encrypting).statementAdded) {
    Annotations.of(scope).addWarningV2(
      'meetbus:key-policy',
      `The key of the queue ${queueName} is imported, so its own stack must allow kms:Decrypt and kms:GenerateDataKey to events.amazonaws.com. Without that no event reaches the queue.`,
    );
  }
}

function allowLogging(logGroup: logs.ILogGroup, { ruleArns }: Subscriber): void {
  const resources = [logGroup.logGroupArn];
  logsPolicyOf(logGroup).document.addStatements(
    new iam.PolicyStatement({ principals: LOG_WRITERS, actions: ['logs:CreateLogStream'], resources }),
    new iam.PolicyStatement({
      principals: LOG_WRITERS,
      actions: ['logs:PutLogEvents'],
      resources,
      conditions: { ArnLike: { 'aws:SourceArn': ruleArns } },
    }),
  );
}

/**
 * One policy for each log group, however many subscriptions use it: an account can have ten in a region. All stacks
 * share one list, so the name begins with the name of the stack; CDK's own begins with that of the construct, which two
 * stacks may share.
 */
function logsPolicyOf(logGroup: logs.ILogGroup): logs.ResourcePolicy {
  const id = 'MeetingEventsPolicy';
  const existing = logGroup.node.tryFindChild(id);
  if (existing instanceof logs.ResourcePolicy) return existing;
  const name = Names.uniqueResourceName(logGroup, { separator: '-', allowedSpecialCharacters: '-' });
  return new logs.ResourcePolicy(logGroup, id, { resourcePolicyName: `${name}-meeting-events` });
}
