/** Locks keys in the one DynamoDB table, and remembers which of them are done, with Powertools' persistence layer. */
import {
  IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyRecordStatus,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

/**
 * `acquired`: the work is the caller's. `done`: it was done before. `in_progress`: another caller has the lock; it works on it,
 * or it has crashed and its lock has not expired yet.
 */
export type Acquisition = 'acquired' | 'done' | 'in_progress';

/** The lock of one key. */
export interface Lock {
  /**
   * Tries to get the lock. It expires when the invocation must have ended, so that a crash blocks the key no longer.
   *
   * @throws the SDK's error where the table does not answer; the lock may be held then
   */
  readonly acquire: (context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<Acquisition>;
  /** Remembers that the work is done. Never throws. */
  readonly markDone: () => Promise<void>;
  /** Gives the key back because the work failed. Never throws. */
  readonly release: () => Promise<void>;
}

interface Options {
  readonly tableName: string;
  readonly client: DynamoDBClient;
  /** Keeps the keys of verifiers and consumers apart in the one table. */
  readonly keyPrefix: string;
  /** How long a key that is done is remembered. */
  readonly rememberSeconds: number;
  /** Called when done work could not be marked as done: a later call with the key will do it again. */
  readonly onUnmarked: (key: string, error: unknown) => void;
}

/** What Powertools stores with a key that is done. `makeIdempotent`, which earlier versions used, stored the same. */
const RESULT = { done: true };

/** Makes the function that gives the lock of a key. The items are those of Powertools' `makeIdempotent`. */
export function createLocks({ tableName, client, keyPrefix, rememberSeconds, onUnmarked }: Options) {
  const store = new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client });
  const config = new IdempotencyConfig({ hashFunction: 'sha256', expiresAfterSeconds: rememberSeconds });
  store.configure({ config, keyPrefix });

  return (key: string): Lock => ({
    acquire: async (context) => {
      try {
        await store.saveInProgress(key, context.getRemainingTimeInMillis());
        return 'acquired';
      } catch (error) {
        if (!(error instanceof IdempotencyItemAlreadyExistsError)) throw error;
        // A key that expires at this very moment counts as in progress: the caller's next try gets it.
        const isDone = error.existingRecord?.getStatus() === IdempotencyRecordStatus.COMPLETED;
        return isDone ? 'done' : 'in_progress';
      }
    },
    markDone: async () => {
      try {
        await store.saveSuccess(key, RESULT);
      } catch (error) {
        onUnmarked(key, error);
      }
    },
    release: async () => {
      try {
        await store.deleteRecord(key);
      } catch {
        // The lock expires by itself. What made the work fail is the error that counts.
      }
    },
  });
}
