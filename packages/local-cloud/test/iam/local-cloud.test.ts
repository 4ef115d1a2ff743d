/** The permissions of a template as those meet them who run into them: the function over the SDK, events on their way. */
import { setTimeout } from 'node:timers/promises';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type LocalCloud, startLocalCloud } from '../../src/cloud';
import type { Step } from '../../src/step';
import { clientConfig } from '../local-aws';
import { type Assembly, writeAssembly } from '../template/fixture';
import { role, TEMPLATE, TRY_CALL } from './fixture';

const SESSION = 'arn:aws:sts::000000000000:assumed-role/worker/Calls-Worker';
const BUCKET = { Bucket: 'files' };

let assembly: Assembly;
let cloud: LocalCloud;
let sqs: SQSClient;
let eventBridge: EventBridgeClient;
const steps: Step[] = [];

beforeAll(async () => {
  assembly = writeAssembly(TEMPLATE, { try: TRY_CALL });
  const onStep = (step: Step) => void steps.push(step);
  cloud = await startLocalCloud({ cdkOut: assembly.folder, stackName: 'Calls', port: 0, awsPort: 0, onStep });
  const config = clientConfig({ url: cloud.awsUrl });
  sqs = new SQSClient(config);
  eventBridge = new EventBridgeClient(config);
  await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: 'payments', SecretString: '{}' }));
  await new SecretsManagerClient(config).send(new CreateSecretCommand({ Name: 'billing', SecretString: '{}' }));
  await new S3Client(config).send(new PutObjectCommand({ ...BUCKET, Key: 'raw/1', Body: 'x' }));
});

afterAll(async () => {
  await cloud.close();
  assembly.remove();
});

const queueUrl = (name: string) => `${cloud.awsUrl}/000000000000/${name}`;

/** Has the function make a call. */
async function tryCall(service: string, command: string, input: object) {
  const body = JSON.stringify({ service, command: `${command}Command`, input });
  const response = await fetch(`${cloud.apiUrl}try`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain' },
  });
  return response.json();
}

it('does not start with the functions of another app that it cannot run', async () => {
  const other = writeAssembly(
    {
      Resources: {
        Role: role('lambda.amazonaws.com'),
        Report: {
          Type: 'AWS::Lambda::Function',
          Properties: {
            Code: { S3Key: 'report.zip' },
            Handler: 'report.handler',
            Runtime: 'python3.13',
            Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
          },
        },
      },
    },
    { report: '' },
    'Reports',
  );
  const options = { cdkOut: assembly.folder, stackName: 'Calls', with: [other.folder], port: 0, awsPort: 0 };
  const start = startLocalCloud({ ...options, onStep: () => {} }).finally(() => other.remove());
  await expect(start).rejects.toThrow('The function Reports-Report (Report) is of the runtime python3.13.');
});

it('tells an outside client who it is', async () => {
  const identity = await new STSClient(clientConfig({ url: cloud.awsUrl })).send(new GetCallerIdentityCommand({}));
  expect(identity).toMatchObject({
    Account: '000000000000',
    Arn: expect.stringMatching(/^arn:aws:iam::000000000000:/),
  });
});

