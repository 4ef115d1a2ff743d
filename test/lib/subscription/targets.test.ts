/** What a subscription brings with it: target, permissions, retries, dead-letter queue, alarms. */
import { App, Stack, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import * as kms from 'aws-cdk-lib/aws-kms';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { SubscriptionTarget } from 'meetbus';
import { resourcesOf } from '../../support/template';
import { queueIn, ruleArns, ruleOf, subscribe, TARGETS, team } from './fixture';

/** The text of a value of a template, with each reference as its name in angle brackets. */
function joined(value: unknown): string {
  if (typeof value === 'string') return value;
  const { 'Fn::Join': join, Ref } = value as { 'Fn::Join'?: [string, unknown[]]; Ref?: string };
  return join ? join[1].map(joined).join(join[0]) : `<${Ref ?? 'attribute'}>`;
}

describe.each(Object.entries(TARGETS))('a %s', (kind, targetIn) => {
  const stack = team();
  const subscription = subscribe(stack, targetIn(stack));
  const template = Template.fromStack(stack);
  const rule = ruleOf(stack);

  it('hangs on the bus from which an event can still get there', () => {
    expect(rule.EventBusName).toBe(kind === 'event bus' ? 'Meetbus-intake' : 'Meetbus-shared');
  });

  it('has a dead-letter queue of its own that only the rule and its replays may fill', () => {
    const [target, ...others] = rule.Targets;
    expect(others).toEqual([]);
    const { Arn } = target!.DeadLetterConfig as { Arn: { 'Fn::GetAtt': [string, string] } };
    const [id] = Arn['Fn::GetAtt'];
    template.hasResource('AWS::SQS::Queue', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: { MessageRetentionPeriod: 14 * 86_400, SqsManagedSseEnabled: true },
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': stack.resolve(ruleArns(stack, rule)) } },
          }),
        ],
      },
    });
  });

  it('is there only once what permits it is', () => {
    const permits = [
      'AWS::SQS::QueuePolicy',
      'AWS::Lambda::Permission',
      'AWS::IAM::Policy',
      'AWS::Logs::ResourcePolicy',
    ];
    const made = permits.flatMap((type) => resourcesOf(template, type)).filter(([id]) => id.startsWith('Recordings'));
    const DependsOn = resourcesOf(template, 'AWS::Events::Rule')[0]?.[1].DependsOn;
    expect(made.length).toBeGreaterThan(0);
    expect(DependsOn).toEqual(expect.arrayContaining(made.map(([id]) => id)));
  });

  it('tries for 24 hours', () => {
    const policy = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };
    // CDK knows no retry policy for a bus; EventBridge's own default is the same.
    expect(rule.Targets[0]!.RetryPolicy).toEqual(kind === 'event bus' ? undefined : policy);
  });

  it('has alarms on whatever does not arrive', () => {
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
    expect(alarms.map(({ MetricName }) => MetricName).sort()).toEqual([
      'ApproximateNumberOfMessagesVisible',
      'FailedInvocations',
      'InvocationsFailedToBeSentToDlq',
      'InvocationsSentToDlq',
    ]);
    for (const { AlarmName, Dimensions, Namespace, TreatMissingData, Threshold } of alarms) {
      expect(AlarmName).toMatch(new RegExp(`^${rule.Name}-\\w+$`));
      expect({ TreatMissingData, Threshold }).toEqual({ TreatMissingData: 'notBreaching', Threshold: 0 });
      if (Namespace !== 'AWS/Events') continue;
      expect(Dimensions).toEqual([
        { Name: 'EventBusName', Value: rule.EventBusName },
        { Name: 'RuleName', Value: rule.Name },
      ]);
    }
    expect(alarms).toHaveLength(subscription.alarms.length);
  });
});

