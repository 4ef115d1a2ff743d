/** A small stack whose function tries whatever it is told, with few permissions. */
import { proxyMethod } from '../template/fixture';

/** Source of a handler that makes the AWS call that its event describes, and tells how that went. */
export const TRY_CALL = `
const sdk = {
  sqs: ['client-sqs', 'SQSClient'],
  dynamodb: ['client-dynamodb', 'DynamoDBClient'],
  events: ['client-eventbridge', 'EventBridgeClient'],
  secrets: ['client-secrets-manager', 'SecretsManagerClient'],
  s3: ['client-s3', 'S3Client'],
};
exports.handler = async ({ body }) => {
  const { service, command, input } = JSON.parse(body);
  const [name, Client] = sdk[service];
  const commands = require(${JSON.stringify(`${process.cwd()}/node_modules/@aws-sdk/`)} + name);
  const tell = (answer) => ({ statusCode: 200, body: JSON.stringify(answer) });
  try {
    await new commands[Client]({ maxAttempts: 1 }).send(new commands[command](input));
    return tell({ name: 'ok' });
  } catch ({ name, message, $metadata }) {
    return tell({ name, message, status: $metadata?.httpStatusCode });
  }
};`;

/** A role that a service may assume. */
export const role = (service: string, more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: service } }],
    },
    ...more,
  },
});

const att = (logicalId: string, attribute = 'Arn') => ({ 'Fn::GetAtt': [logicalId, attribute] });
const below = (logicalId: string, path: string) => ({ 'Fn::Join': ['', [att(logicalId), path]] });
const allow = (Action: string | string[], Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });

const path = (pathPart: string) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { PathPart: pathPart, ParentId: att('Api', 'RootResourceId'), RestApiId: { Ref: 'Api' } },
});

const API = {
  Api: { Type: 'AWS::ApiGateway::RestApi' },
  Deployment: { Type: 'AWS::ApiGateway::Deployment' },
  Stage: { Type: 'AWS::ApiGateway::Stage', Properties: { StageName: 'v1', DeploymentId: { Ref: 'Deployment' } } },
  Try: path('try'),
  TryPost: proxyMethod('POST', { Ref: 'Try' }, 'Worker'),
  Closed: path('closed'),
  ClosedPost: proxyMethod('POST', { Ref: 'Closed' }, 'Worker'),
  Unavailable: {
    Type: 'AWS::ApiGateway::GatewayResponse',
    Properties: { ResponseType: 'INTEGRATION_FAILURE', RestApiId: { Ref: 'Api' }, StatusCode: '503' },
  },
  TryPermission: {
    Type: 'AWS::Lambda::Permission',
    Properties: {
      Action: 'lambda:InvokeFunction',
      FunctionName: att('Worker'),
      Principal: 'apigateway.amazonaws.com',
      SourceArn: {
        'Fn::Join': [
          ':',
          ['arn:aws:execute-api:us-east-1:000000000000', { 'Fn::Join': ['', [{ Ref: 'Api' }, '/v1/POST/try']] }],
        ],
      },
    },
  },
};

const WORKER = {
  Worker: {
    Type: 'AWS::Lambda::Function',
    Properties: { Code: { S3Key: 'try.zip' }, Handler: 'index.handler', Role: att('WorkerRole'), Timeout: 20 },
  },
  WorkerRole: role('lambda.amazonaws.com', {
    RoleName: 'worker',
    ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', { Ref: 'ReadPolicy' }],
    Policies: [{ PolicyName: 'send', PolicyDocument: policy(allow('sqs:SendMessage', att('Inbox'))) }],
  }),
  WritePolicy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'write',
      PolicyDocument: policy(
        allow('dynamodb:PutItem', att('Seen')),
        allow(['s3:GetObject', 's3:PutObject'], below('Files', '/raw/*')),
        { Effect: 'Deny', Action: 's3:PutObject', Resource: below('Files', '/raw/sealed/*') },
        allow('events:PutEvents', att('Calls')),
      ),
      Roles: [{ Ref: 'WorkerRole' }],
    },
  },
  ReadPolicy: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: {
      PolicyDocument: policy(
        allow('secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:payments-??????'),
      ),
    },
  },
  Inbox: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'inbox' } },
  Private: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'private' } },
  Open: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'open' } },
  OpenPolicy: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Open' }],
      PolicyDocument: policy(allow('sqs:*', att('Open'), { Principal: { AWS: att('WorkerRole') } }), {
        Effect: 'Deny',
        Action: 'sqs:PurgeQueue',
        Resource: att('Open'),
        Principal: '*',
      }),
    },
  },
  Seen: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      TableName: 'seen',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    },
  },
  Files: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'files' } },
  FilesPolicy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Files' },
      PolicyDocument: policy({
        Effect: 'Deny',
        Action: 's3:*',
        Resource: [att('Files'), below('Files', '/*')],
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    },
  },
};

