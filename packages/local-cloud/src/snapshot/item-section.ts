/** The items of DynamoDB's tables. Tables that were made from outside are not kept. */
import type { DynamoDb } from '../dynamodb/dynamodb';
import { LOCAL_ACCOUNT } from '../service';
import { declaredNames, type Section, type State } from './section';

interface ItemRecord {
  readonly table: string;
  readonly item: object;
}

interface ScanOutput {
  readonly Items: readonly object[];
  readonly LastEvaluatedKey?: object;
}

export const itemSection: Section<ItemRecord> = {
  async *save(state) {
    const { dynamoDb } = state;
    for (const table of tableNames(state)) {
      let page: ScanOutput | undefined;
      do {
        const ExclusiveStartKey = page?.LastEvaluatedKey;
        page = await call<ScanOutput>(dynamoDb, 'Scan', { TableName: table, ExclusiveStartKey });
        for (const item of page.Items) yield { table, item };
      } while (page.LastEvaluatedKey);
    }
  },

  async restore(state, records) {
    const { dynamoDb } = state;
    const tables = tableNames(state);
    const leftOut = new Set<string>();
    for (const { table, item } of records) {
      if (tables.has(table)) await call(dynamoDb, 'PutItem', { TableName: table, Item: item });
      else leftOut.add(`items of the table ${table}`);
    }
    return leftOut;
  },
};

const tableNames = (state: State): ReadonlySet<string> =>
  declaredNames(state, 'AWS::DynamoDB::GlobalTable').union(declaredNames(state, 'AWS::DynamoDB::Table'));

function call<Output extends object>(dynamoDb: DynamoDb, operation: string, input: object): Promise<Output> {
  const context = { accessKeyId: LOCAL_ACCOUNT, signal: new AbortController().signal };
  return dynamoDb.operations[operation]!(input, context) as Promise<Output>;
}
