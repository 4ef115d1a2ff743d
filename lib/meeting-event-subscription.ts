/** What other teams use: a subscription to meeting events. */
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

/** How long EventBridge tries again when the target fails or throttles. */
export interface SubscriptionRetry {
  /** From one minute to 24 hours. @default 24 hours */
  readonly maxEventAge?: Duration;
  /** From 0 to 185. @default 185 */
  readonly attempts?: number;
}

/** Props of {@link MeetingEventSubscription}. */
export interface MeetingEventSubscriptionProps {
  /** A Meetbus, or a bus of your own that meeting events are brought to. */
  readonly meetbus: IMeetbus | events.IEventBus;
  /** Types of events, at least one. */
  readonly types: readonly SubscribableType[];
  /** Filters, all of which have to match. @default every event of the types */
  readonly where?: MeetingEventFilter;
  /**
   * What becomes of status events that were published while a newer status of the same thing was known already. That one
   * came before them as a rule; after an outage of EventBridge it may also follow. @default 'include'
   */
  readonly stale?: 'include' | 'leave-out';
  /** A raw event pattern of `detail`, for what `where` cannot say; it has to match too. @default none */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly target: SubscriptionTarget;
  /** Not for an event bus as target, which has EventBridge's own. @default 185 attempts within 24 hours */
  readonly retry?: SubscriptionRetry;
  /** Takes what the target did not; a standard queue. @default a queue that keeps events for 14 days and is retained */
  readonly deadLetterQueue?: sqs.IQueue;
  /** Is told of alarms. @default nobody is: the alarms are there, and have no action */
  readonly alarmTopic?: sns.ITopic;
}

/**
 * Brings meeting events to a target: a rule with its permissions, its retry policy, its dead-letter queue and its alarms.
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
  /** At most 40 characters, and the only one in its account and region. */
  readonly ruleName: string;
  /** Events that the target did not take. */
  readonly deadLetterQueue: sqs.IQueue;
  readonly alarms: readonly cloudwatch.Alarm[];
  /** Role in which EventBridge delivers, where it needs one: to a bus, a state machine, or another account. */
  readonly deliveryRoleName: string | undefined;

  /** @throws ConfigurationError with one line that says what cannot be */
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

  /** EventBridge does not try again what it has no permission for: whatever is made here is there before the rule. */
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
 * An event goes from bus to bus only once, and the way to the shared bus is that once: a subscription that ends at a bus
 * starts at the intake bus. It names the types that it wants, and `event.unrecognized` cannot be one of them.
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

/** Spelt out, the name of the bus too, so that the stack of a target need not depend on that of the rule or of the bus. */
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
    // CDK's reference says that such a target takes none, the API's does not: not worth a deployment that fails.
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