describe('permissions', () => {
  const stackWith = (kind: string) => {
    const stack = team();
    subscribe(stack, TARGETS[kind]!(stack));
    return { stack, template: Template.fromStack(stack), rule: ruleOf(stack) };
  };

  it('of a queue are for the rule and its replays', () => {
    const { stack, template, rule } = stackWith('queue');
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: Match.stringLikeRegexp('^Queue') }],
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': stack.resolve(ruleArns(stack, rule)) } },
          }),
        ]),
      },
    });
    expect(rule.Targets[0]).not.toHaveProperty('RoleArn');
  });

  it('of a function are for the rule and its replays', () => {
    const { stack, template, rule } = stackWith('function');
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
    expect(permissions).toEqual(
      stack.resolve(ruleArns(stack, rule)).map((SourceArn: unknown) => ({
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^Handler/), 'Arn'] },
        Principal: 'events.amazonaws.com',
        SourceArn,
      })),
    );
    expect(rule.Targets[0]).not.toHaveProperty('RoleArn');
  });

  it.each([
    ['state machine', 'states:StartExecution'],
    ['event bus', 'events:PutEvents'],
  ])('of a %s are those of a role that may do that alone', (kind, action) => {
    const { template, rule } = stackWith(kind);
    const { Arn, RoleArn } = rule.Targets[0] as { Arn: object; RoleArn: { 'Fn::GetAtt': [string] } };
    const [roleId] = RoleArn['Fn::GetAtt'];
    template.hasResourceProperties('AWS::IAM::Policy', {
      Roles: [{ Ref: roleId }],
      PolicyDocument: { Statement: [{ Effect: 'Allow', Action: action, Resource: Arn }] },
    });
  });

  it('of a log group are for the rule and its replays, and its lines have no data', () => {
    const { stack, template, rule } = stackWith('log group');
    const [policy] = resourcesOf(template, 'AWS::Logs::ResourcePolicy').map(([, { Properties }]) => Properties);
    const { Statement } = JSON.parse(joined(policy!.PolicyDocument)) as { Statement: Record<string, unknown>[] };
    const service = ['events.amazonaws.com', 'delivery.logs.amazonaws.com'];
    expect(Statement).toEqual([
      expect.objectContaining({ Action: 'logs:CreateLogStream', Principal: { Service: service } }),
      expect.objectContaining({
        Action: 'logs:PutLogEvents',
        Principal: { Service: service },
        Condition: { ArnLike: { 'aws:SourceArn': stack.resolve(ruleArns(stack, rule)).map(joined) } },
      }),
    ]);
    const { InputPathsMap } = rule.Targets[0]!.InputTransformer as { InputPathsMap: Record<string, string> };
    expect(Object.values(InputPathsMap).filter((path) => /^\$\.detail(\.data.*)?$/.test(path))).toEqual([]);
  });

  it('of a queue with a key include the key', () => {
    const stack = team();
    subscribe(stack, SubscriptionTarget.queue(queueIn(stack, { encryptionMasterKey: new kms.Key(stack, 'Key') })));
    Template.fromStack(stack).hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ]),
      },
    });
  });
});

describe('cdk-nag', () => {
  it.each(Object.entries(TARGETS))('finds nothing with a %s', (_kind, targetIn) => {
    const app = new App();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const stack = new Stack(app, 'Team');
    subscribe(stack, targetIn(stack));
    // What the team itself has made is not what is checked here.
    const reason = 'The team answers for it.';
    for (const id of [
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      'IAM5[Resource::*]',
    ]) {
      for (const own of ['Handler', 'Machine'].flatMap((name) => stack.node.tryFindChild(name) ?? [])) {
        Validations.of(own).acknowledge({ id: `AwsSolutions::AwsSolutions-${id}`, reason });
      }
    }
    expect(() => app.synth()).not.toThrow();
  });

  it('finds what is wrong with a queue of a team', () => {
    const app = new App();
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const stack = new Stack(app, 'Team');
    subscribe(stack, SubscriptionTarget.queue(new sqs.Queue(stack, 'Open')));
    expect(() => app.synth()).toThrow(/AwsSolutions-SQS/);
  });
});
