/** DynamoDB's time to live, which dynalite lacks: which attribute of a table it is, and the sweep of what is past. */

import { AwsError } from '../service';
import type { DynaliteCall } from './dynalite-calls';

type Item = Record<string, { N?: string; S?: string }>;

export interface TimeToLive {
  /** Operation UpdateTimeToLive. */
  update(input: UpdateTimeToLiveInput): Promise<object>;
  /** Operation DescribeTimeToLive. */
  describe(input: { TableName: string }): Promise<object>;
  /** Deletes the items whose time is past. */
  sweep(): Promise<void>;
}

interface UpdateTimeToLiveInput {
  readonly TableName: string;
  readonly TimeToLiveSpecification: { readonly Enabled: boolean; readonly AttributeName: string };
}

/** @param now the clock, in milliseconds since the epoch */
export function createTimeToLive(call: DynaliteCall, now: () => number): TimeToLive {
  const attributes = new Map<string, string>();

  return {
    async update({ TableName, TimeToLiveSpecification }) {
      await call('DescribeTable', { TableName });
      const { Enabled, AttributeName } = TimeToLiveSpecification;
      if (Enabled) attributes.set(TableName, AttributeName);
      else if (!attributes.delete(TableName))
        throw new AwsError('ValidationException', 'TimeToLive is already disabled');
      return { TimeToLiveSpecification };
    },

    async describe({ TableName }) {
      await call('DescribeTable', { TableName });
      const AttributeName = attributes.get(TableName);
      return { TimeToLiveDescription: { TimeToLiveStatus: AttributeName ? 'ENABLED' : 'DISABLED', AttributeName } };
    },

    async sweep() {
      for (const [table, attribute] of attributes) {
        await sweepTable(call, table, attribute, Math.floor(now() / 1_000)).catch((error) => {
          if (error.code !== 'ResourceNotFoundException') throw error;
          attributes.delete(table);
        });
      }
    },
  };
}

/** Both the search and each deletion hold the condition: an item may have been renewed between the two. */
async function sweepTable(call: DynaliteCall, TableName: string, attribute: string, seconds: number): Promise<void> {
  const condition = {
    ExpressionAttributeNames: { '#ttl': attribute },
    ExpressionAttributeValues: { ':now': { N: String(seconds) } },
  };
  let ExclusiveStartKey: Item | undefined;
  do {
    const page: { Items: Item[]; LastEvaluatedKey?: Item } = await call('Scan', {
      TableName,
      ExclusiveStartKey,
      FilterExpression: '#ttl < :now',
      ...condition,
    });
    for (const item of page.Items) {
      const Key = await keyOf(call, TableName, item);
      await call('DeleteItem', { TableName, Key, ConditionExpression: '#ttl < :now', ...condition }).catch((error) => {
        if (error.code !== 'ConditionalCheckFailedException') throw error;
      });
    }
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/** The key attributes of an item. */
export async function keyOf(call: DynaliteCall, TableName: string, item: Item): Promise<Item> {
  type Description = { Table: { KeySchema: { AttributeName: string }[] } };
  const { Table } = await call<Description>('DescribeTable', { TableName });
  return Object.fromEntries(Table.KeySchema.map(({ AttributeName }) => [AttributeName, item[AttributeName]!]));
}
