import { Alarms } from '../src/cloudwatch/alarms';
import { createCloudWatchService } from '../src/cloudwatch/cloudwatch-service';
import { MetricStore } from '../src/cloudwatch/metric-store';
import { startDynamoDb } from '../src/dynamodb/dynamodb';
import { EventBridge } from '../src/eventbridge/event-bridge';
import { createEventBridgeService } from '../src/eventbridge/eventbridge-service';
import type { FrontDoor } from '../src/front-door';
import { LogGroups } from '../src/logs/log-groups';
import { createLogsService } from '../src/logs/logs-service';
import { SecretStore } from '../src/secrets-manager/secret-store';
import { createSecretsManagerService } from '../src/secrets-manager/secrets-manager-service';
import { Queues } from '../src/sqs/queues';
import { createSqsService } from '../src/sqs/sqs-service';
import { frontDoorWith } from './local-aws';
import { writeAssembly } from './template/fixture';

const queues = new Queues();
const metrics = new MetricStore();
const dynamoDb = startDynamoDb();
let door: FrontDoor;

beforeAll(async () => {
  const assembly = writeAssembly({ Resources: {} });
  const alarms = new Alarms(assembly.resolve(), metrics);
  assembly.remove();
  door = await frontDoorWith((url) => [
    createSqsService(queues, url),
    createEventBridgeService(new EventBridge({ deliverers: {} })),
    createSecretsManagerService(new SecretStore()),
    createCloudWatchService(metrics, alarms, new Map()),
    createLogsService(new LogGroups()),
    dynamoDb,
  ]);
});
afterAll(async () => {
  await door.close();
  await dynamoDb.close();
});

const ask = async (target: string, input: object) => {
  const response = await fetch(door.url, {
    method: 'POST',
    headers: { 'x-amz-target': target },
    body: JSON.stringify(input),
  });
  return { status: response.status, ...((await response.json()) as { __type?: string; message?: string }) };
};

