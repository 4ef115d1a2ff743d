/** A database that is stopped while it works: dynalite would end the process. */
import { type DynamoDb, startDynamoDb } from '../../src/dynamodb/dynamodb';

const TableName = 'deliveries';
const TABLE = {
  TableName,
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  BillingMode: 'PAY_PER_REQUEST',
};
const ITEMS = 300;

let database: DynamoDb;
beforeEach(async () => {
  database = startDynamoDb();
  await database.createTable(TABLE, 'expiration');
  for (let id = 0; id < ITEMS; id++) {
    await database.operations.PutItem!(
      { TableName, Item: { id: { S: String(id) }, expiration: { N: '1' } } },
      {} as never,
    );
  }
});

it('ends what is under way before it closes', async () => {
  const scan = database.operations.Scan!({ TableName }, {} as never);
  await database.close();
  expect(await scan).toMatchObject({ Count: ITEMS });
});

it('does not wait until all that is past has been swept', async () => {
  const sweep = database.sweepExpired().catch((error) => error);
  await database.close();
  expect(await sweep).toMatchObject({ status: 500, message: 'DynamoDB has been stopped.' });
});
