/** Records of a provider in the table, each one item that does not expire. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { RecordStore, StoredRecord } from '../../providers/runtime';

/**
 * The store in that table. Its keys begin with `<name>#<provider>`; keys of deliveries and events have other prefixes.
 */
export function createRecordStore(client: DynamoDBClient, tableName: string, provider: string): RecordStore {
  const idOf = (name: string) => `${name}#${provider}`;
  return {
    read: async (name) => {
      const command = new GetItemCommand({ TableName: tableName, Key: marshall({ id: idOf(name) }) });
      const { Item } = await client.send(command);
      return Item && (unmarshall(Item) as StoredRecord);
    },
    write: async (name, record, unlessSame) => {
      const item = { ...record, id: idOf(name) };
      const command = new PutItemCommand({
        TableName: tableName,
        Item: marshall(item, { removeUndefinedValues: true }),
        ConditionExpression: 'attribute_not_exists(id) OR #same <> :same',
        ExpressionAttributeNames: { '#same': unlessSame },
        ExpressionAttributeValues: marshall({ ':same': record[unlessSame] }),
      });
      await client.send(command).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
    },
  };
}
