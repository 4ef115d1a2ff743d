/** A small cloud with a function that makes any call, over HTTP and with the real SDK clients. */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { type DynamoDb, startDynamoDb } from '../../src/dynamodb/dynamodb';
import { EventBridge } from '../../src/eventbridge/event-bridge';
import { createEventBridgeService } from '../../src/eventbridge/eventbridge-service';
import type { FaultRule } from '../../src/faults/fault-rules';
import { type FaultStatus, Faults } from '../../src/faults/faults';
import { type FrontDoor, startFrontDoor } from '../../src/front-door';
import type { LambdaFunction } from '../../src/lambda/lambda-function';
import { Buckets, createS3Service } from '../../src/s3/s3-service';
import { SecretStore } from '../../src/secrets-manager/secret-store';
import { createSecretsManagerService } from '../../src/secrets-manager/secrets-manager-service';
import type { AwsService } from '../../src/service';
import { Queues } from '../../src/sqs/queues';
import { createSqsService } from '../../src/sqs/sqs-service';
import { Functions } from '../lambda/functions';
import { clientConfig } from '../local-aws';

/** Name of the function; also the access key id of its credentials. */
export const CALLER = 'caller';

/** Sends one command without retries, gives up after a while, and answers what its code would see. */
const SOURCE = `
const clients = {
  sqs: require(${JSON.stringify(require.resolve('@aws-sdk/client-sqs'))}),
  dynamodb: require(${JSON.stringify(require.resolve('@aws-sdk/client-dynamodb'))}),
  events: require(${JSON.stringify(require.resolve('@aws-sdk/client-eventbridge'))}),
  secretsmanager: require(${JSON.stringify(require.resolve('@aws-sdk/client-secrets-manager'))}),
  s3: require(${JSON.stringify(require.resolve('@aws-sdk/client-s3'))}),
};
const names = { sqs: 'SQS', dynamodb: 'DynamoDB', events: 'EventBridge', secretsmanager: 'SecretsManager', s3: 'S3' };
exports.handler = async ({ service, operation, input, timeoutMs = 5000 }) => {
  if (service === undefined) return { token: process.env.AWS_SESSION_TOKEN };
  const sdk = clients[service];
  const client = new sdk[names[service] + 'Client']({
    maxAttempts: 1,
    forcePathStyle: true,
    requestHandler: { requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  const started = performance.now();
  const seen = await client.send(new sdk[operation + 'Command'](input)).then(
    ({ $metadata, ...output }) => ({ output }),
    (error) => ({ error: error.name, code: error.code, status: error.$metadata?.httpStatusCode }),
  );
  return { ...seen, milliseconds: Math.round(performance.now() - started) };
};
`;

/** A call of the function. */
export interface TestCall {
  readonly service: FaultRule['service'];
  readonly operation: string;
  readonly input: object;
  /** When its client gives up. */
  readonly timeoutMs?: number;
}

/** What the function's code saw. */
export interface Seen {
  // biome-ignore lint/suspicious/noExplicitAny: each operation has its own output.
  readonly output?: any;
  readonly error?: string;
  readonly code?: string;
  readonly status?: number;
  readonly milliseconds: number;
}

/** The cloud, its stores to look into, and its fault plan over HTTP. */
export class FaultCloud {
  readonly queues = new Queues();
  readonly queue = this.queues.create('calls');
  readonly buckets = new Buckets();
  readonly secrets = new SecretStore();
  /** Details of the events that the default bus has taken. */
  readonly events: string[] = [];
  readonly #functions = new Functions();
  readonly #dynamoDb: DynamoDb = startDynamoDb();
  #door!: FrontDoor;
  #outsider!: DynamoDBClient;
  faults!: Faults;
  caller!: LambdaFunction;

  static async start(): Promise<FaultCloud> {
    const cloud = new FaultCloud();
    await cloud.#start();
    return cloud;
  }

  async #start(): Promise<void> {
    const services: AwsService[] = [];
    const s3 = createS3Service(this.buckets);
    this.faults = new Faults({
      services: () => [...services, s3],
      functionNamed: (name) => (name === CALLER ? this.caller : undefined),
    });
    this.#door = await startFrontDoor({ port: 0, services, s3, faults: this.faults });
    const eventBridge = new EventBridge({ deliverers: {}, onEvent: (_, { detail }) => this.events.push(detail) });
    services.push(createSqsService(this.queues, this.url), this.#dynamoDb, createEventBridgeService(eventBridge));
    services.push(createSecretsManagerService(this.secrets));
    this.buckets.create('objects');
    this.secrets.create('secret', { value: { SecretString: 'old' } });
    const id = { AttributeName: 'id' };
    await this.#dynamoDb.createTable({
      ...{ TableName: 'items', BillingMode: 'PAY_PER_REQUEST' },
      ...{ KeySchema: [{ ...id, KeyType: 'HASH' }], AttributeDefinitions: [{ ...id, AttributeType: 'S' }] },
    });
    this.#outsider = new DynamoDBClient(clientConfig(this));
    this.caller = this.#functions.create(SOURCE, { name: CALLER, endpoint: this.url, timeoutSeconds: 20 });
  }

  get url(): string {
    return this.#door.url;
  }

  /** Makes a call from within the function, and answers what its code saw. */
  async call(call: TestCall): Promise<Seen> {
    const result = await this.caller.invoke(call);
    if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
    return result.payload as Seen;
  }

  /** Whether an item is in the table, as an outsider finds it. */
  async hasItem(id: string): Promise<boolean> {
    const { Item } = await this.#outsider.send(new GetItemCommand({ TableName: 'items', Key: { id: { S: id } } }));
    return Item !== undefined;
  }

  /** Replaces the plan. */
  async plan(...faults: FaultRule[]): Promise<void> {
    await this.control('PUT', JSON.stringify({ seed: 1, faults }));
  }

  async injected(): Promise<FaultStatus['injected']> {
    const { injected } = (await (await this.control('GET')).json()) as FaultStatus;
    return injected;
  }

  control(method: string, body?: string): Promise<Response> {
    return fetch(`${this.url}/_local-cloud/faults`, { method, ...(body !== undefined && { body }) });
  }

  async close(): Promise<void> {
    this.#outsider.destroy();
    await this.#dynamoDb.close();
    this.buckets.close();
    this.faults.stop();
    await this.#functions.close();
    await this.#door.close();
  }
}
