/** What may be chosen about a subscription, and what is refused in one line. */
import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import { allowMeetingEvents, Meetbus, MeetingEventBus, MeetingEventSubscription, SubscriptionTarget } from 'meetbus';
import {
  functionIn,
  MEETBUS,
  meetbusIn,
  newApp,
  queueIn,
  region,
  ruleOf,
  subscribe,
  TARGETS,
  TEAM,
  team,
} from './fixture';

/** Encrypted with the AWS managed key, whose policy lets no service in. */
const awsKeyQueueIn = (stack: Stack) => new sqs.Queue(stack, 'AwsKey', { encryption: sqs.QueueEncryption.KMS_MANAGED });

const KEY_ARN = `arn:aws:kms:${region}:${TEAM}:key/c2d1a0f9-4b3c-4e5d-a6f7-8091a2b3c4d5`;

/** What synth warns of. */
const warningsIn = (stack: Stack) =>
  stack.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === 'aws:cdk:warning'))
    .map(({ data }) => data);

describe('options', () => {
  it.each<[string, (stack: Stack) => sqs.IQueue]>([
    ['makes a queue fair', (stack) => queueIn(stack)],
    [
      'makes a FIFO queue possible',
      (stack) => new sqs.Queue(stack, 'Fifo', { fifo: true, contentBasedDeduplication: true }),
    ],
    [
      'makes an imported FIFO queue possible',
      (stack) => sqs.Queue.fromQueueArn(stack, 'Fifo', `arn:aws:sqs:${region}:${TEAM}:theirs.fifo`),
    ],
  ])('a message group %s', (_name, queueFor) => {
    const stack = team();
    subscribe(stack, SubscriptionTarget.queue(queueFor(stack), { messageGroupId: 'recordings' }));
    expect(ruleOf(stack).Targets[0]).toMatchObject({ SqsParameters: { MessageGroupId: 'recordings' } });
  });

  it('a retry policy, a dead-letter queue and a topic of the own', () => {
    const stack = team();
    const deadLetterQueue = new sqs.Queue(stack, 'Own');
    subscribe(stack, SubscriptionTarget.queue(queueIn(stack)), {
      retry: { maxEventAge: Duration.minutes(5), attempts: 0 },
      deadLetterQueue,
      alarmTopic: new sns.Topic(stack, 'Alarms'),
    });
    expect(ruleOf(stack).Targets[0]).toMatchObject({
      RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 0 },
      DeadLetterConfig: { Arn: stack.resolve(deadLetterQueue.queueArn) },
    });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::SQS::Queue', 3);
    template.allResourcesProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    });
  });

  it('an imported queue keeps its policy, and its owner is told', () => {
    const stack = team(TEAM);
    subscribe(
      stack,
      SubscriptionTarget.queue(sqs.Queue.fromQueueArn(stack, 'Theirs', `arn:aws:sqs:${region}:${TEAM}:theirs`)),
    );
    expect(warningsIn(stack)).toEqual([expect.stringContaining('The queue theirs is imported')]);
  });

  it.each<[string, (stack: Stack) => kms.IKey]>([
    ['an imported key', (stack) => kms.Key.fromKeyArn(stack, 'Key', KEY_ARN)],
    ['a key by its alias', (stack) => kms.Alias.fromAliasName(stack, 'Key', 'alias/theirs')],
  ])('%s keeps its policy, and its owner is told, of a dead-letter queue too', (_name, keyIn) => {
    const stack = team(TEAM);
    const encryptionMasterKey = keyIn(stack);
    const deadLetterQueue = new sqs.Queue(stack, 'Own', { encryptionMasterKey });
    subscribe(stack, SubscriptionTarget.queue(queueIn(stack, { encryptionMasterKey })), { deadLetterQueue });
    expect(warningsIn(stack)).toEqual([
      expect.stringMatching(/^The key of the queue .* must allow kms:Decrypt and kms:GenerateDataKey/),
      expect.stringMatching(/^The key of the queue .* must allow kms:Decrypt and kms:GenerateDataKey/),
    ]);
  });

  it('names are short enough for the rule of a replay, and different for two subscriptions', () => {
    const stack = new Stack(newApp(), 'TheStackOfATeamWithAnExtraordinarilyLongName');
    const target = SubscriptionTarget.queue(queueIn(stack));
    const meetbus = meetbusIn(stack);
    const ids = ['RecordingsThatAreReadyToBeFetchedByUsA', 'RecordingsThatAreReadyToBeFetchedByUsB'];
    const names = ids.map(
      (id) => new MeetingEventSubscription(stack, id, { meetbus, types: ['recording.ready'], target }).ruleName,
    );
    expect(new Set(names).size).toBe(2);
    for (const name of names) expect(name).toMatch(/^[\w.-]{1,40}$/);
  });
});

