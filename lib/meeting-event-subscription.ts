/** A subscription to meeting events, for other teams. */
import { Duration, Names, Stack, Token, TokenComparison, Validations } from 'aws-cdk-lib';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import type * as sns from 'aws-cdk-lib/aws-sns';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ConfigurationError } from './configuration';
import { newDeadLetterQueue } from './dead-letter-queue';
import type { IMeetbus } from './meetbus';
import { addAlarms } from './subscription/alarms';
import { checkPatternLength, type MeetingEventFilter, patternOf, type SubscribableType } from './subscription/pattern';
import { allowSending, checkKey, type Subscriber, type SubscriptionTarget } from './subscription/target';

/** Longest name of the rule: `meetbus replay` appends `-replay-<id>`, and a rule's name has at most 64 characters. */
const MAX_RULE_NAME_LENGTH = 40;

/** How long EventBridge retries if the target fails or throttles. */
export interface SubscriptionRetry {
  /** From one minute to 24 hours. @default 24 hours */
  readonly maxEventAge?: Duration;
  /** From 0 to 185. @default 185 */
  readonly attempts?: number;
}

/** Props of {@link MeetingEventSubscription}. */
export interface MeetingEventSubscriptionProps {
  /** A Meetbus, or your own bus that receives meeting events. */
  readonly meetbus: IMeetbus | events.IEventBus;
  /** Types of events, at least one. */
  readonly types: readonly SubscribableType[];
  /** Filters, all of which must match. @default every event of the types */
  readonly where?: MeetingEventFilter;
  /**
   * Whether to receive stale status events: a newer status of the same subject was known when they were published. The
   * newer event usually arrived before them; after an outage of EventBridge it can also follow. @default 'include'
   */
  readonly stale?: 'include' | 'leave-out';
  /** A raw event pattern of `detail`, for conditions that `where` does not support; it must match too. @default none */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly target: SubscriptionTarget;
  /** Not for an event bus as target, which has EventBridge's default. @default 185 attempts within 24 hours */
  readonly retry?: SubscriptionRetry;
  /**
   * Receives events that could not be delivered; a standard queue. @default a queue that keeps events for 14 days and
   * is retained
   */
  readonly deadLetterQueue?: sqs.IQueue;
  /** Receives the alarms. @default the alarms have no action */
  readonly alarmTopic?: sns.ITopic;
}

/**
 * Delivers meeting events to a target: a rule with its permissions, retry policy, dead-letter queue and alarms.
 *
 * @example
 * ```ts
 * new MeetingEventSubscription(this, 'Recordings', {
 *   meetbus: Meetbus.fromName(this, 'Meetbus', 'Meetbus'),
 *   types: ['recording.ready'],
 *   target: SubscriptionTarget.queue(queue),
 * });
 * ```
 */
export class MeetingEventSubscription extends Construct {
  readonly rule: events.Rule;
  /** At most 40 characters, unique in its account and region. */
  readonly ruleName: string;
  /** Events that could not be delivered to the target. */
  readonly deadLetterQueue: sqs.IQueue;
  readonly alarms: readonly cloudwatch.Alarm[];
  /** Role with which EventBridge delivers, if it needs one: to a bus, a state machine, or another account. */
  readonly deliveryRoleName: string | undefined;

  /** @throws ConfigurationError with one line that names the invalid prop */
  constructor(scope: Construct, id: string, props: MeetingEventSubscriptionProps) {
    super(scope, id);
    const bus = busFor(props);
    checkIsHere(this, bus, 'meetbus: a rule must be in the account and region of its bus');
    const eventPattern = patternOf(props, 'sharedBus' in props.meetbus ? props.meetbus.providerNames : undefined);
    this.ruleName = Names.uniqueResourceName(this, {
      maxLength: MAX_RULE_NAME_LENGTH,
      separator: '-',
      allowedSpecialCharacters: '-',
    });
    const subscriber: Subscriber = { scope: this, ruleArns: ruleArns(this, bus, this.ruleName) };
    this.deadLetterQueue = props.deadLetterQueue ?? ownDeadLetterQueue(this);
    this.checkDeadLetterQueue();
    allowSending(this.deadLetterQueue, subscriber);
    // Roles have no region, rules do: with the region, one stack in two regions has two roles.
    const roleName = `${this.ruleName}-${Stack.of(this).region}`;
    const target = props.target.bind(subscriber, roleName);
    this.deliveryRoleName = target.role && roleName;
    this.rule = new events.Rule(this, 'Rule', {
      ruleName: this.ruleName,
      eventBus: bus,
      eventPattern,
      description: `Meeting events for ${this.node.path}.`,
      targets: [
        {
          bind: () => ({
            ...target,
            deadLetterConfig: { arn: this.deadLetterQueue.queueArn },
            ...retryPolicyOf(props),
          }),
        },
      ],
    });
    checkPatternLength(this.rule);
    this.permitBeforeRule();
    this.alarms = addAlarms(this, {
      ruleName: this.ruleName,
      busName: bus.eventBusName,
      deadLetterQueue: this.deadLetterQueue,
      topic: props.alarmTopic,
    });
  }

