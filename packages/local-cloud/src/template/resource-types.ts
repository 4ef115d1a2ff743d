import { createHash } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service';

/** What the columns of the table may use to spell a resource's values. */
export interface Naming {
  /** The physical name. */
  readonly name: string;
  readonly stackName: string;
  readonly logicalId: string;
  /** A resolved property of the resource as text, '' when it is absent. */
  property(name: string): string;
  /** URL of the local AWS endpoint, without a slash at its end. */
  readonly endpoint: string;
}

/** One row: what `Ref` and `Fn::GetAtt` give for a resource type, and whether the local cloud runs it. */
export interface ResourceType {
  /** Why the local cloud passes this type over; absent for the types that it runs. */
  readonly passedOver?: string;
  /** The property that names the resource. Without it the name is made of stack name and logical id. */
  readonly nameProperty?: string;
  /** Spells a name that AWS would take from the wish `<stack>-<logical id>`. */
  readonly generatedName?: (wish: string) => string;
  /** Value of `Ref`; the default is the physical name. */
  readonly ref?: (naming: Naming) => string;
  /** Values of `Fn::GetAtt` by attribute. */
  readonly attributes?: Readonly<Record<string, (naming: Naming) => string>>;
}

/** ARN in the local region and account. */
export const localArn = (service: string, resource: string): string =>
  `arn:aws:${service}:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${resource}`;

const hash = (value: string, length: number) => createHash('sha256').update(value).digest('hex').slice(0, length);

/** Cuts a name to the limit of its type; the hash keeps two long names apart. */
const upTo = (limit: number) => (wish: string) =>
  wish.length <= limit ? wish : `${wish.slice(0, limit - 9)}-${hash(wish, 8)}`;

const lowerCaseUpTo = (limit: number) => (wish: string) => upTo(limit)(wish.toLowerCase());

/** Ids that AWS draws at random; here they stay the same from run to run. */
const randomId = (length: number) => (wish: string) => hash(wish, length);

