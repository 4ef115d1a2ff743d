/** What each function may do: these actions on these resources, and nothing else. */
import type { Template } from 'aws-cdk-lib/assertions';
import { defaultTemplate, resourcesOf, templateWith } from '../support/template';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Logical ids without CDK's hashes; of a joined text, its parts. */
const named = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll(/\{"Fn::GetAtt":\["(\w+?)[0-9A-F]{8}","Arn"\]\}/g, '"$1"')
    .replaceAll(/\{"Ref":"([\w:]+)"\}/g, '"$1"')
    .replaceAll(
      /\{"Fn::Join":\["",\[(.*?)\]\]\}/g,
      (_, parts: string) => `"${parts.replaceAll(/","/g, '').slice(1, -1)}"`,
    );

/** The grants of a function, one line for each action and resource. */
function grantsOf(template: Template, roleId: RegExp): string[] {
  const documents = resourcesOf(template, 'AWS::IAM::Policy').filter(([id]) => roleId.test(id));
  expect(documents).toHaveLength(1);
  const { Statement } = documents[0]![1].Properties.PolicyDocument as { Statement: Statement[] };
  return Statement.flatMap(({ Effect, Action, Resource }) => {
    expect(Effect).toBe('Allow');
    return [Action].flat().flatMap((action) => [Resource].flat().map((one) => `${action} ${named(one)}`));
  }).sort();
}

const LOGS_AND_TRACES = (logGroup: string) => [
  `logs:CreateLogStream "${logGroup}"`,
  `logs:PutLogEvents "${logGroup}"`,
  'xray:PutTelemetryRecords "*"',
  'xray:PutTraceSegments "*"',
];

const TABLE = ['dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'].map(
  (action) => `${action} "StorageTable"`,
);

const sends = (families: readonly string[]) => families.map((family) => `sqs:SendMessage "${family}LaneQueue"`);

let template: Template;
beforeAll(() => {
  template = defaultTemplate();
});

const secretArn = (name: string) =>
  `"arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:${name}-??????"`;
const RECALL_SECRET = secretArn('meetbus/recall');
const REALTIMEKIT_SECRET = secretArn('meetbus/realtimekit');

it.each(['RecallWebhooks', 'RecallRealtime'])(
  'lets the verifier %s read its secret, remember, store and send',
  (id) => {
    expect(grantsOf(template, new RegExp(`^Ingress${id}Role`))).toEqual(
      [
        ...LOGS_AND_TRACES(`Ingress${id}Logs`),
        ...TABLE,
        's3:PutObject "StorageBucket/deliveries/recall/*"',
        's3:PutObject "StorageBucket/fallback/recall/*"',
        `secretsmanager:GetSecretValue ${RECALL_SECRET}`,
        ...sends(['Bot', 'Participant', 'Recording', 'Transcript', 'Unrecognized', 'Workspace']),
      ].sort(),
    );
  },
);

it('lets the verifier of RealtimeKit read its keys and its own secret alone, remember, store and send', () => {
  expect(grantsOf(template, /^IngressRealtimekitWebhooksRole/)).toEqual(
    [
      ...LOGS_AND_TRACES('IngressRealtimekitWebhooksLogs'),
      ...TABLE,
      'dynamodb:GetItem "StorageTable"',
      's3:PutObject "StorageBucket/deliveries/realtimekit/*"',
      's3:PutObject "StorageBucket/fallback/realtimekit/*"',
      `secretsmanager:GetSecretValue ${REALTIMEKIT_SECRET}`,
      ...sends(['Meeting', 'Participant', 'Recording', 'Transcript', 'Unrecognized']),
    ].sort(),
  );
});

it.each(['Bot', 'Meeting', 'Participant', 'Recording', 'Transcript', 'Workspace', 'Unrecognized'])(
  'lets the consumer of %s read its own queue, remember, fetch, store and publish',
  (family) => {
    expect(grantsOf(template, new RegExp(`^${family}LaneConsumerRole`))).toEqual(
      [
        ...LOGS_AND_TRACES(`${family}LaneConsumerLogs`),
        ...TABLE,
        'events:PutEvents "BusesIntakeBus"',
        's3:GetObject "StorageBucket/deliveries/*"',
        's3:PutObject "StorageBucket/unrecognized/*"',
        // What is not recognized is never for subscribers.
        ...(family === 'Unrecognized' ? [] : ['s3:PutObject "StorageBucket/raw/*"']),
        `sqs:DeleteMessage "${family}LaneQueue"`,
        `sqs:GetQueueAttributes "${family}LaneQueue"`,
        `sqs:ReceiveMessage "${family}LaneQueue"`,
      ].sort(),
    );
  },
);

it('lets what brings stored deliveries back find, read and delete these alone, and send to every family', () => {
  expect(grantsOf(template, /^FallbackFunctionRole/)).toEqual(
    [
      ...LOGS_AND_TRACES('FallbackFunctionLogs'),
      's3:ListBucket "StorageBucket"',
      's3:GetObject "StorageBucket/fallback/*"',
      's3:DeleteObject "StorageBucket/fallback/*"',
      ...sends(['Bot', 'Meeting', 'Participant', 'Recording', 'Transcript', 'Unrecognized', 'Workspace']),
    ].sort(),
  );
  const [, { Properties }] = resourcesOf(template, 'AWS::IAM::Policy').find(([id]) =>
    id.startsWith('FallbackFunction'),
  )!;
  const { Statement } = Properties.PolicyDocument as { Statement: { Action: string; Condition?: object }[] };
  expect(Statement.find(({ Action }) => Action === 's3:ListBucket')?.Condition).toEqual({
    StringEquals: { 's3:prefix': 'fallback/' },
  });
});

