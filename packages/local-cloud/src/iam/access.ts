/** What each operation of each service asks of IAM: actions, and the resources that they touch. */

import { CLOUDFORMATION_PREFIX, stackArn } from '../cloudformation/cloudformation-service';
import { busNameOf, eventsArn } from '../eventbridge/types';
import { LAMBDA_PREFIX } from '../lambda/lambda-rest';
import { logGroupNameOf } from '../logs/log-groups';
import { localArn } from '../template/resource-types';

/** An action on a resource. */
export interface Access {
  readonly action: string;
  /** ARN, or `*` for an action that knows no resources. */
  readonly resource: string;
  /** How the caller named the resource, where AWS shows that and not the ARN. */
  readonly shownAs?: string;
  /** Condition keys of this call alone, in lower case. */
  readonly context?: Readonly<Record<string, string>>;
}

/** What the table has to look up beside the input of a call. */
export interface Lookups {
  /** ARN of a secret by name or ARN; undefined when there is none. */
  readonly secretArn: (secretId: string) => string | undefined;
  /** ARNs of the queues that have this one as their dead-letter queue. */
  readonly sourcesOf: (deadLetterQueueArn: string) => readonly string[];
  /** False when the bucket is there and the object is not. */
  readonly hasObject: (bucket: string, key: string) => boolean;
}

type Input = Readonly<Record<string, string | undefined>>;
type Accesses = (input: Input, lookups: Lookups) => readonly Access[];
type ResourceOf = (input: Input) => string;

const on =
  (resourceOf: ResourceOf, ...actions: string[]): Accesses =>
  (input) =>
    actions.map((action) => ({ action, resource: resourceOf(input) }));

/** Operations whose one action is named as they are. */
const each = (service: string, resourceOf: ResourceOf, operations: readonly string[]): Record<string, Accesses> =>
  Object.fromEntries(operations.map((operation) => [operation, on(resourceOf, `${service}:${operation}`)]));

const arnOr = (value: string, toArn: (name: string) => string) => (value.startsWith('arn:') ? value : toArn(value));

const anything: ResourceOf = () => '*';

const queue: ResourceOf = ({ QueueUrl = '' }) => localArn('sqs', QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1));
const queueByName: ResourceOf = ({ QueueName = '' }) => localArn('sqs', QueueName);
const sourceQueue: ResourceOf = ({ SourceArn = '' }) => SourceArn;
/** Without a destination the messages go back to where they came from. */
const moveMessages: Accesses = ({ SourceArn = '', DestinationArn }, { sourcesOf }) => [
  ...['StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map((name) => ({
    action: `sqs:${name}`,
    resource: SourceArn,
  })),
  ...(DestinationArn === undefined ? sourcesOf(SourceArn) : [DestinationArn]).map((resource) => ({
    action: 'sqs:SendMessage',
    resource,
  })),
];

const tableArn = (nameOrArn: string) => arnOr(nameOrArn, (name) => localArn('dynamodb', `table/${name}`));
const table: ResourceOf = ({ TableName = '' }) => tableArn(TableName);
const tableOrIndex: ResourceOf = ({ TableName = '', IndexName }) =>
  tableArn(TableName) + (IndexName === undefined ? '' : `/index/${IndexName}`);
const tablesOfBatch =
  (action: string): Accesses =>
  ({ RequestItems }) =>
    Object.keys(Object(RequestItems)).map((name) => ({ action, resource: tableArn(name) }));

const bus = (nameOrArn: string | undefined) => eventsArn(`event-bus/${busNameOf(nameOrArn)}`);
const busByName: ResourceOf = ({ Name }) => bus(Name);
const rule: ResourceOf = ({ Name, Rule = Name, EventBusName }) => {
  const busName = busNameOf(EventBusName);
  return eventsArn(busName === 'default' ? `rule/${Rule}` : `rule/${busName}/${Rule}`);
};
const replay: ResourceOf = ({ ReplayName }) => eventsArn(`replay/${ReplayName}`);
const archive: ResourceOf = ({ ArchiveName }) => eventsArn(`archive/${ArchiveName}`);
/** A call is denied as a whole when one of its entries is. */
const busesOfEntries: Accesses = ({ Entries }) => {
  const names = [Entries ?? []].flat().map((entry) => Object(entry).EventBusName as string | undefined);
  return [...new Set(names.map(bus))].map((resource) => ({ action: 'events:PutEvents', resource }));
};