const uuid = (wish: string) => hash(wish, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** IAM knows no regions. */
const iamArn = (kind: 'policy' | 'role', name: string): string => `arn:aws:iam::${LOCAL_ACCOUNT}:${kind}/${name}`;

const byName = ({ name }: Naming) => name;
const arn = (service: string, prefix = '') => ({
  Arn: ({ name }: Naming) => localArn(service, `${prefix}${name}`),
});

/** The bus of a rule by name; the property may hold its ARN. */
const busOf = (naming: Naming) => naming.property('EventBusName').split('/').at(-1) ?? '';
const ruleOnBus = (naming: Naming) => {
  const bus = busOf(naming);
  return bus === '' || bus === 'default' ? naming.name : `${bus}/${naming.name}`;
};

const TABLE: ResourceType = { nameProperty: 'TableName', attributes: arn('dynamodb', 'table/') };

const ALARM: ResourceType = { nameProperty: 'AlarmName', attributes: arn('cloudwatch', 'alarm:') };

const NO_METRIC_FILTERS = 'metrics come from the embedded format of log lines alone';
const NO_ENCRYPTION = 'nothing here is kept encrypted';
const NO_NOTIFICATIONS = 'alarms have a state here, and notify nobody';
const NO_EXECUTION_LOGS = 'API Gateway has no execution logs here';
const NO_STATE_MACHINES = 'the local cloud runs no state machines: an event for one goes to its dead-letter queue';
const NO_FIREWALL = 'the local cloud takes requests of this machine only';
const NO_SCHEMAS = 'schemas are for readers; nothing here looks them up';

/** Every resource type that the local cloud knows. A template with another one does not start. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::ApiGateway::Deployment': { generatedName: randomId(6), attributes: { DeploymentId: byName } },
  'AWS::ApiGateway::GatewayResponse': { generatedName: randomId(10), attributes: { Id: byName } },
  'AWS::ApiGateway::Method': { generatedName: randomId(10) },
  'AWS::ApiGateway::Resource': { generatedName: randomId(6), attributes: { ResourceId: byName } },
  'AWS::ApiGateway::RestApi': {
    generatedName: randomId(10),
    attributes: { RestApiId: byName, RootResourceId: ({ name }) => hash(`${name}/`, 10) },
  },
  'AWS::ApiGateway::Stage': { nameProperty: 'StageName' },
  'AWS::CloudWatch::Alarm': ALARM,
  'AWS::CloudWatch::CompositeAlarm': ALARM,
  'AWS::CloudWatch::Dashboard': { nameProperty: 'DashboardName' },
  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::DynamoDB::Table': TABLE,
  'AWS::Events::Archive': {
    nameProperty: 'ArchiveName',
    generatedName: upTo(48),
    attributes: arn('events', 'archive/'),
  },
  'AWS::Events::EventBus': { nameProperty: 'Name', attributes: { ...arn('events', 'event-bus/'), Name: byName } },
  'AWS::Events::Rule': {
    nameProperty: 'Name',
    generatedName: upTo(64),
    ref: (naming) => ruleOnBus(naming).replace('/', '|'),
    attributes: { Arn: (naming) => localArn('events', `rule/${ruleOnBus(naming)}`) },
  },
  'AWS::Events::EventBusPolicy': {},
  'AWS::IAM::ManagedPolicy': {
    nameProperty: 'ManagedPolicyName',
    generatedName: upTo(128),
    ref: ({ name }) => iamArn('policy', name),
  },
  'AWS::IAM::Policy': { nameProperty: 'PolicyName' },
  'AWS::IAM::Role': {
    nameProperty: 'RoleName',
    generatedName: upTo(64),
    attributes: { Arn: ({ name }) => iamArn('role', name), RoleId: byName },
  },
  'AWS::Lambda::EventInvokeConfig': { passedOver: 'no asynchronous call is repeated here' },
  'AWS::Lambda::EventSourceMapping': {
    generatedName: uuid,
    attributes: { Id: byName, EventSourceMappingArn: ({ name }) => localArn('lambda', `event-source-mapping:${name}`) },
  },
  'AWS::Lambda::Function': {
    nameProperty: 'FunctionName',
    generatedName: upTo(64),
    attributes: arn('lambda', 'function:'),
  },
  'AWS::Lambda::Permission': {},
  'AWS::Logs::LogGroup': {
    nameProperty: 'LogGroupName',
    attributes: { Arn: ({ name }) => localArn('logs', `log-group:${name}:*`) },
  },
  'AWS::Logs::QueryDefinition': { generatedName: uuid, attributes: { QueryDefinitionId: byName } },
  'AWS::Logs::ResourcePolicy': { nameProperty: 'PolicyName' },
  'AWS::S3::Bucket': {
    nameProperty: 'BucketName',
    generatedName: lowerCaseUpTo(63),
    attributes: {
      Arn: ({ name }) => `arn:aws:s3:::${name}`,
      DomainName: ({ name }) => `${name}.s3.amazonaws.com`,
      RegionalDomainName: ({ name }) => `${name}.s3.${LOCAL_REGION}.amazonaws.com`,
    },
  },
  'AWS::S3::BucketPolicy': {},
  'AWS::SecretsManager::Secret': {
    nameProperty: 'Name',
    // Secrets Manager ends every ARN with six random characters; here they stay the same from run to run.
    ref: ({ name }) => localArn('secretsmanager', `secret:${name}-${hash(name, 6)}`),
    attributes: { Id: ({ name }) => localArn('secretsmanager', `secret:${name}-${hash(name, 6)}`) },
  },
  'AWS::SQS::Queue': {
    nameProperty: 'QueueName',
    generatedName: upTo(80),
    ref: ({ endpoint, name }) => `${endpoint}/${LOCAL_ACCOUNT}/${name}`,
    attributes: {
      ...arn('sqs'),
      QueueName: byName,
      QueueUrl: ({ endpoint, name }) => `${endpoint}/${LOCAL_ACCOUNT}/${name}`,
    },
  },
  'AWS::SQS::QueuePolicy': {},

  'AWS::ApiGateway::Account': { passedOver: NO_EXECUTION_LOGS },
  'AWS::CDK::Metadata': { passedOver: 'usage metadata of the CDK' },
  'AWS::EventSchemas::Registry': { passedOver: NO_SCHEMAS, nameProperty: 'RegistryName' },
  'AWS::EventSchemas::RegistryPolicy': { passedOver: NO_SCHEMAS },
  'AWS::EventSchemas::Schema': { passedOver: NO_SCHEMAS, nameProperty: 'SchemaName' },
  'AWS::Logs::MetricFilter': { passedOver: NO_METRIC_FILTERS },
  'AWS::KMS::Key': {
    passedOver: NO_ENCRYPTION,
    generatedName: uuid,
    attributes: { ...arn('kms', 'key/'), KeyId: byName },
  },
  'AWS::SNS::Subscription': { passedOver: NO_NOTIFICATIONS },
  'AWS::SNS::Topic': {
    passedOver: NO_NOTIFICATIONS,
    nameProperty: 'TopicName',
    ref: ({ name }) => localArn('sns', name),
    attributes: { TopicArn: ({ name }) => localArn('sns', name), TopicName: byName },
  },
  'AWS::SNS::TopicPolicy': { passedOver: NO_NOTIFICATIONS },
  'AWS::StepFunctions::StateMachine': {
    passedOver: NO_STATE_MACHINES,
    nameProperty: 'StateMachineName',
    generatedName: upTo(80),
    ref: ({ name }) => localArn('states', `stateMachine:${name}`),
    attributes: { ...arn('states', 'stateMachine:'), Name: byName },
  },
  'AWS::WAFv2::WebACL': {
    passedOver: NO_FIREWALL,
    nameProperty: 'Name',
    attributes: { Arn: ({ name, logicalId }) => localArn('wafv2', `regional/webacl/${name}/${uuid(logicalId)}`) },
  },
  'AWS::WAFv2::WebACLAssociation': { passedOver: NO_FIREWALL },
};
