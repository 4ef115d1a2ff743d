/** Subscriptions that end in another account, or in another stack: the policies on both sides. */
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sqs from 'aws-cdk-lib/aws-sqs';
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
  const toQueue = subscribeFrom('ToQueue', SubscriptionTarget.queue(sqs.Queue.fromQueueArn(sender, 'Queue', queueArn)));
  const toFunction = subscribeFrom(
    'ToFunction',
    SubscriptionTarget.lambda(lambda.Function.fromFunctionArn(sender, 'Function', functionArn)),
  );
  const toBus = subscribeFrom(
    'ToBus',
    SubscriptionTarget.eventBus(events.EventBus.fromEventBusArn(sender, 'Bus', busArn)),
  );

  const teamQueue = new sqs.Queue(receiver, 'Queue', { queueName: 'recordings' });
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
    ['queue', toQueue, queueArn, 'sqs:SendMessage', 'Meetbus-shared'],
    ['function', toFunction, functionArn, 'lambda:InvokeFunction', 'Meetbus-shared'],
    ['bus', toBus, busArn, 'events:PutEvents', 'Meetbus-intake'],
  ])('a role of the sender may reach the %s, and it alone', (_kind, subscription, arn, action, busName) => {
    const { template, rule } = sent(subscription);
    const { Arn, RoleArn } = rule.Targets[0] as { Arn: string; RoleArn: { 'Fn::GetAtt': [string] } };
    expect({ Arn, EventBusName: rule.EventBusName }).toEqual({ Arn: arn, EventBusName: busName });
    const [roleId] = RoleArn['Fn::GetAtt'];
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: subscription.deliveryRoleName,
      AssumeRolePolicyDocument: { Statement: [Match.objectLike({ Principal: { Service: 'events.amazonaws.com' } })] },
    });
    expect(subscription.deliveryRoleName).toMatch(/^[\w.-]{1,64}$/);
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: roleId }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: arn }] },
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
});