describe('a function', () => {
  it.each([
    ['sqs', 'SendMessage', () => ({ QueueUrl: queueUrl('inbox'), MessageBody: 'x' })],
    ['sqs', 'SendMessageBatch', () => ({ QueueUrl: queueUrl('inbox'), Entries: [{ Id: '1', MessageBody: 'x' }] })],
    ['sqs', 'SendMessage', () => ({ QueueUrl: queueUrl('open'), MessageBody: 'by the policy of the queue' })],
    ['dynamodb', 'PutItem', () => ({ TableName: 'seen', Item: { id: { S: '1' } } })],
    ['s3', 'GetObject', () => ({ ...BUCKET, Key: 'raw/1' })],
    ['s3', 'PutObject', () => ({ ...BUCKET, Key: 'raw/2', Body: 'x' })],
    ['secrets', 'GetSecretValue', () => ({ SecretId: 'payments' })],
    [
      'events',
      'PutEvents',
      () => ({ Entries: [{ EventBusName: 'calls', Source: 's', DetailType: 'd', Detail: '{}' }] }),
    ],
  ])('may do what its role allows: %s %s', async (service, command, input) => {
    expect(await tryCall(service, command, input())).toEqual({ name: 'ok' });
  });

  const entries = (...buses: string[]) => ({
    Entries: buses.map((EventBusName) => ({ EventBusName, Source: 's', DetailType: 'd', Detail: '{}' })),
  });
  const notAllowed = (action: string, on: string) =>
    `User: ${SESSION} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`;

  it.each([
    [
      'sqs',
      'SendMessage',
      () => ({ QueueUrl: queueUrl('private'), MessageBody: 'x' }),
      { name: 'AccessDenied', status: 403 },
      notAllowed('sqs:sendmessage', ' on resource: arn:aws:sqs:us-east-1:000000000000:private'),
    ],
    [
      'sqs',
      'ReceiveMessage',
      () => ({ QueueUrl: queueUrl('inbox') }),
      { name: 'AccessDenied', status: 403 },
      notAllowed('sqs:receivemessage', ' on resource: arn:aws:sqs:us-east-1:000000000000:inbox'),
    ],
    [
      'sqs',
      'PurgeQueue',
      () => ({ QueueUrl: queueUrl('open') }),
      { name: 'AccessDenied', status: 403 },
      `User: ${SESSION} is not authorized to perform: sqs:purgequeue on resource: arn:aws:sqs:us-east-1:000000000000:open with an explicit deny in a resource-based policy`,
    ],
    [
      'sqs',
      'CancelMessageMoveTask',
      () => ({ TaskHandle: 'x' }),
      { name: 'AccessDenied', status: 403 },
      'The local cloud does not know which permission AmazonSQS.CancelMessageMoveTask needs. Add it to src/iam/access.ts.',
    ],
    [
      'dynamodb',
      'GetItem',
      () => ({ TableName: 'seen', Key: { id: { S: '1' } } }),
      { name: 'AccessDeniedException', status: 400 },
      notAllowed('dynamodb:GetItem', ' on resource: arn:aws:dynamodb:us-east-1:000000000000:table/seen'),
    ],
    [
      'events',
      'PutEvents',
      () => entries('calls', 'shared'),
      { name: 'AccessDeniedException', status: 400 },
      notAllowed('events:PutEvents', ' on resource: arn:aws:events:us-east-1:000000000000:event-bus/shared'),
    ],
    [
      'secrets',
      'GetSecretValue',
      () => ({ SecretId: 'billing' }),
      { name: 'AccessDeniedException', status: 400 },
      notAllowed('secretsmanager:GetSecretValue', ' on resource: billing'),
    ],
    [
      'secrets',
      'ListSecrets',
      () => ({}),
      { name: 'AccessDeniedException', status: 400 },
      notAllowed('secretsmanager:ListSecrets', ''),
    ],
    [
      's3',
      'PutObject',
      () => ({ ...BUCKET, Key: 'other/1', Body: 'x' }),
      { name: 'AccessDenied', status: 403 },
      notAllowed('s3:PutObject', ' on resource: "arn:aws:s3:::files/other/1"'),
    ],
    [
      's3',
      'PutObject',
      () => ({ ...BUCKET, Key: 'raw/sealed/1', Body: 'x' }),
      { name: 'AccessDenied', status: 403 },
      `User: ${SESSION} is not authorized to perform: s3:PutObject on resource: "arn:aws:s3:::files/raw/sealed/1" with an explicit deny in an identity-based policy`,
    ],
    [
      's3',
      'GetObject',
      () => ({ ...BUCKET, Key: 'raw/missing' }),
      { name: 'AccessDenied', status: 403 },
      notAllowed('s3:ListBucket', ' on resource: "arn:aws:s3:::files"'),
    ],
  ])('is denied everything else: %s %s, %#', async (service, command, input, error, message) => {
    expect(await tryCall(service, command, input())).toEqual({ ...error, message });
    expect(steps).toContainEqual({ kind: 'trouble', message });
  });
});

it('an outside client may do anything', async () => {
  const s3 = new S3Client(clientConfig({ url: cloud.awsUrl }));
  await s3.send(new PutObjectCommand({ ...BUCKET, Key: 'raw/sealed/1', Body: 'x' }));
  await expect(s3.send(new GetObjectCommand({ ...BUCKET, Key: 'missing' }))).rejects.toThrow('no object missing');
});