describe('members', () => {
  it.each<[target: string, input: object, message: string]>([
    ['AmazonSQS.SendMessage', { QueueUrl: 5, MessageBody: 'x' }, 'QueueUrl must be a string.'],
    ['AmazonSQS.SendMessage', { QueueUrl: {}, MessageBody: 'x' }, 'QueueUrl must be a string.'],
    ['AmazonSQS.SendMessage', { QueueUrl: 'q', MessageBody: ['x'] }, 'MessageBody must be a string.'],
    ['AmazonSQS.SendMessage', { QueueUrl: 'q', MessageBody: 'x', DelaySeconds: '5' }, 'DelaySeconds must be a number.'],
    [
      'AmazonSQS.SendMessage',
      { QueueUrl: 'q', MessageBody: 'x', MessageAttributes: { a: { DataType: 'String', StringValue: 1 } } },
      'MessageAttributes.a.StringValue must be a string.',
    ],
    ['AmazonSQS.SendMessageBatch', { QueueUrl: 'q', Entries: {} }, 'Entries must be a list.'],
    ['AmazonSQS.SendMessageBatch', { QueueUrl: 'q', Entries: [null] }, 'Entries[0] must be an object.'],
    ['AmazonSQS.CreateQueue', { QueueName: 'q', Attributes: { DelaySeconds: 5 } }, 'Attributes.DelaySeconds must be a'],
    ['AWSEvents.PutEvents', { Entries: 'x' }, 'Entries must be a list.'],
    ['AWSEvents.PutEvents', { Entries: [{ Detail: {} }] }, 'Entries[0].Detail must be a string.'],
    ['AWSEvents.PutEvents', { Entries: [{ Time: 'now' }] }, 'Entries[0].Time must be seconds since 1970.'],
    ['AWSEvents.TestEventPattern', { EventPattern: {}, Event: '{}' }, 'EventPattern must be a string.'],
    ['AWSEvents.PutTargets', { Rule: 'r', Targets: [{ Id: 1, Arn: 'a' }] }, 'Targets[0].Id must be a string.'],
    ['secretsmanager.GetSecretValue', { SecretId: [] }, 'SecretId must be a string.'],
    ['GraniteServiceVersion20100801.DescribeAlarms', { AlarmNames: 'x' }, 'AlarmNames must be a list.'],
    ['Logs_20140328.FilterLogEvents', { logGroupName: 1 }, 'logGroupName must be a string.'],
    ['DynamoDB_20120810.PutItem', { TableName: 5 }, 'TableName must be a string.'],
    ['DynamoDB_20120810.PutItem', { TableName: 'seen', Item: { id: 'x' } }, 'Item.id must be an object.'],
    ['DynamoDB_20120810.PutItem', { TableName: 'seen', Item: { l: { L: [null] } } }, 'Item.l.L[0] must be an object.'],
  ])('of a wrong type are refused: %s %j', async (target, input, message) => {
    expect(await ask(target, input)).toMatchObject({
      status: 400,
      __type: 'SerializationException',
      message: expect.stringContaining(message),
    });
  });

  it.each<[target: string, input: object, code: string, member: string]>([
    ['AmazonSQS.SendMessage', { QueueUrl: 'q', MessageBody: null }, 'MissingRequiredParameterException', 'MessageBody'],
    [
      'AmazonSQS.SendMessage',
      { QueueUrl: 'q', MessageBody: 'x', MessageAttributes: { a: { StringValue: 'x' } } },
      'MissingRequiredParameterException',
      'MessageAttributes.a.DataType',
    ],
    ['AmazonSQS.SetQueueAttributes', { QueueUrl: 'q' }, 'MissingRequiredParameterException', 'Attributes'],
    [
      'AmazonSQS.DeleteMessageBatch',
      { QueueUrl: 'q', Entries: [{ ReceiptHandle: 'r' }] },
      'MissingRequiredParameterException',
      'Entries[0].Id',
    ],
    ['AWSEvents.PutRule', { EventPattern: '{"a":[1]}' }, 'ValidationException', 'Name'],
    ['AWSEvents.PutTargets', { Rule: 'r' }, 'ValidationException', 'Targets'],
    ['AWSEvents.RemoveTargets', { Rule: 'r' }, 'ValidationException', 'Ids'],
    ['AWSEvents.CreateEventBus', {}, 'ValidationException', 'Name'],
    ['AWSEvents.StartReplay', { ReplayName: 'r' }, 'ValidationException', 'EventSourceArn'],
    ['secretsmanager.GetSecretValue', {}, 'ValidationException', 'SecretId'],
    ['DynamoDB_20120810.UpdateTimeToLive', { TableName: 'seen' }, 'ValidationException', 'TimeToLiveSpecification'],
  ])('that are missing are refused: %s %j', async (target, input, code, member) => {
    expect(await ask(target, input)).toMatchObject({
      status: 400,
      __type: code,
      message: `The request must contain the parameter ${member}.`,
    });
  });

  it('that are null are absent, and those that nobody knows do no harm', async () => {
    queues.create('here');
    const input = { QueueUrl: 'here', MessageBody: 'x', DelaySeconds: null, MessageGroupId: null, Other: [1] };
    expect(await ask('AmazonSQS.SendMessage', input)).toMatchObject({
      status: 200,
      MD5OfMessageBody: expect.any(String),
    });
  });

  it('of an item that are null end nothing', async () => {
    const table = {
      TableName: 'seen',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    };
    await dynamoDb.createTable(table);
    for (const Item of [{ id: null }, { id: {} }, { id: { S: null } }]) {
      const answer = await ask('DynamoDB_20120810.PutItem', { TableName: 'seen', Item });
      expect(answer).toMatchObject({ status: 400, __type: 'ValidationException' });
    }
  });

  it('that nest too deep are refused', async () => {
    let value: object = { S: 'x' };
    for (let level = 0; level < 500; level += 1) value = { L: [value] };
    const answer = await ask('DynamoDB_20120810.PutItem', { TableName: 'seen', Item: { id: { S: 'x' }, value } });
    expect(answer).toMatchObject({ status: 400, __type: 'SerializationException' });
  });
});
