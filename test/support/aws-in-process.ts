/** The AWS that a handler finds when it runs within a test: the local cloud's services behind a real HTTP endpoint. */

import { FAMILIES } from '@meetbus/events';
import { startDynamoDb } from '@meetbus/local-cloud/dynamodb/dynamodb';
import { EventBridge } from '@meetbus/local-cloud/eventbridge/event-bridge';
import { createEventBridgeService } from '@meetbus/local-cloud/eventbridge/eventbridge-service';
import { startFrontDoor } from '@meetbus/local-cloud/front-door';
import { Buckets, createS3Service } from '@meetbus/local-cloud/s3/s3-service';
import { SecretStore } from '@meetbus/local-cloud/secrets-manager/secret-store';
import { createSecretsManagerService } from '@meetbus/local-cloud/secrets-manager/secrets-manager-service';
import { AwsError, type AwsService, type Operation } from '@meetbus/local-cloud/service';
import { Queues } from '@meetbus/local-cloud/sqs/queues';
import { createSqsService } from '@meetbus/local-cloud/sqs/sqs-service';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';

export const TABLE_NAME = 'table';
export const BUCKET_NAME = 'bucket';
export const INTAKE_BUS_NAME = 'intake';
/** Longer than the 15 days that are the shortest memory of consumers. */
export const ARCHIVE_DAYS = 30;
export const SECRET_NAME = 'meetbus/recall';
export const REALTIMEKIT_SECRET_NAME = 'meetbus/realtimekit';

/** Starts the services and sets the environment that the stack would give a function. */
export async function startAws() {
  const services: AwsService[] = [];
  const buckets = new Buckets();
  buckets.create(BUCKET_NAME);
  const faults = new Map<string, Operation>();
  const s3 = createS3Service(buckets);
  const door = await startFrontDoor({ port: 0, services, s3: withFaults(s3, faults) });
  const queues = new Queues();
  const secrets = new SecretStore();
  const dynamoDb = startDynamoDb();
  await dynamoDb.createTable(
    {
      TableName: TABLE_NAME,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    } as { TableName: string },
    'expiration',
  );
  const events: { readonly type: string; readonly detail: string }[] = [];
  const eventBridge = new EventBridge({
    deliverers: {},
    onEvent: (_bus, { detailType, detail }) => events.push({ type: detailType, detail }),
  });
  eventBridge.createBus(INTAKE_BUS_NAME);
  const unbroken = [
    createSqsService(queues, door.url),
    dynamoDb,
    createSecretsManagerService(secrets),
    createEventBridgeService(eventBridge),
  ];
  services.push(...unbroken.map((service) => withFaults(service, faults)));
  for (const family of FAMILIES) queues.create(family);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: door.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_LAMBDA_FUNCTION_NAME: 'test',
    TABLE_NAME,
    BUCKET_NAME,
    INTAKE_BUS_NAME,
    ARCHIVE_DAYS,
    ...Object.fromEntries(
      FAMILIES.map((family) => [`QUEUE_URL_${family.toUpperCase()}`, `${door.url}/000000000000/${family}`]),
    ),
  });
  return {
    queues,
    secrets,
    bucket: buckets.get(BUCKET_NAME),
    events,
    /** Carries out an operation, such as `PutItem`, in another way; called with the way it is carried out otherwise. */
    break: (operation: string, broken: (original: Operation) => Operation) => {
      const original = [...unbroken, s3]
        .map((service) => service.operations[operation])
        .find((found) => found !== undefined)!;
      faults.set(operation, broken(original));
    },
    mend: () => faults.clear(),
    /** Takes all messages of a family's queue, parsed. */
    messagesOf: async (family: string) => {
      const queue = queues.byName(family)!;
      const received = await queue.receive({ maxMessages: 1_000, waitSeconds: 0 });
      for (const { receiptHandle } of received) queue.delete(receiptHandle);
      return received.map(({ body, attributes }) => ({ ...JSON.parse(body), attributes }));
    },
    close: async () => {
      await dynamoDb.close();
      buckets.close();
      await eventBridge.close();
      await door.close();
    },
  };
}

/** An operation that AWS does not carry out. */
export const failing: () => Operation = () => () => {
  throw new AwsError('InternalServerError', 'The service is down.', 500);
};

function withFaults(service: AwsService, faults: ReadonlyMap<string, Operation>): AwsService {
  const operations = Object.fromEntries(
    Object.entries(service.operations).map(([name, run]): [string, Operation] => [
      name,
      (input, call) => (faults.get(name) ?? run)(input, call),
    ]),
  );
  return { targetPrefix: service.targetPrefix, operations };
}

/** A request as API Gateway hands it to a verifier. */
export const proxyEvent = (
  body: string | Buffer,
  headers: Record<string, string>,
  query: Record<string, string> = {},
  pathParameters: Record<string, string> | null = null,
) =>
  ({
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    multiValueQueryStringParameters: Object.fromEntries(Object.entries(query).map(([name, value]) => [name, [value]])),
    pathParameters,
    httpMethod: 'POST',
    path: '/test',
    requestContext: { requestId: 'request-1', extendedRequestId: 'extended-1' },
  }) as unknown as APIGatewayProxyEvent;

/** The context of an invocation that may run so long. */
export const lambdaContext = (milliseconds = 10_000) =>
  ({ awsRequestId: 'invocation-1', getRemainingTimeInMillis: () => milliseconds }) as Context;