/** A secret that does not exist has no suffix. A caller that may read a secret of that name learns that it does not exist. */
const secretByName = (name: string) => arnOr(name, () => localArn('secretsmanager', `secret:${name}-??????`));
const newSecret: ResourceOf = ({ Name = '' }) => secretByName(Name);
const secret =
  (action: string): Accesses =>
  ({ SecretId = '' }, { secretArn }) => [
    { action, resource: secretArn(SecretId) ?? secretByName(SecretId), shownAs: SecretId },
  ];

const bucketArn: ResourceOf = ({ bucket }) => `arn:aws:s3:::${bucket}`;
const object: ResourceOf = ({ bucket, key }) => `arn:aws:s3:::${bucket}/${key}`;
/** Only a caller that may list the bucket learns that an object is missing. */
const readObject: Accesses = (input, { hasObject }) => {
  const missing = !hasObject(input.bucket ?? '', input.key ?? '');
  const access = { action: 's3:GetObject', resource: object(input) };
  return missing ? [access, { action: 's3:ListBucket', resource: bucketArn(input) }] : [access];
};

/** A policy may have a condition on the requested prefix. */
const listObjects: Accesses = (input) => {
  const prefix = (Object(input).query as URLSearchParams | undefined)?.get('prefix');
  return [{ action: 's3:ListBucket', resource: bucketArn(input), ...(prefix && { context: { 's3:prefix': prefix } }) }];
};

/** AWS names the log streams of a group too: a policy has to allow `<ARN of the group>:*`. */
const logGroupArn = (name: string) => localArn('logs', `log-group:${logGroupNameOf(name)}:log-stream:`);
const logGroup: ResourceOf = ({ logGroupName, logGroupIdentifier }) =>
  logGroupArn(logGroupName ?? logGroupIdentifier ?? '');
const logGroupsOfQuery: Accesses = (input) => {
  const { logGroupName = [], logGroupNames = [], logGroupIdentifiers = [] } = Object(input);
  const names = [logGroupName, logGroupNames, logGroupIdentifiers].flat() as string[];
  return names.map((name) => ({ action: 'logs:StartQuery', resource: logGroupArn(name) }));
};

const lambda: ResourceOf = ({ FunctionName = '' }) =>
  localArn('lambda', `function:${FunctionName.split(':').at(-1) ?? ''}`);

const stack: ResourceOf = ({ StackName }) =>
  StackName === undefined ? '*' : arnOr(StackName, (name) => stackArn(name));

