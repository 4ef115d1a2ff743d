/** Locks keys in the DynamoDB table, and records which are done, with Powertools' persistence layer. */
import {
  IdempotencyConfig,
  IdempotencyItemAlreadyExistsError,
  IdempotencyRecordStatus,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

/**
 * `acquired`: the caller must do the work. `done`: the work was done before. `in_progress`: another caller has the
 * lock; it is still working, or it has crashed and its lock has not expired yet.
 */
export type Acquisition = 'acquired' | 'done' | 'in_progress';

/** The lock of one key. */
export interface Lock {
  /**
   * Tries to acquire the lock. It expires when the function's timeout has passed, so a crash does not block the key for
   * longer.
   *
   * @throws the SDK's error if the table does not respond; the lock may be held then
   */
  readonly acquire: (context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<Acquisition>;
  /** Marks the work as done. Never throws. */
  readonly markDone: () => Promise<void>;
  /** Releases the lock because the work failed. Never throws. */
  readonly release: () => Promise<void>;
}

interface Options {
  readonly tableName: string;
  readonly client: DynamoDBClient;
  /** Separates the keys of verifiers and consumers in the table. */
  readonly keyPrefix: string;
  /** How long a done key is remembered. */
  readonly rememberSeconds: number;
  /** Called when work could not be marked as done: a later call with the key will do it again. */
  readonly onUnmarked: (key: string, error: unknown) => void;
}

/**
 * The result that Powertools stores with a done key. `makeIdempotent`, which earlier versions used, stored the same.
 */
const RESULT = { done: true };

/**
 * Makes the function that returns the lock of a key. Its items are the same as those of Powertools' `makeIdempotent`.
 */
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
        // A key that expires at this moment counts as in progress: the caller's next try acquires it.
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
        // The lock expires by itself. The caller should see the error of the work, not this one.
      }
    },
  });
}
