/** What settings change in the template; all that differs from its default is set at once. */

import { FAMILIES } from '@meetbus/events';
import type { LoadedTemplate } from '@meetbus/local-cloud/template/assembly';
import { resolveTemplate } from '@meetbus/local-cloud/template/stack';
import type { Template } from 'aws-cdk-lib/assertions';
import { type MeetbusSettings, parseSettings } from '../../lib/configuration';
import { defaultTemplate, resourcesOf, synthTemplate } from '../support/template';

const KEY_ARN = 'arn:aws:kms:eu-west-1:222233334444:key/6f0c1c1e-0a51-4a43-9d6b-3f1f6a0f7b11';
const OTHER_KEY_ARN = KEY_ARN.replace('6f0c', '7f0c');

/** Every setting that differs from its default in the template. */
const SETTINGS: MeetbusSettings = {
  recall: { secretName: 'team/recall', secretKeyArn: KEY_ARN, requireSignature: true },
  realtimekit: {
    secretName: 'team/realtimekit',
    secretKeyArn: OTHER_KEY_ARN,
    keyUrl: 'https://keys.example.org/key.json',
    organizationIds: ['a', 'b'],
    webhookIds: ['w'],
  },
  firewall: { requestsPerFiveMinutes: 6_000 },
  archiveDays: 400,
  logDays: 90,
  logLevel: 'DEBUG',
  consumerConcurrency: 7,
  apiGatewayAccountRole: false,
};

let usual: Template;
let configured: Template;
beforeAll(() => {
  usual = defaultTemplate();
  configured = synthTemplate(SETTINGS);
});

it('hands the settings of a provider to its runtime', () => {
  const { providers } = parseSettings(SETTINGS);
  const given = providers.map(({ name, options, secret }) => ({
    name,
    options,
    secret: { ...secret, entries: undefined },
  }));
  expect(given).toEqual([
    {
      name: 'recall',
      options: { requireSignature: true },
      secret: { name: 'team/recall', keyArn: KEY_ARN, isRequired: true },
    },
    {
      name: 'realtimekit',
      options: { keyUrl: 'https://keys.example.org/key.json', organizationIds: ['a', 'b'], webhookIds: ['w'] },
      secret: { name: 'team/realtimekit', keyArn: OTHER_KEY_ARN },
    },
  ]);
});

it('sets the level of the logs', () => {
  configured.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { ApplicationLogLevel: 'DEBUG' } });
});

it('lets the verifiers of a secret, and nobody else, use the key that encrypts it', () => {
  const granting = (template: Template) =>
    resourcesOf(template, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
      JSON.stringify(Properties).includes('kms:Decrypt'),
    );
  expect(granting(usual)).toEqual([]);
  const policies = granting(configured);
  expect(policies.map(([id]) => id)).toEqual([
    expect.stringContaining('RecallWebhooks'),
    expect.stringContaining('RecallRealtime'),
    expect.stringContaining('RealtimekitWebhooks'),
  ]);
  for (const [id, { Properties }] of policies) {
    const { Statement } = Properties.PolicyDocument as { Statement: object[] };
    expect(Statement).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: id.includes('Realtimekit') ? OTHER_KEY_ARN : KEY_ARN,
      Condition: {
        StringEquals: {
          'kms:ViaService': { 'Fn::Join': ['', ['secretsmanager.', { Ref: 'AWS::Region' }, '.amazonaws.com']] },
        },
      },
    });
  }
});

it('takes the number of consumers at one time', () => {
  const mappings = resourcesOf(configured, 'AWS::Lambda::EventSourceMapping');
  expect(mappings.map(([, { Properties }]) => Properties.ScalingConfig)).toEqual(
    FAMILIES.map(() => ({ MaximumConcurrency: 7 })),
  );
});

it('limits the age of the log group of every function', () => {
  const logGroups = new Map(resourcesOf(configured, 'AWS::Logs::LogGroup'));
  const functions = resourcesOf(configured, 'AWS::Lambda::Function');
  expect(functions.length).toBeGreaterThan(FAMILIES.length);
  for (const [, { Properties }] of functions) {
    const { LogGroup } = Properties.LoggingConfig as { LogGroup: { Ref: string } };
    expect(logGroups.get(LogGroup.Ref)?.Properties.RetentionInDays).toBe(90);
  }
});

it('keeps the events of both buses for as long', () => {
  const archives = resourcesOf(configured, 'AWS::Events::Archive');
  expect(archives).toHaveLength(resourcesOf(configured, 'AWS::Events::EventBus').length);
  for (const [, { Properties, DeletionPolicy }] of archives) {
    expect({ DeletionPolicy, RetentionDays: Properties.RetentionDays }).toEqual({
      DeletionPolicy: 'RetainExceptOnCreate',
      RetentionDays: 400,
    });
  }
});

it('sets the account role for logs unless another stack has', () => {
  usual.resourceCountIs('AWS::ApiGateway::Account', 1);
  configured.resourceCountIs('AWS::ApiGateway::Account', 0);
});

it('has a firewall only where it is asked for, and that one answers 503', () => {
  usual.resourceCountIs('AWS::WAFv2::WebACL', 0);
  configured.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  const [acl] = resourcesOf(configured, 'AWS::WAFv2::WebACL');
  expect(acl![1].Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
  expect(acl![1].Properties.Rules).toMatchObject([
    {
      Statement: { RateBasedStatement: { Limit: 6_000, AggregateKeyType: 'IP' } },
      Action: { Block: { CustomResponse: { ResponseCode: 503 } } },
      VisibilityConfig: { SampledRequestsEnabled: false },
    },
  ]);
});

it('can be tried in the local cloud, whatever is set', () => {
  const loaded = {
    template: configured.toJSON() as LoadedTemplate['template'],
    stackName: 'Meetbus',
    assets: new Map<string, string>(),
  };
  const { resources } = resolveTemplate(loaded, { endpoint: 'http://127.0.0.1:4566' });
  expect(resources).not.toEqual([]);
});
