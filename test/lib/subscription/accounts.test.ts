/** Subscriptions that end in another account, or in another stack: the policies on both sides. */
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  allowMeetingEvents,
  MeetbusStack,
  MeetingEventBus,
  MeetingEventSubscription,
  SubscriptionTarget,
} from 'meetbus';
import { resourcesOf } from '../../support/template';
import { functionIn, MEETBUS, meetbusIn, newApp, queueIn, type Rule, region, subscribe, TEAM } from './fixture';

describe('across accounts', () => {
  const app = newApp();
  const sender = new Stack(app, 'Subscriptions', { env: { account: MEETBUS, region } });
  const receiver = new Stack(app, 'Team', { env: { account: TEAM, region } });
  const meetbus = meetbusIn(sender);
  const types = ['recording.ready'] as const;

  const subscribeFrom = (id: string, target: SubscriptionTarget) =>
    new MeetingEventSubscription(sender, id, { meetbus, types, target });
  /** The rule of a subscription in the template of the sender. */
  const sent = ({ ruleName }: MeetingEventSubscription) => {
    const template = Template.fromStack(sender);
    const rules = resourcesOf(template, 'AWS::Events::Rule').map(([, { Properties }]) => Properties as never as Rule);
    return { template, rule: rules.find(({ Name }) => Name === ruleName)! };
  };

  const roleArnOf = ({ deliveryRoleName }: MeetingEventSubscription) => ({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${MEETBUS}:role/${deliveryRoleName}`]],
  });

  const queueArn = `arn:aws:sqs:${region}:${TEAM}:recordings`;
  const functionArn = `arn:aws:lambda:${region}:${TEAM}:function:recordings`;
  const busArn = `arn:aws:events:${region}:${TEAM}:event-bus/meeting-events`;
  const keyArn = `arn:aws:kms:${region}:${TEAM}:key/c2d1a0f9-4b3c-4e5d-a6f7-8091a2b3c4d5`;
  const toQueue = subscribeFrom(
    'ToQueue',
    SubscriptionTarget.queue(sqs.Queue.fromQueueAttributes(sender, 'Queue', { queueArn, keyArn })),
  );
  const toFunction = subscribeFrom(
    'ToFunction',
    SubscriptionTarget.lambda(lambda.Function.fromFunctionArn(sender, 'Function', functionArn)),
  );
  const toBus = subscribeFrom(
    'ToBus',
    SubscriptionTarget.eventBus(events.EventBus.fromEventBusArn(sender, 'Bus', busArn)),
  );

  const teamQueue = new sqs.Queue(receiver, 'Queue', {
    queueName: 'recordings',
    encryptionMasterKey: new kms.Key(receiver, 'Key'),
  });
  const teamFunction = functionIn(receiver);
  const teamBus = new MeetingEventBus(receiver, 'Bus', { from: MEETBUS, eventBusName: 'meeting-events' });
  allowMeetingEvents(teamQueue, { account: MEETBUS, roleName: toQueue.deliveryRoleName! });
  allowMeetingEvents(teamFunction, { account: MEETBUS, roleName: toFunction.deliveryRoleName! });
  new MeetingEventSubscription(receiver, 'Recordings', {
    meetbus: teamBus,
    types,
    target: SubscriptionTarget.queue(teamQueue),
  });

  it.each([
    ['queue', toQueue, queueArn, { 'sqs:SendMessage': queueArn, 'kms:Decrypt,kms:GenerateDataKey': keyArn }, 'shared'],
    ['function', toFunction, functionArn, { 'lambda:InvokeFunction': functionArn }, 'shared'],
    ['bus', toBus, busArn, { 'events:PutEvents': busArn }, 'intake'],
  ])('a role of the sender may reach the %s, and it alone', (_kind, subscription, arn, allowed, bus) => {
    const { template, rule } = sent(subscription);
    const { Arn, RoleArn } = rule.Targets[0] as { Arn: string; RoleArn: { 'Fn::GetAtt': [string] } };
    expect({ Arn, EventBusName: rule.EventBusName }).toEqual({ Arn: arn, EventBusName: `Meetbus-${bus}` });
    const [roleId] = RoleArn['Fn::GetAtt'];
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: subscription.deliveryRoleName,
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })] },
    });
    expect(subscription.deliveryRoleName).toMatch(/^[\w.-]{1,64}$/);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: roleId }],
      PolicyDocument: {
        Statement: Object.entries(allowed).map(([actions, Resource]) => ({
          Effect: 'Allow',
          Action: actions.includes(',') ? actions.split(',') : actions,
          Resource,
        })),
      },
    });
  });

  it('the queue of the receiver takes from that role', () => {
    Template.fromStack(receiver).hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${MEETBUS}:root`]] } },
            Condition: { ArnEquals: { 'aws:PrincipalArn': roleArnOf(toQueue) } },
          }),
        ]),
      },
    });
  });

  it('the key of the queue of the receiver lets that role in', () => {
    Template.fromStack(receiver).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
            Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${MEETBUS}:root`]] } },
            Resource: '*',
            Condition: { ArnEquals: { 'aws:PrincipalArn': roleArnOf(toQueue) } },
          }),
        ]),
      },
    });
  });

  it('roles of the same name in two accounts may invoke one function', () => {
    const stack = new Stack(newApp(), 'Team');
    const handler = functionIn(stack);
    for (const account of [MEETBUS, '333333333333']) allowMeetingEvents(handler, { account, roleName: 'to-team' });
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::Permission', 2);
  });

  it('the function of the receiver takes from that role', () => {
    Template.fromStack(receiver).hasResourceProperties('AWS::Lambda::Permission', {
      Action: 'lambda:InvokeFunction',
      Principal: roleArnOf(toFunction),
    });
  });

  it('the bus of the receiver takes from the account, and its own subscriptions hang on it', () => {
    const template = Template.fromStack(receiver);
    template.hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: Match.objectLike({
        Action: 'events:PutEvents',
        Principal: { AWS: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::${MEETBUS}:root`]] } },
      }),
    });
    template.hasResourceProperties('AWS::Events::Rule', { EventBusName: { Ref: Match.stringLikeRegexp('^Bus') } });
  });
});

