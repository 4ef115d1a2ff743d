/** Creates what the template declares to hold data: queues, tables and buckets. */
import { type DynamoDb, startDynamoDb } from './dynamodb/dynamodb';
import type { Buckets } from './s3/s3-service';
import type { AwsService } from './service';
import { Queues } from './sqs/queues';
import { createSqsService } from './sqs/sqs-service';
import type { ResolvedStack, StackResource } from './template/stack';

/** The properties of a queue that are also attributes of SQS's API. */
const QUEUE_ATTRIBUTES = [
  'DelaySeconds',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'VisibilityTimeout',
] as const;

/** The stores of a stack, and the services that answer for them. */
export interface Stores {
  readonly queues: Queues;
  readonly dynamoDb: DynamoDb;
  readonly services: readonly AwsService[];
  close(): Promise<void>;
}

/** Creates the stores of a stack, empty. Buckets are created in `buckets`, which S3 was started with. */
export async function createStores(stack: ResolvedStack, endpoint: string, buckets: Buckets): Promise<Stores> {
  const queues = new Queues();
  // A queue that others name as their dead-letter queue has to be there before them.
  const namesAnother = ({ properties }: StackResource): number => Number('RedrivePolicy' in properties);
  const inOrder = stack.ofType('AWS::SQS::Queue').toSorted((one, other) => namesAnother(one) - namesAnother(other));
  for (const queue of inOrder) queues.create(queue.name, queueAttributes(queue));
  for (const policy of stack.ofType('AWS::SQS::QueuePolicy')) setPolicy(queues, policy);
  for (const bucket of stack.ofType('AWS::S3::Bucket')) buckets.create(bucket.name);
  const dynamoDb = startDynamoDb();
  for (const table of [...stack.ofType('AWS::DynamoDB::GlobalTable'), ...stack.ofType('AWS::DynamoDB::Table')]) {
    await createTable(dynamoDb, table);
  }
  return {
    queues,
    dynamoDb,
    services: [createSqsService(queues, endpoint), dynamoDb],
    close: () => dynamoDb.close(),
  };
}

function queueAttributes({ properties }: StackResource): Record<string, string> {
  return Object.fromEntries(
    QUEUE_ATTRIBUTES.filter((name) => properties[name] !== undefined).map((name) => {
      const value = properties[name];
      return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
    }),
  );
}

/** As on AWS, the policy becomes an attribute of each of its queues. */
function setPolicy(queues: Queues, { logicalId, properties }: StackResource): void {
  for (const url of properties.Queues as string[]) {
    const queue = queues.byUrl(url);
    if (!queue) throw new Error(`${logicalId}: its queue ${url} is not part of the stack.`);
    queues.setAttributes(queue, { Policy: JSON.stringify(properties.PolicyDocument) });
  }
}

function createTable(dynamoDb: DynamoDb, { name, properties }: StackResource): Promise<void> {
  const { AttributeDefinitions, KeySchema, TimeToLiveSpecification } = properties;
  const input = { TableName: name, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' };
  const timeToLive = TimeToLiveSpecification as { readonly AttributeName?: string } | undefined;
  return dynamoDb.createTable(input, timeToLive?.AttributeName);
}