it('API Gateway invokes a function only from the methods that may', async () => {
  const response = await fetch(`${cloud.apiUrl}closed`, { method: 'POST', body: '{}' });
  expect(response.status).toBe(503);
  const message = expect.stringMatching(
    /^apigateway.amazonaws.com is not authorized to perform: lambda:InvokeFunction/,
  );
  expect(steps).toContainEqual({ kind: 'trouble', message });
});

describe('EventBridge', () => {
  const put = (bus: string, DetailType: string) =>
    eventBridge.send(
      new PutEventsCommand({ Entries: [{ EventBusName: bus, Source: 'test', DetailType, Detail: '{}' }] }),
    );
  const receive = async (queue: string): Promise<Message[]> => {
    const options = { WaitTimeSeconds: 1, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] };
    return (await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl(queue), ...options }))).Messages ?? [];
  };
  const troubles = (rule: string) =>
    steps.flatMap((step) =>
      step.kind === 'trouble' && step.message.startsWith(`Rule ${rule}:`) ? [step.message] : [],
    );

  it('delivers to a queue whose policy allows the rule', async () => {
    await put('calls', 'to-queue');
    expect(await receive('events')).toHaveLength(1);
  });

  it('delivers to a bus in a role that may put events there', async () => {
    await put('calls', 'to-bus');
    while (!steps.some((step) => step.kind === 'event' && step.bus === 'shared')) await setTimeout(5);
    expect(steps).toContainEqual({ kind: 'event', bus: 'shared', type: 'to-bus', detail: '{}' });
  });

  it.each([
    ['to-queue-of-another', 'events.amazonaws.com is not authorized to perform: sqs:SendMessage'],
    ['to-function', 'events.amazonaws.com is not authorized to perform: lambda:InvokeFunction'],
    ['to-bus-without-role', 'events.amazonaws.com is not authorized to perform: events:PutEvents'],
    [
      'to-bus-in-wrong-role',
      'assumed-role/Calls-CallsPutter/to-bus-in-wrong-role is not authorized to perform: events:PutEvents',
    ],
    ['to-logs', 'events.amazonaws.com is not authorized to perform: logs:CreateLogStream'],
  ])('puts an event that it may not deliver on the dead-letter queue: %s', async (type, message) => {
    await put('calls', type);
    const [{ MessageAttributes } = {}] = await receive('dlq');
    expect(MessageAttributes?.ERROR_CODE?.StringValue).toBe('NO_PERMISSIONS');
    expect(MessageAttributes?.ERROR_MESSAGE?.StringValue).toContain(message);
    expect(MessageAttributes?.RETRY_ATTEMPTS?.StringValue).toBe('0');
  });

  it('loses an event when the dead-letter queue allows it nothing', async () => {
    await put('calls', 'to-closed-dlq');
    expect(await receive('private')).toEqual([]);
    expect(troubles('to-closed-dlq')).toEqual([expect.stringContaining('lost')]);
  });

  it('delivers to a queue that a client has made, until that has a policy', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'team' }));
    const rule = { EventBusName: 'shared', EventPattern: '{"source":["test"]}' };
    const target = { Id: 'team', Arn: 'arn:aws:sqs:us-east-1:000000000000:team' };
    await eventBridge.send(new PutRuleCommand({ Name: 'team', ...rule }));
    await eventBridge.send(new PutTargetsCommand({ Rule: 'team', EventBusName: 'shared', Targets: [target] }));
    await put('shared', 'anything');
    expect(await receive('team')).toHaveLength(1);

    const policyFor = (SourceArn: string) =>
      JSON.stringify({
        Statement: {
          Effect: 'Allow',
          Action: 'sqs:SendMessage',
          Resource: target.Arn,
          Principal: { Service: 'events.amazonaws.com' },
          Condition: { ArnEquals: { 'aws:SourceArn': SourceArn } },
        },
      });
    const setPolicy = (Policy: string) => sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
    await setPolicy(policyFor('arn:aws:events:us-east-1:000000000000:rule/shared/other'));
    await put('shared', 'anything');
    expect(await receive('team')).toEqual([]);
    expect(troubles('team')).toEqual([expect.stringContaining('NO_PERMISSIONS')]);

    await setPolicy(policyFor('arn:aws:events:us-east-1:000000000000:rule/shared/team'));
    await put('shared', 'anything');
    expect(await receive('team')).toHaveLength(1);
  });
});
