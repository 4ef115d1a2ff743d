/** Keeps RealtimeKit's public keys in the idempotency table, as one item that does not expire. */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { KeyStore } from './keys';

/** Key of the item. Keys of deliveries and events have other prefixes. */
const ITEM_ID = 'key#realtimekit';

/** The store in that table. */
export function createKeyStore(client: DynamoDBClient, tableName: string): KeyStore {
  return {
    read: async () => {
      const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: { id: { S: ITEM_ID } } }));
      const { current, previous, rotatedAt } = Item ?? {};
      if (current?.S === undefined) return undefined;
      return { current: current.S, previous: previous?.S, rotatedAt: Number(rotatedAt?.N ?? 0) };
    },
    write: async ({ current, previous, rotatedAt }) => {
      const item = {
        id: { S: ITEM_ID },
        current: { S: current },
        rotatedAt: { N: String(rotatedAt) },
        ...(previous !== undefined && { previous: { S: previous } }),
      };
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: item,
            ConditionExpression: 'attribute_not_exists(id) OR #current <> :current',
            ExpressionAttributeNames: { '#current': 'current' },
            ExpressionAttributeValues: { ':current': { S: current } },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
