/**
 * Keeps the digests of the URL's tokens in the idempotency table, as one item that does not expire: a copy of the verifier that
 * starts while Secrets Manager is down knows by them whose webhook a delivery comes from. The tokens themselves are never there.
 */
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';

/** Key of the item. Keys of deliveries and events have other prefixes. */
const ITEM_ID = 'tokens#realtimekit';

/** Milliseconds for a look into the table: a delivery waits for it. */
const READ_MS = 500;

/** Where all copies of the verifier find the digests. */
export interface TokenStore {
  /** The digests that were kept last; undefined where none ever were. */
  readonly read: () => Promise<readonly Buffer[] | undefined>;
  /** Keeps these in the place of others. */
  readonly write: (digests: readonly Buffer[]) => Promise<void>;
}

/** The store in that table. */
export function createTokenStore(client: DynamoDBClient, tableName: string): TokenStore {
  return {
    read: async () => {
      const command = new GetItemCommand({ TableName: tableName, Key: { id: { S: ITEM_ID } } });
      const { Item } = await client.send(command, { abortSignal: AbortSignal.timeout(READ_MS) });
      return Item?.digests?.L?.map(({ S = '' }) => Buffer.from(S, 'base64'));
    },
    write: async (digests) => {
      const list = { L: digests.map((digest) => ({ S: digest.toString('base64') })) };
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: { id: { S: ITEM_ID }, digests: list },
            ConditionExpression: 'attribute_not_exists(id) OR #digests <> :digests',
            ExpressionAttributeNames: { '#digests': 'digests' },
            ExpressionAttributeValues: { ':digests': list },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    },
  };
}