  /** EventBridge does not retry if it lacks a permission: so all of these resources are created before the rule. */
  private permitBeforeRule(): void {
    this.rule.node.addDependency(...this.node.children.filter((child) => child !== this.rule));
  }

  private checkDeadLetterQueue(): void {
    const queue = this.deadLetterQueue;
    if (queue.fifo)
      throw new ConfigurationError('deadLetterQueue: EventBridge takes a standard queue, not a FIFO one.');
    checkKey('deadLetterQueue', queue);
    checkIsHere(this, queue, 'deadLetterQueue: must be in the account and region of the rule');
  }
}

/**
 * EventBridge forwards an event from bus to bus only once, and the rule to the shared bus uses that up. So the rule for
 * a bus target is on the intake bus. A subscription lists its types, and cannot list `event.unrecognized`.
 */
function busFor({ meetbus, target }: MeetingEventSubscriptionProps): events.IEventBus {
  if ('sharedBus' in meetbus) return target.isEventBus ? meetbus.intakeBus : meetbus.sharedBus;
  if (!target.isEventBus) return meetbus;
  throw new ConfigurationError(
    'target: events on this bus came from another bus, and EventBridge passes an event from bus to bus only once. Subscribe the target bus in the account of Meetbus instead.',
  );
}

function checkIsHere(scope: Construct, { env }: Pick<events.IEventBus, 'env'>, rule: string): void {
  const { account, region } = Stack.of(scope);
  for (const [there, here] of [
    [env.account, account],
    [env.region, region],
  ] as const) {
    if (Token.compareStrings(there, here) !== TokenComparison.DIFFERENT) continue;
    throw new ConfigurationError(
      `${rule}, ${there}, and this stack is in ${here}. Put the subscription into a stack there.`,
    );
  }
}

/** Built from names, so that the stack of a target need not depend on that of the rule or of the bus. */
function ruleArns(scope: Construct, bus: events.IEventBus, ruleName: string): string[] {
  const { defaultChild } = bus.node;
  const eventBusName = defaultChild instanceof events.CfnEventBus ? defaultChild.name : bus.eventBusName;
  const resourceName = eventBusName === 'default' ? ruleName : `${eventBusName}/${ruleName}`;
  const arn = Stack.of(scope).formatArn({ service: 'events', resource: 'rule', resourceName });
  return [arn, `${arn}-replay-*`];
}

function retryPolicyOf({ target, retry }: MeetingEventSubscriptionProps): Pick<events.RuleTargetConfig, 'retryPolicy'> {
  if (target.isEventBus) {
    if (retry === undefined) return {};
    // According to CDK's reference, such a target has no retry policy; the API reference does not say so. Avoid the
    // risk of a failed deployment.
    throw new ConfigurationError('retry: is not for an event bus. There EventBridge tries 185 times within 24 hours.');
  }
  const { maxEventAge = Duration.hours(24), attempts = 185 } = retry ?? {};
  const seconds = maxEventAge.toSeconds();
  if (seconds < 60 || seconds > 86_400) {
    throw new ConfigurationError(`retry.maxEventAge: must be from 1 minute to 24 hours, not ${seconds} seconds.`);
  }
  if (!Number.isInteger(attempts) || attempts < 0 || attempts > 185) {
    throw new ConfigurationError(`retry.attempts: must be from 0 to 185, not ${attempts}.`);
  }
  return { retryPolicy: { maximumEventAgeInSeconds: seconds, maximumRetryAttempts: attempts } };
}

function ownDeadLetterQueue(scope: Construct): sqs.Queue {
  const queue = newDeadLetterQueue(scope, 'DeadLetterQueue');
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'The queue is the dead-letter queue of an EventBridge rule, which the check does not see.',
  });
  return queue;
}
