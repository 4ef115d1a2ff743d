/** Stacks of a team, with a subscription and what it may have as its target. */
import { App, Stack, type StackProps } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import {
  type IMeetbus,
  Meetbus,
  MeetingEventSubscription,
  type MeetingEventSubscriptionProps,
  SubscriptionTarget,
} from 'meetbus';
import { resourcesOf } from '../../support/template';

export const MEETBUS = '111111111111';
export const TEAM = '222222222222';
export const region = 'eu-west-1';

/** An app without CDK's validation of templates, which takes seconds; the tests with cdk-nag have it. */
export const newApp = (): App => new App({ builtinCloudFormationValidation: false });

export const team = (account?: string, props: StackProps = {}) =>
  new Stack(newApp(), 'Team', { ...(account !== undefined && { env: { account, region } }), ...props });

export const meetbusIn = (stack: Stack): IMeetbus => Meetbus.fromName(stack, 'Deployed', 'Meetbus');

export const queueIn = (stack: Stack, props: sqs.QueueProps = {}) =>
  new sqs.Queue(stack, 'Queue', {
    enforceSSL: true,
    deadLetterQueue: { queue: new sqs.Queue(stack, 'Failed', { enforceSSL: true }), maxReceiveCount: 3 },
    ...props,
  });

export const machineIn = (stack: Stack) =>
  new sfn.StateMachine(stack, 'Machine', {
    definitionBody: sfn.DefinitionBody.fromChainable(new sfn.Pass(stack, 'Pass')),
    logs: { destination: new logs.LogGroup(stack, 'MachineLogs'), level: sfn.LogLevel.ALL },
    tracingEnabled: true,
  });

export const functionIn = (stack: Stack) =>
  new lambda.Function(stack, 'Handler', {
    code: lambda.Code.fromInline('exports.handler = async () => {}'),
    handler: 'index.handler',
    runtime: lambda.Runtime.NODEJS_24_X,
  });

export const subscribe = (
  stack: Stack,
  target: SubscriptionTarget,
  props: Partial<MeetingEventSubscriptionProps> = {},
) =>
  new MeetingEventSubscription(stack, 'Recordings', {
    meetbus: meetbusIn(stack),
    types: ['recording.ready'],
    target,
    ...props,
  });

export const TARGETS: Record<string, (stack: Stack) => SubscriptionTarget> = {
  queue: (stack) => SubscriptionTarget.queue(queueIn(stack)),
  function: (stack) => SubscriptionTarget.lambda(functionIn(stack)),
  'state machine': (stack) => SubscriptionTarget.stateMachine(machineIn(stack)),
  'event bus': (stack) => SubscriptionTarget.eventBus(new events.EventBus(stack, 'Bus')),
  'log group': (stack) => SubscriptionTarget.logGroup(new logs.LogGroup(stack, 'Lines')),
};

export interface Rule {
  readonly Name: string;
  readonly EventBusName: unknown;
  readonly Targets: readonly Record<string, unknown>[];
}

export const ruleOf = (stack: Stack): Rule =>
  resourcesOf(Template.fromStack(stack), 'AWS::Events::Rule').map(
    ([, { Properties }]) => Properties as never as Rule,
  )[0]!;

/** ARNs of a rule, and of the rules that replay to its target. */
export const ruleArns = (stack: Stack, { Name, EventBusName }: Rule): string[] => {
  const arn = stack.formatArn({ service: 'events', resource: 'rule', resourceName: `${EventBusName}/${Name}` });
  return [arn, `${arn}-replay-*`];
};
