import { createCloudFormationService } from '../../src/cloudformation/cloudformation-service';
import { startDynamoDb } from '../../src/dynamodb/dynamodb';
import { EventBridge } from '../../src/eventbridge/event-bridge';
import { createEventBridgeService } from '../../src/eventbridge/eventbridge-service';
import { accessesOf, type Lookups } from '../../src/iam/access';
import { LogGroups } from '../../src/logs/log-groups';
import { createLogsService } from '../../src/logs/logs-service';
import { Buckets, createS3Service } from '../../src/s3/s3-service';
import { SecretStore } from '../../src/secrets-manager/secret-store';
import { createSecretsManagerService } from '../../src/secrets-manager/secrets-manager-service';
import { Queues } from '../../src/sqs/queues';
import { createSqsService } from '../../src/sqs/sqs-service';

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const URL = 'http://127.0.0.1:4566/000000000000/bots';
const LOOKUPS: Lookups = {
  sourcesOf: (deadLetterQueue) =>
    deadLetterQueue === arn('sqs', 'dlq') ? [arn('sqs', 'bots'), arn('sqs', 'calls')] : [],
  secretArn: (id) => (id === 'payments' ? arn('secretsmanager', 'secret:payments-aBcDeF') : undefined),
  hasObject: (_bucket, key) => key === 'there',
};

it.each([
  ['AmazonSQS.SendMessage', { QueueUrl: URL }, [['sqs:SendMessage', arn('sqs', 'bots')]]],
  ['AmazonSQS.SendMessageBatch', { QueueUrl: URL }, [['sqs:SendMessage', arn('sqs', 'bots')]]],
  ['AmazonSQS.DeleteMessageBatch', { QueueUrl: URL }, [['sqs:DeleteMessage', arn('sqs', 'bots')]]],
  ['AmazonSQS.GetQueueUrl', { QueueName: 'bots' }, [['sqs:GetQueueUrl', arn('sqs', 'bots')]]],
  ['AmazonSQS.ListQueues', {}, [['sqs:ListQueues', '*']]],
  [
    'AmazonSQS.StartMessageMoveTask',
    { SourceArn: arn('sqs', 'dlq'), DestinationArn: arn('sqs', 'bots') },
    [
      ['sqs:StartMessageMoveTask', arn('sqs', 'dlq')],
      ['sqs:ReceiveMessage', arn('sqs', 'dlq')],
      ['sqs:DeleteMessage', arn('sqs', 'dlq')],
      ['sqs:GetQueueAttributes', arn('sqs', 'dlq')],
      ['sqs:SendMessage', arn('sqs', 'bots')],
    ],
  ],
  ['DynamoDB_20120810.PutItem', { TableName: 'seen' }, [['dynamodb:PutItem', arn('dynamodb', 'table/seen')]]],
  [
    'DynamoDB_20120810.PutItem',
    { TableName: arn('dynamodb', 'table/seen') },
    [['dynamodb:PutItem', arn('dynamodb', 'table/seen')]],
  ],
  [
    'DynamoDB_20120810.Query',
    { TableName: 'seen', IndexName: 'byTime' },
    [['dynamodb:Query', arn('dynamodb', 'table/seen/index/byTime')]],
  ],
  [
    'DynamoDB_20120810.BatchGetItem',
    { RequestItems: { a: {}, b: {} } },
    [
      ['dynamodb:BatchGetItem', arn('dynamodb', 'table/a')],
      ['dynamodb:BatchGetItem', arn('dynamodb', 'table/b')],
    ],
  ],
  [
    'AWSEvents.PutEvents',
    { Entries: [{}, { EventBusName: 'calls' }, { EventBusName: arn('events', 'event-bus/calls') }] },
    [
      ['events:PutEvents', arn('events', 'event-bus/default')],
      ['events:PutEvents', arn('events', 'event-bus/calls')],
    ],
  ],
  ['AWSEvents.PutRule', { Name: 'r', EventBusName: 'calls' }, [['events:PutRule', arn('events', 'rule/calls/r')]]],
  ['AWSEvents.PutTargets', { Rule: 'r' }, [['events:PutTargets', arn('events', 'rule/r')]]],
  [
    'secretsmanager.GetSecretValue',
    { SecretId: 'payments' },
    [['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:payments-aBcDeF')]],
  ],
  [
    'secretsmanager.GetSecretValue',
    { SecretId: 'missing' },
    [['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:missing-??????')]],
  ],
  ['AmazonS3.PutObject', { bucket: 'calls', key: 'raw/1' }, [['s3:PutObject', 'arn:aws:s3:::calls/raw/1']]],
  ['AmazonS3.GetObject', { bucket: 'calls', key: 'there' }, [['s3:GetObject', 'arn:aws:s3:::calls/there']]],
  [
    'AmazonS3.HeadObject',
    { bucket: 'calls', key: 'gone' },
    [
      ['s3:GetObject', 'arn:aws:s3:::calls/gone'],
      ['s3:ListBucket', 'arn:aws:s3:::calls'],
    ],
  ],
  [
    'AmazonS3.ListObjectsV2',
    { bucket: 'calls', key: '', query: new URLSearchParams('prefix=a/') },
    [['s3:ListBucket', 'arn:aws:s3:::calls']],
  ],
  ['AmazonS3.ListBuckets', { bucket: '', key: '' }, [['s3:ListAllMyBuckets', '*']]],
  [
    'Logs_20140328.FilterLogEvents',
    { logGroupName: '/aws/calls' },
    [['logs:FilterLogEvents', arn('logs', 'log-group:/aws/calls:log-stream:')]],
  ],
  [
    'Logs_20140328.StartQuery',
    { logGroupNames: ['a', 'b'] },
    ['a', 'b'].map((name) => ['logs:StartQuery', arn('logs', `log-group:${name}:log-stream:`)]),
  ],
  [
    'AWSLambda.Invoke',
    { FunctionName: arn('lambda', 'function:prober') },
    [['lambda:InvokeFunction', arn('lambda', 'function:prober')]],
  ],
  [
    'CloudFormation.DescribeStacks',
    { StackName: 'Calls' },
    [['cloudformation:DescribeStacks', arn('cloudformation', 'stack/Calls/local')]],
  ],
  ['CloudFormation.DescribeStacks', {}, [['cloudformation:DescribeStacks', '*']]],
])('%s asks for its permission: %#', (target, input, expected) => {
  const [prefix = '', operation = ''] = target.split('.');
  const accesses = accessesOf(prefix, operation, input, LOOKUPS);
  expect(accesses?.map(({ action, resource }) => [action, resource])).toEqual(expected);
});

it('knows every operation that the services offer, but one', async () => {
  const dynamoDb = startDynamoDb();
  const services = [
    createSqsService(new Queues(), 'http://127.0.0.1:4566'),
    dynamoDb,
    createEventBridgeService(new EventBridge({ deliverers: {} })),
    createSecretsManagerService(new SecretStore()),
    createS3Service(new Buckets()),
    createLogsService(new LogGroups()),
    createCloudFormationService(() => ({})),
  ];
  await dynamoDb.close();
  const unknown = services.flatMap(({ targetPrefix, operations }) =>
    Object.keys(operations).filter((name) => accessesOf(targetPrefix, name, {}, LOOKUPS) === undefined),
  );
  // It names a task by a handle that says nothing of its queue.
  expect(unknown).toEqual(['CancelMessageMoveTask']);
});