describe('in one account', () => {
  const appOfMeetbus = () => {
    const app = new App({ builtinCloudFormationValidation: false, context: { 'aws:cdk:bundling-stacks': [] } });
    return { app, meetbusStack: new MeetbusStack(app, 'Meetbus') };
  };

  it.each([
    ['the stack of Meetbus', (_app: App, meetbusStack: Stack) => meetbusStack],
    ['another stack', (app: App) => new Stack(app, 'Team')],
  ])('the subscription may stand in %s', (_name, stackFor) => {
    const { app, meetbusStack } = appOfMeetbus();
    const stack = stackFor(app, meetbusStack);
    const { ruleName } = subscribe(stack, SubscriptionTarget.queue(queueIn(stack)), { meetbus: meetbusStack.meetbus });
    app.synth();
    const rules = Template.fromStack(stack).findResources('AWS::Events::Rule', { Properties: { Name: ruleName } });
    expect(JSON.stringify(Object.values(rules).map(({ Properties }) => Properties.EventBusName))).toContain(
      'SharedBus',
    );
  });

  it('a queue in another stack of the app depends on nothing of the subscription', () => {
    const own = newApp();
    const queues = new Stack(own, 'Queues');
    const subscriptions = new Stack(own, 'Subscriptions');
    subscribe(subscriptions, SubscriptionTarget.queue(queueIn(queues)));
    own.synth();
    expect(subscriptions.dependencies).toEqual([queues]);
  });

  const RULES_OF_SHARED_BUS = /:rule\/Meetbus-shared\/Meetbus-Recordings-/;

  it.each<[string, string, (stack: Stack) => SubscriptionTarget]>([
    ['queue', 'AWS::SQS::QueuePolicy', (stack) => SubscriptionTarget.queue(queueIn(stack))],
    [
      'log group',
      'AWS::Logs::ResourcePolicy',
      (stack) => SubscriptionTarget.logGroup(new logs.LogGroup(stack, 'Lines')),
    ],
  ])('a %s in another stack may be the target of a subscription in the stack of Meetbus', (_kind, policy, targetIn) => {
    const { app, meetbusStack } = appOfMeetbus();
    const teamStack = new Stack(app, 'Team');
    subscribe(meetbusStack, targetIn(teamStack), { meetbus: meetbusStack.meetbus });
    app.synth();
    expect(teamStack.dependencies).toEqual([]);
    expect(JSON.stringify(Template.fromStack(teamStack).findResources(policy))).toMatch(RULES_OF_SHARED_BUS);
  });

  it('permissions name the rule on a bus that CDK names', () => {
    const own = newApp();
    const [busStack, queueStack] = [new Stack(own, 'Bus'), new Stack(own, 'Queues')];
    const bus = new MeetingEventBus(busStack, 'MeetingEvents', { from: MEETBUS });
    subscribe(busStack, SubscriptionTarget.queue(queueIn(queueStack)), { meetbus: bus });
    const [[, { Properties }]] = resourcesOf(Template.fromStack(busStack), 'AWS::Events::EventBus') as [
      [string, { Properties: { Name: string } }],
    ];
    expect(JSON.stringify(Template.fromStack(queueStack).findResources('AWS::SQS::QueuePolicy'))).toContain(
      `:rule/${Properties.Name}/Bus-Recordings-`,
    );
  });

  it.each<[string, string, (stack: Stack) => SubscriptionTarget]>([
    [
      'state machine',
      'AWS::IAM::Policy',
      (stack) => {
        const arn = `arn:aws:states:${region}:${TEAM}:stateMachine:far`;
        return SubscriptionTarget.stateMachine(sfn.StateMachine.fromStateMachineArn(stack, 'Far', arn));
      },
    ],
    [
      'log group',
      'AWS::Logs::ResourcePolicy',
      (stack) => {
        const arn = `arn:aws:logs:${region}:${TEAM}:log-group:far`;
        return SubscriptionTarget.logGroup(logs.LogGroup.fromLogGroupArn(stack, 'Far', arn));
      },
    ],
  ])('a %s may be given by its ARN in a stack that names no account', (_kind, permission, targetIn) => {
    const stack = new Stack(newApp(), 'Team');
    const { deliveryRoleName } = subscribe(stack, targetIn(stack));
    const template = Template.fromStack(stack);
    expect(resourcesOf(template, permission)).not.toHaveLength(0);
    template.resourceCountIs('AWS::IAM::Role', deliveryRoleName === undefined ? 0 : 1);
    expect(deliveryRoleName === undefined).toBe(permission !== 'AWS::IAM::Policy');
  });
});
