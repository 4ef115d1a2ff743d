import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { type DynamoDb, startDynamoDb } from '../../src/dynamodb/dynamodb';
import type { FrontDoor } from '../../src/front-door';
import { clientConfig, frontDoorWith } from '../local-aws';

const TableName = 'deliveries';
const TABLE = {
  TableName,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' as const }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' as const }],
  BillingMode: 'PAY_PER_REQUEST' as const,
};

let nowSeconds: number;
let database: DynamoDb;
let door: FrontDoor;
let client: dynamodb.DynamoDBClient;

beforeEach(async () => {
  nowSeconds = 1_800_000_000;
  database = startDynamoDb(() => nowSeconds * 1_000);
  await database.createTable(TABLE, 'expiration');
  door = await frontDoorWith(() => [database]);
  client = new dynamodb.DynamoDBClient(clientConfig(door));
});

afterEach(async () => {
  client.destroy();
  await database.close();
  await door.close();
});

const put = (id: string, more: Record<string, dynamodb.AttributeValue> = {}) =>
  client.send(new dynamodb.PutItemCommand({ TableName, Item: { id: { S: id }, ...more } }));

const get = async (id: string) =>
  (await client.send(new dynamodb.GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;

describe('tables', () => {
  it('are active at once', async () => {
    const created = await client.send(new dynamodb.CreateTableCommand({ ...TABLE, TableName: 'second' }));
    expect(created.TableDescription!.TableStatus).toBe('ACTIVE');
    await client.send(new dynamodb.PutItemCommand({ TableName: 'second', Item: { id: { S: 'a' } } }));
    const { TableNames } = await client.send(new dynamodb.ListTablesCommand());
    expect(TableNames).toEqual(['deliveries', 'second']);
  });

  it('that do not exist are an error with its own type', async () => {
    const sent = client.send(new dynamodb.ScanCommand({ TableName: 'none' }));
    await expect(sent).rejects.toBeInstanceOf(dynamodb.ResourceNotFoundException);
  });

  it('that exist cannot be created', async () => {
    const sent = client.send(new dynamodb.CreateTableCommand(TABLE));
    await expect(sent).rejects.toBeInstanceOf(dynamodb.ResourceInUseException);
  });
});

describe('a failed conditional write', () => {
  const absent = {
    TableName,
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
  const Key = { id: { S: 'a' } };
  const item = { ...Key, holder: { S: 'first' } };
  const thrownBy = (sent: Promise<unknown>) =>
    sent.catch((thrown) => thrown) as Promise<dynamodb.ConditionalCheckFailedException>;

  beforeEach(() => put('a', { holder: { S: 'first' } }));

  it.each([
    ['PutItem', () => client.send(new dynamodb.PutItemCommand({ ...absent, Item: Key }))],
    ['DeleteItem', () => client.send(new dynamodb.DeleteItemCommand({ ...absent, Key }))],
    [
      'UpdateItem',
      () => client.send(new dynamodb.UpdateItemCommand({ ...absent, Key, UpdateExpression: 'SET b = id' })),
    ],
  ])('of %s shows the item', async (_operation, write) => {
    const error = await thrownBy(write());
    expect(error).toBeInstanceOf(dynamodb.ConditionalCheckFailedException);
    expect(error.Item).toEqual(item);
  });

  it('shows no item unasked', async () => {
    const { TableName, ConditionExpression } = absent;
    const error = await thrownBy(
      client.send(new dynamodb.PutItemCommand({ TableName, ConditionExpression, Item: Key })),
    );
    expect(error).toBeInstanceOf(dynamodb.ConditionalCheckFailedException);
    expect(error.Item).toBeUndefined();
  });

  it('shows no item when there is none', async () => {
    const write = { ...absent, ConditionExpression: 'attribute_exists(id)', Item: { id: { S: 'new' } } };
    const error = await thrownBy(client.send(new dynamodb.PutItemCommand(write)));
    expect(error).toBeInstanceOf(dynamodb.ConditionalCheckFailedException);
    expect(error.Item).toBeUndefined();
  });

  it('shows the item even if the next write takes it away', async () => {
    const { PutItem, DeleteItem } = database.operations as Record<string, (input: object) => Promise<object>>;
    const [error] = await Promise.all([
      PutItem!({ ...absent, Item: Key }).catch((thrown) => thrown),
      DeleteItem!({ TableName, Key }),
    ]);
    expect(error.details).toEqual({ Item: item });
    expect(await get('a')).toBeUndefined();
  });
});

describe('time to live', () => {
  it('is described, updated and taken away', async () => {
    const describeIt = async () =>
      (await client.send(new dynamodb.DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription;
    const update = (Enabled: boolean, AttributeName: string) =>
      client.send(
        new dynamodb.UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { Enabled, AttributeName } }),
      );
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'expiration' });
    await update(false, 'expiration');
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'DISABLED' });
    await update(true, 'gone');
    expect(await describeIt()).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'gone' });
  });

  it('takes away the items whose time is past, and only those', async () => {
    await put('past', { expiration: { N: `${nowSeconds + 10}` } });
    await put('future', { expiration: { N: `${nowSeconds + 20}` } });
    await put('never');
    await put('text', { expiration: { S: '1' } });
    nowSeconds += 15;

    await database.sweepExpired();

    const { Items } = await client.send(new dynamodb.ScanCommand({ TableName }));
    expect(Items!.map(({ id }) => id!.S).sort()).toEqual(['future', 'never', 'text']);
  });

  it('searches the whole of a large table', async () => {
    const filler = { S: 'x'.repeat(300_000) };
    for (let index = 0; index < 10; index += 1) {
      await put(`item-${index}`, { filler, expiration: { N: `${nowSeconds - 1}` } });
    }
    await database.sweepExpired();
    const { Count } = await client.send(new dynamodb.ScanCommand({ TableName, Select: 'COUNT' }));
    expect(Count).toBe(0);
  });

  it('forgets a table that is gone', async () => {
    await client.send(new dynamodb.DeleteTableCommand({ TableName }));
    await expect(database.sweepExpired()).resolves.toBeUndefined();
  });
});

describe('Powertools idempotency', () => {
  const idempotent = (work: (key: string) => Promise<object>) => {
    const config = new IdempotencyConfig({ expiresAfterSeconds: 60 });
    config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 } as Context);
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TableName, awsSdkV3Client: client });
    return makeIdempotent(work, { persistenceStore, config });
  };

  it('runs once for 20 calls at a time, then replays the result', async () => {
    let runs = 0;
    const { promise: holdersMayEnd, resolve: endHolders } = Promise.withResolvers<void>();
    const work = idempotent(async () => {
      runs += 1;
      await holdersMayEnd;
      return { accepted: true };
    });

    const calls = Array.from({ length: 20 }, () => work('one delivery').catch(({ name }) => name));
    let refused = 0;
    for (const call of calls) call.then((result) => typeof result === 'string' && ++refused === 19 && endHolders());
    const results = await Promise.all(calls);

    expect(runs).toBe(1);
    expect(results.filter((result) => result === 'IdempotencyAlreadyInProgressError')).toHaveLength(19);
    expect(await work('one delivery')).toEqual({ accepted: true });
    expect(runs).toBe(1);
  });

  it('runs again after a failure', async () => {
    let runs = 0;
    const work = idempotent(async () => {
      runs += 1;
      if (runs === 1) throw new Error('no');
      return { runs };
    });
    await expect(work('key')).rejects.toThrow();
    expect(await work('key')).toEqual({ runs: 2 });
  });
});