it('lets the verifier of the probe do what every verifier may, and read the key of the probe alone', () => {
  expect(grantsOf(template, /^IngressProbeWebhooksRole/)).toEqual(
    [
      ...LOGS_AND_TRACES('IngressProbeWebhooksLogs'),
      ...TABLE,
      's3:PutObject "StorageBucket/deliveries/probe/*"',
      's3:PutObject "StorageBucket/fallback/probe/*"',
      `secretsmanager:GetSecretValue ${secretArn('meetbus/Meetbus/probe')}`,
      ...sends(['Bot', 'Meeting', 'Participant', 'Recording', 'Transcript', 'Unrecognized', 'Workspace']),
    ].sort(),
  );
});

it('lets the prober read its key, and nothing else', () => {
  const [[secretId]] = resourcesOf(template, 'AWS::SecretsManager::Secret') as [[string, unknown]];
  expect(grantsOf(template, /^ProbeFunctionRole/)).toEqual(
    [...LOGS_AND_TRACES('ProbeFunctionLogs'), `secretsmanager:GetSecretValue "${secretId}"`].sort(),
  );
});

it('allows no action by a wildcard, and on every resource nothing but traces', () => {
  const policies = resourcesOf(template, 'AWS::IAM::Policy');
  expect(policies.length).toBeGreaterThanOrEqual(resourcesOf(template, 'AWS::Lambda::Function').length);
  for (const [, { Properties }] of policies) {
    const { Statement } = Properties.PolicyDocument as { Statement: Statement[] };
    for (const { Action, Resource } of Statement) {
      const actions = [Action].flat();
      expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      if ([Resource].flat().includes('*')) expect(actions.filter((action) => !action.startsWith('xray:'))).toEqual([]);
    }
  }
});

it('gives no function a policy of AWS, which would allow more', () => {
  const roles = resourcesOf(template, 'AWS::IAM::Role').filter(([, { Properties }]) =>
    JSON.stringify(Properties.AssumeRolePolicyDocument).includes('lambda.amazonaws.com'),
  );
  expect(roles).toHaveLength(resourcesOf(template, 'AWS::Lambda::Function').length);
  for (const [, { Properties }] of roles) {
    expect(Properties.ManagedPolicyArns ?? []).toEqual([]);
    expect(Properties.Policies ?? []).toEqual([]);
  }
});

it('lets nobody but the API invoke a verifier, and nobody but their rules the other functions', () => {
  const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(([, { Properties }]) => Properties);
  const isInvokedByRule = ({ FunctionName }: (typeof permissions)[number]) =>
    /FallbackFunction|ProbeFunction/.test(JSON.stringify(FunctionName));
  const allowedTo = (rule: RegExp) => ({
    Action: 'lambda:InvokeFunction',
    Principal: 'events.amazonaws.com',
    SourceArn: { 'Fn::GetAtt': [expect.stringMatching(rule), 'Arn'] },
  });
  const byRules = permissions.filter(isInvokedByRule);
  expect(byRules).toHaveLength(3);
  for (const rule of [/^FallbackSchedule/, /^ProbeSchedule/, /^ProbeReturnRule/])
    expect(byRules).toContainEqual(expect.objectContaining(allowedTo(rule)));
  const ofVerifiers = permissions.filter((permission) => !isInvokedByRule(permission));
  expect(ofVerifiers.length).toBeGreaterThanOrEqual(3);
  for (const permission of ofVerifiers) {
    expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' });
    expect(JSON.stringify(permission.SourceArn)).toContain('/POST/');
  }
});

it('lets what repairs read the keys of the APIs, remember and send, and nobody else read these keys', () => {
  const withRepair = templateWith({ repair: { enabled: true } });
  const keys = ['recall', 'realtimekit'].map(
    (name) => `secretsmanager:GetSecretValue ${secretArn(`meetbus/${name}-api`)}`,
  );
  expect(grantsOf(withRepair, /^RepairFunctionRole/)).toEqual(
    [
      ...LOGS_AND_TRACES('RepairFunctionLogs'),
      ...TABLE,
      'dynamodb:BatchGetItem "StorageTable"',
      ...keys,
      ...sends(['Bot', 'Meeting', 'Participant', 'Recording', 'Transcript', 'Unrecognized', 'Workspace']),
    ].sort(),
  );
  const others = resourcesOf(withRepair, 'AWS::IAM::Policy').filter(([id]) => !id.startsWith('Repair'));
  expect(others.length).toBeGreaterThan(5);
  expect(JSON.stringify(others)).not.toContain('-api-');
  // The pattern of a verifier's own secret has six characters after the name, so it does not match these.
  expect(JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'))).not.toContain('-api-');
});