describe('refuses', () => {
  it.each<[string, RegExp, (stack: Stack) => unknown]>([
    [
      'a FIFO queue without a message group',
      /^target: a FIFO queue needs/,
      (stack) => SubscriptionTarget.queue(new sqs.Queue(stack, 'Fifo', { fifo: true })),
    ],
    [
      'a FIFO queue without content-based deduplication',
      /^target: a FIFO queue needs contentBasedDeduplication/,
      (stack) =>
        SubscriptionTarget.queue(new sqs.Queue(stack, 'Fifo', { fifo: true }), { messageGroupId: 'recordings' }),
    ],
    [
      'a queue with the key of AWS',
      /^target: .* SQS_MANAGED or a key of your own/,
      (stack) => SubscriptionTarget.queue(awsKeyQueueIn(stack)),
    ],
    [
      'a queue with the key of AWS by its alias',
      /^target: .* SQS_MANAGED or a key of your own/,
      (stack) => {
        const encryptionMasterKey = kms.Alias.fromAliasName(stack, 'Key', 'alias/aws/sqs');
        SubscriptionTarget.queue(queueIn(stack, { encryptionMasterKey }));
      },
    ],
    [
      'the ARN of a role for its name',
      /^roleName: must be the name of a role, without its ARN/,
      (stack) => allowMeetingEvents(queueIn(stack), { account: MEETBUS, roleName: `arn:aws:iam::${MEETBUS}:role/r` }),
    ],
    [
      'a queue of another account with the key of AWS',
      /^target: .* SQS_MANAGED or a key of your own/,
      (stack) =>
        subscribe(
          stack,
          SubscriptionTarget.queue(
            awsKeyQueueIn(new Stack(stack.node.root, 'Far', { env: { account: TEAM, region } })),
          ),
        ),
    ],
    [
      'a dead-letter queue with the key of AWS',
      /^deadLetterQueue: .* SQS_MANAGED or a key of your own/,
      (stack) => subscribe(stack, TARGETS.queue!(stack), { deadLetterQueue: awsKeyQueueIn(stack) }),
    ],
    [
      'a queue with the key of AWS for the events of another account',
      /^target: .* SQS_MANAGED or a key of your own/,
      (stack) => allowMeetingEvents(awsKeyQueueIn(stack), { account: MEETBUS, roleName: 'r' }),
    ],
    [
      'an imported key for the events of another account',
      /^The key of the queue is imported/,
      (stack) => {
        const encryptionMasterKey = kms.Key.fromKeyArn(stack, 'Key', KEY_ARN);
        allowMeetingEvents(queueIn(stack, { encryptionMasterKey }), { account: MEETBUS, roleName: 'r' });
      },
    ],
    [
      'the role of a subscription whose stack names no region',
      /^roleName: .* must name its account and region/,
      (stack) => {
        const { deliveryRoleName: roleName = '' } = subscribe(
          new Stack(stack.node.root, 'Anywhere'),
          SubscriptionTarget.queue(sqs.Queue.fromQueueArn(stack, 'Far', `arn:aws:sqs:${region}:${TEAM}:far`)),
        );
        allowMeetingEvents(functionIn(stack), { account: MEETBUS, roleName });
      },
    ],
    [
      'a FIFO dead-letter queue',
      /^deadLetterQueue: .* not a FIFO/,
      (stack) =>
        subscribe(stack, TARGETS.queue!(stack), { deadLetterQueue: new sqs.Queue(stack, 'Fifo', { fifo: true }) }),
    ],
    [
      'a dead-letter queue of another account',
      /^deadLetterQueue: .*222222222222.*111111111111/,
      (stack) =>
        subscribe(stack, TARGETS.queue!(stack), {
          deadLetterQueue: sqs.Queue.fromQueueArn(stack, 'Far', `arn:aws:sqs:${region}:${TEAM}:far`),
        }),
    ],
    [
      'retries for two days',
      /^retry.maxEventAge: .* 24 hours, not 172800/,
      (stack) => subscribe(stack, TARGETS.queue!(stack), { retry: { maxEventAge: Duration.days(2) } }),
    ],
    [
      'a thousand retries',
      /^retry.attempts: .* 185, not 1000/,
      (stack) => subscribe(stack, TARGETS.queue!(stack), { retry: { attempts: 1_000 } }),
    ],
    [
      'retries for a bus',
      /^retry: is not for an event bus/,
      (stack) => subscribe(stack, TARGETS['event bus']!(stack), { retry: { attempts: 1 } }),
    ],
    [
      'a bus behind a bus',
      /^target: .* passes an event from bus to bus only once/,
      (stack) => subscribe(stack, TARGETS['event bus']!(stack), { meetbus: new events.EventBus(stack, 'Own') }),
    ],
    [
      'a Meetbus of another account',
      /^meetbus: .*222222222222.*111111111111/,
      (stack) =>
        subscribe(stack, TARGETS.queue!(stack), {
          meetbus: Meetbus.fromName(stack, 'Far', 'Meetbus', { account: TEAM }),
        }),
    ],
    [
      'a state machine of another account',
      /^target: EventBridge reaches no state machine of another account/,
      (stack) =>
        subscribe(
          stack,
          SubscriptionTarget.stateMachine(
            sfn.StateMachine.fromStateMachineArn(stack, 'Far', `arn:aws:states:${region}:${TEAM}:stateMachine:far`),
          ),
        ),
    ],
    [
      'a queue of another region',
      /^target: EventBridge reaches no queue of another region/,
      (stack) =>
        subscribe(
          stack,
          SubscriptionTarget.queue(sqs.Queue.fromQueueArn(stack, 'Far', `arn:aws:sqs:us-east-2:${TEAM}:far`)),
        ),
    ],
    [
      'a sender that is no account',
      /^from: must be the AWS account number/,
      (stack) => new MeetingEventBus(stack, 'Bus', { from: 'Meetbus' }),
    ],
    [
      'a sender of queue events that is no account',
      /^account: must be the AWS account number/,
      (stack) => allowMeetingEvents(queueIn(stack), { account: 'Meetbus', roleName: 'r' }),
    ],
  ])('%s', (_name, message, build) => {
    expect(() => build(team(MEETBUS))).toThrow(
      expect.objectContaining({ name: 'ConfigurationError', message: expect.stringMatching(message) }),
    );
  });
});
