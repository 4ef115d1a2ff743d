/**
 * DynamoDB: dynalite, and what it lacks of what a program relies on: the item in a failed conditional write,
 * and time to live.
 */

import { setTimeout } from 'node:timers/promises';
import { AwsError, type AwsService, type Operation } from '../service';
import { createDynalite, type DynaliteCall } from './dynalite-calls';
import { createTimeToLive, keyOf } from './time-to-live';

/** A service for the front door, with what the local cloud itself needs of it. */
export interface DynamoDb extends AwsService {
  /**
   * Creates a table as CreateTable does; it is active when this resolves.
   *
   * @param timeToLiveAttribute holds the time in seconds since the epoch after which an item may go
   * @throws AwsError `ResourceInUseException`, `ValidationException`
   */
  createTable(input: { TableName: string }, timeToLiveAttribute?: string): Promise<void>;
  /** Deletes the items whose time to live is past. Happens by itself now and then. */
  sweepExpired(): Promise<void>;
  /** Ends it, and removes what it has kept. */
  close(): Promise<void>;
}

interface WriteInput {
  readonly TableName: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly ReturnValuesOnConditionCheckFailure?: string;
}

type Item = Record<string, object>;

const PASSED_ON = [
  'BatchGetItem',
  'DeleteTable',
  'DescribeTable',
  'GetItem',
  'ListTables',
  'Query',
  'Scan',
  'UpdateTable',
];
const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];

/** AWS takes up to days. */
const SWEEP_INTERVAL_MS = 60_000;

/** @param now the clock of the time to live, in milliseconds since the epoch */
export function startDynamoDb(now: () => number = Date.now): DynamoDb {
  const { call, close } = createDynalite();
  const timeToLive = createTimeToLive(call, now);
  const inTurn = oneAtATime();
  let isClosed = false;
  const sweep = () => timeToLive.sweep().catch((error) => isClosed || console.error(error));
  const sweeps = setInterval(sweep, SWEEP_INTERVAL_MS).unref();
  const pass = (name: string): [string, Operation] => [name, (input) => call(name, input)];
  const write = (name: string): [string, Operation] => [name, (input) => inTurn(() => runWrite(call, name, input))];

  return {
    targetPrefix: 'DynamoDB_20120810',
    client: () => import('@aws-sdk/client-dynamodb'),
    operations: {
      ...Object.fromEntries([...PASSED_ON.map(pass), ...WRITES.map(write)]),
      CreateTable: (input) => createTable(call, input),
      UpdateTimeToLive: timeToLive.update,
      DescribeTimeToLive: timeToLive.describe,
    },
    async createTable(input, timeToLiveAttribute) {
      await createTable(call, input);
      if (!timeToLiveAttribute) return;
      await timeToLive.update({
        TableName: input.TableName,
        TimeToLiveSpecification: { Enabled: true, AttributeName: timeToLiveAttribute },
      });
    },
    sweepExpired: timeToLive.sweep,
    close: () => {
      isClosed = true;
      clearInterval(sweeps);
      return close();
    },
  };
}

/** Waits until the table is active. */
async function createTable(call: DynaliteCall, input: { TableName: string }): Promise<object> {
  await call('CreateTable', input);
  for (;;) {
    const { Table } = await call<{ Table: { TableStatus: string } }>('DescribeTable', { TableName: input.TableName });
    if (Table.TableStatus === 'ACTIVE') return { TableDescription: Table };
    await setTimeout(1);
  }
}

async function runWrite(call: DynaliteCall, operation: string, input: WriteInput): Promise<object> {
  try {
    return await call(operation, input);
  } catch (error) {
    const isItemWanted = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    if (!(error instanceof AwsError) || error.code !== 'ConditionalCheckFailedException' || !isItemWanted) throw error;
    const { TableName } = input;
    const Key = input.Key ?? (await keyOf(call, TableName, input.Item ?? {}));
    const { Item } = await call<{ Item?: Item }>('GetItem', { TableName, Key, ConsistentRead: true });
    throw new AwsError(error.code, error.message, error.status, { ...error.details, Item });
  }
}

/** Writes run one after the other, so that the item shown for a failed condition is the one that failed it. */
function oneAtATime(): <Output>(work: () => Promise<Output>) => Promise<Output> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}
