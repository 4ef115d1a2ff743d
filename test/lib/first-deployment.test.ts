/** What a first deployment meets: the region, another Meetbus beside it, limits of AWS, and what a failure leaves behind. */
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { MeetbusStack } from '../../lib/meetbus-stack';
import { defaultTemplate, newTestApp, resourcesOf } from '../support/template';
import { subscribe, TARGETS, team } from './subscription/fixture';

const meetbusIn = (region: string, settings: object = {}) =>
  new MeetbusStack(newTestApp(), 'Meetbus', { env: { account: '111122223333', region }, settings });

describe('a region without EventBridge Schemas', () => {
  it.each(['ap-east-2', 'ap-south-2', 'ap-southeast-4', 'ap-southeast-7', 'ca-west-1', 'il-central-1', 'mx-central-1'])(
    'such as %s is named in one line, with the setting that helps',
    (region) => {
      expect(() => meetbusIn(region)).toThrow(
        `Wrong settings. meetbus.schemas: set it to false, because ${region} has no EventBridge Schemas.`,
      );
      expect(() => meetbusIn(region, { schemas: false })).not.toThrow();
    },
  );

  it('gets no schema and no output that names a registry', () => {
    const template = Template.fromStack(meetbusIn('il-central-1', { schemas: false }));
    template.resourceCountIs('AWS::EventSchemas::Registry', 0);
    template.resourceCountIs('AWS::EventSchemas::Schema', 0);
    expect(template.findOutputs('SchemaRegistryName')).toEqual({});
  });

  it('is none of those with schemas', () => {
    Template.fromStack(meetbusIn('eu-central-1')).resourceCountIs('AWS::EventSchemas::Registry', 1);
  });

  it.each(['ca-west-1', 'mx-central-1'])('that may lack archives too, such as %s, is warned of', (region) => {
    const warning = Match.stringLikeRegexp(`${region} may have no archives`);
    Annotations.fromStack(meetbusIn(region, { schemas: false })).hasWarning('*', warning);
  });

  it('has archives elsewhere, without a warning', () => {
    Annotations.fromStack(meetbusIn('il-central-1', { schemas: false })).hasNoWarning('*', Match.anyValue());
  });
});

/** CloudWatch Logs keeps resource policies by name, in one list for account and region. */
const logPolicyNames = (template: Template) =>
  resourcesOf(template, 'AWS::Logs::ResourcePolicy').map(([, { Properties }]) => Properties.PolicyName);

describe('two in one account and region', () => {
  it('name their policies of CloudWatch Logs after themselves', () => {
    const names = ['meetbus-prod', 'meetbus-dev'].flatMap((stackName) =>
      logPolicyNames(Template.fromStack(new MeetbusStack(newTestApp(), 'Meetbus', { stackName }))),
    );
    expect(names).toEqual(['meetbus-prod-shared-bus-logs', 'meetbus-dev-shared-bus-logs']);
  });

  it('and so do subscriptions that end in a log group', () => {
    const names = ['team-prod', 'team-dev'].flatMap((stackName) => {
      const stack = team(undefined, { stackName });
      subscribe(stack, TARGETS['log group']!(stack));
      return logPolicyNames(Template.fromStack(stack));
    });
    expect(names).toEqual([
      expect.stringMatching(/^team-prod-Lines-.*meeting-events$/),
      expect.stringMatching(/^team-dev-Lines-.*meeting-events$/),
    ]);
  });
});

describe('lists that are too long', () => {
  const ids = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => String(index).padStart(length, 'x'));

  it('are named in one line', () => {
    const realtimekit = { organizationIds: ids(30, 64), webhookIds: ids(30, 64) };
    expect(() => meetbusIn('eu-west-1', { realtimekit })).toThrow(
      'Wrong settings. meetbus.realtimekit: organizationIds and webhookIds have 3899 characters together, and may have 2400',
    );
  });

  it('are not those that a large operator has', () => {
    const realtimekit = { organizationIds: ids(30, 36), webhookIds: ids(30, 36) };
    expect(() => meetbusIn('eu-west-1', { realtimekit })).not.toThrow();
  });
});

it('leaves nothing but the protected table behind when it fails', () => {
  const { Resources } = defaultTemplate().toJSON() as {
    Resources: Record<string, { Type: string; DeletionPolicy?: string }>;
  };
  const kept = Object.values(Resources).filter(({ DeletionPolicy }) => DeletionPolicy === 'Retain');
  // The role of API Gateway is one for the account: others may rely on it.
  expect([...new Set(kept.map(({ Type }) => Type))].sort()).toEqual([
    'AWS::ApiGateway::Account',
    'AWS::DynamoDB::GlobalTable',
    'AWS::IAM::Role',
  ]);
  for (const type of ['AWS::SQS::Queue', 'AWS::Logs::LogGroup', 'AWS::S3::Bucket']) {
    const policies = Object.values(Resources).filter(({ Type }) => Type === type);
    expect(policies.length).toBeGreaterThan(0);
    expect(new Set(policies.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(new Set(['RetainExceptOnCreate']));
  }
});