/** By the service's target prefix and the operation. What is not here, no role may call. */
const ACCESSES: Readonly<Record<string, Readonly<Record<string, Accesses>>>> = {
  AmazonSQS: {
    ...each('sqs', queue, ['SendMessage', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility', 'PurgeQueue']),
    ...each('sqs', queue, ['GetQueueAttributes', 'SetQueueAttributes', 'DeleteQueue', 'ListDeadLetterSourceQueues']),
    ...each('sqs', queueByName, ['CreateQueue', 'GetQueueUrl']),
    ...each('sqs', sourceQueue, ['ListMessageMoveTasks']),
    SendMessageBatch: on(queue, 'sqs:SendMessage'),
    DeleteMessageBatch: on(queue, 'sqs:DeleteMessage'),
    ChangeMessageVisibilityBatch: on(queue, 'sqs:ChangeMessageVisibility'),
    StartMessageMoveTask: moveMessages,
    ListQueues: on(anything, 'sqs:ListQueues'),
  },
  DynamoDB_20120810: {
    ...each('dynamodb', table, ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem']),
    ...each('dynamodb', table, ['CreateTable', 'UpdateTable', 'DeleteTable', 'DescribeTable']),
    ...each('dynamodb', table, ['UpdateTimeToLive', 'DescribeTimeToLive']),
    ...each('dynamodb', tableOrIndex, ['Query', 'Scan']),
    BatchGetItem: tablesOfBatch('dynamodb:BatchGetItem'),
    BatchWriteItem: tablesOfBatch('dynamodb:BatchWriteItem'),
    ListTables: on(anything, 'dynamodb:ListTables'),
  },
  AWSEvents: {
    PutEvents: busesOfEntries,
    ...each('events', busByName, ['CreateEventBus', 'DeleteEventBus', 'DescribeEventBus']),
    ...each('events', rule, ['PutRule', 'DeleteRule', 'EnableRule', 'DisableRule', 'DescribeRule']),
    ...each('events', rule, ['PutTargets', 'RemoveTargets', 'ListTargetsByRule']),
    ...each('events', archive, ['DescribeArchive']),
    ...each('events', replay, ['StartReplay', 'DescribeReplay', 'CancelReplay']),
    ...each('events', anything, [
      'ListEventBuses',
      'ListRules',
      'ListRuleNamesByTarget',
      'ListArchives',
      'ListReplays',
    ]),
    TestEventPattern: on(anything, 'events:TestEventPattern'),
  },
  secretsmanager: {
    GetSecretValue: secret('secretsmanager:GetSecretValue'),
    PutSecretValue: secret('secretsmanager:PutSecretValue'),
    UpdateSecret: secret('secretsmanager:UpdateSecret'),
    DescribeSecret: secret('secretsmanager:DescribeSecret'),
    DeleteSecret: secret('secretsmanager:DeleteSecret'),
    RestoreSecret: secret('secretsmanager:RestoreSecret'),
    CreateSecret: on(newSecret, 'secretsmanager:CreateSecret'),
    ListSecrets: on(anything, 'secretsmanager:ListSecrets'),
  },
  Logs_20140328: {
    FilterLogEvents: on(logGroup, 'logs:FilterLogEvents'),
    StartQuery: logGroupsOfQuery,
    ...each('logs', anything, ['DescribeLogGroups', 'GetQueryResults', 'StopQuery', 'DescribeQueryDefinitions']),
  },
  GraniteServiceVersion20100801: each('cloudwatch', anything, [
    ...['GetMetricData', 'ListMetrics', 'PutMetricData', 'GetDashboard', 'DescribeAlarms', 'DescribeAlarmHistory'],
  ]),
  [LAMBDA_PREFIX]: {
    Invoke: on(lambda, 'lambda:InvokeFunction'),
    ...each('lambda', lambda, ['PutFunctionConcurrency', 'DeleteFunctionConcurrency']),
    GetAccountSettings: on(anything, 'lambda:GetAccountSettings'),
  },
  [CLOUDFORMATION_PREFIX]: { DescribeStacks: on(stack, 'cloudformation:DescribeStacks') },
  // Asks for nothing, and for what the role's own policy says: src/sts/ looks after it.
  AWSSecurityTokenServiceV20110615: { GetCallerIdentity: () => [], AssumeRole: () => [] },
  AmazonS3: {
    ...each('s3', object, ['PutObject', 'DeleteObject']),
    GetObject: readObject,
    HeadObject: readObject,
    ListObjectsV2: listObjects,
    HeadBucket: on(bucketArn, 's3:ListBucket'),
    CreateBucket: on(bucketArn, 's3:CreateBucket'),
    ListBuckets: on(anything, 's3:ListAllMyBuckets'),
  },
};

/**
 * What a call needs to be allowed.
 *
 * @returns undefined for an operation that the table lacks
 */
export function accessesOf(
  targetPrefix: string,
  operation: string,
  input: unknown,
  lookups: Lookups,
): readonly Access[] | undefined {
  return ACCESSES[targetPrefix]?.[operation]?.(input as Input, lookups);
}