const rule = (eventType: string, target: object) => ({
  Type: 'AWS::Events::Rule',
  Properties: {
    Name: eventType,
    EventBusName: { Ref: 'Calls' },
    EventPattern: { 'detail-type': [eventType] },
    Targets: [{ Id: 'target', ...target }],
  },
});
const queuePolicy = (queue: string, ...rules: string[]) => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: {
    Queues: [{ Ref: queue }],
    PolicyDocument: policy(
      allow('sqs:SendMessage', att(queue), {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': rules.map((one) => att(one)) } },
      }),
    ),
  },
});
const putter = (...buses: string[]) =>
  role('events.amazonaws.com', {
    Policies: [
      {
        PolicyName: 'put',
        PolicyDocument: policy(
          allow(
            'events:PutEvents',
            buses.map((bus) => att(bus)),
          ),
        ),
      },
    ],
  });

/** Each rule is for events of the type that names it. Those that must fail have a dead-letter queue. */
const EVENTS = {
  Calls: { Type: 'AWS::Events::EventBus', Properties: { Name: 'calls' } },
  Shared: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shared' } },
  Events: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } },
  EventsPolicy: queuePolicy('Events', 'ToQueue'),
  Dlq: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dlq' } },
  DlqPolicy: queuePolicy('Dlq', 'ToQueueOfAnother', 'ToFunction', 'ToBusWithoutRole', 'ToBusInWrongRole', 'ToLogs'),
  ToQueue: rule('to-queue', { Arn: att('Events') }),
  ToQueueOfAnother: rule('to-queue-of-another', { Arn: att('Events'), DeadLetterConfig: { Arn: att('Dlq') } }),
  ToFunction: rule('to-function', { Arn: att('Worker'), DeadLetterConfig: { Arn: att('Dlq') } }),
  ToBus: rule('to-bus', { Arn: att('Shared'), RoleArn: att('SharedPutter') }),
  ToBusWithoutRole: rule('to-bus-without-role', { Arn: att('Shared'), DeadLetterConfig: { Arn: att('Dlq') } }),
  ToBusInWrongRole: rule('to-bus-in-wrong-role', {
    Arn: att('Shared'),
    RoleArn: att('CallsPutter'),
    DeadLetterConfig: { Arn: att('Dlq') },
  }),
  ToLogs: rule('to-logs', {
    Arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/other',
    DeadLetterConfig: { Arn: att('Dlq') },
  }),
  ToClosedDlq: rule('to-closed-dlq', { Arn: att('Private'), DeadLetterConfig: { Arn: att('Private') } }),
  SharedPutter: putter('Shared'),
  CallsPutter: putter('Calls'),
  LogPolicy: {
    Type: 'AWS::Logs::ResourcePolicy',
    Properties: {
      PolicyName: 'log',
      PolicyDocument: JSON.stringify(
        policy(
          allow(
            ['logs:CreateLogStream', 'logs:PutLogEvents'],
            'arn:aws:logs:us-east-1:000000000000:log-group:/calls:*',
            {
              Principal: { Service: 'events.amazonaws.com' },
            },
          ),
        ),
      ),
    },
  },
};

export const TEMPLATE = { Resources: { ...API, ...WORKER, ...EVENTS } };
