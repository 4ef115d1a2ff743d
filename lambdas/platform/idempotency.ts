/** Runs a function once for each key, with Powertools and the one DynamoDB table. */
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';

/** What became of one call: `run`, or `seen` where an earlier call with the key has succeeded. */
export type OnceOutcome = 'run' | 'seen';

interface Options {
  readonly tableName: string;
  readonly client: DynamoDBClient;
  /** Keeps the keys of verifiers and consumers apart in the one table. */
  readonly keyPrefix: string;
  /** How long a key is remembered. */
  readonly rememberSeconds: number;
  /** Told when work was done and could not be marked as done; a later call with the key will do it again. */
  readonly onUnmarked: (key: string, error: unknown) => void;
}

/**
 * Makes the runner. Each has its own persistence layer, because one that is shared mixes up the prefixes of calls
 * that run at the same time.
 *
 * @returns `run`, which throws what the work throws, and, where the work was not begun, Powertools' errors, see
 *   {@link isInProgress} and {@link isTableFailure}; `startInvocation`, to be called with the Lambda context before: it
 *   bounds the lock, so that a crash holds a key no longer than the function could have run; and `markDone`, for work
 *   that was done although `run` threw
 */
export function createOnce({ tableName, client, keyPrefix, rememberSeconds, onUnmarked }: Options) {
  const config = new IdempotencyConfig({ hashFunction: 'sha256', expiresAfterSeconds: rememberSeconds });
  const persistenceStore = new DynamoDBPersistenceLayer({ tableName, awsSdkV3Client: client });
  // A plain literal: an undefined or a Date could not be stored, after the work is done.
  const result = { done: true };
  const runIdempotently = makeIdempotent(
    async (_key: string, work: () => Promise<void>) => {
      await work();
      return result;
    },
    { persistenceStore, config, keyPrefix },
  );
  return {
    startInvocation: (context: Context) => config.registerLambdaContext(context),
    run: async (key: string, work: () => Promise<void>): Promise<OnceOutcome> => {
      let isDone = false;
      let failure: { readonly error: unknown } | undefined;
      const workOnce = async () => {
        try {
          await work();
          isDone = true;
        } catch (error) {
          failure = { error };
          throw error;
        }
      };
      try {
        await runIdempotently(key, workOnce);
      } catch (error) {
        // Where the lock could not be released either, Powertools tells of that alone.
        if (failure) throw failure.error;
        if (!isDone) throw error;
        onUnmarked(key, error);
      }
      return isDone ? 'run' : 'seen';
    },
    markDone: async (key: string): Promise<void> => {
      try {
        await persistenceStore.saveSuccess(key, result);
      } catch (error) {
        onUnmarked(key, error);
      }
    },
  };
}

/** The table has the key, and whoever put it there has neither finished nor run out of time: it works, or is dead. */
export const isInProgress = (error: unknown): boolean =>
  error instanceof Error && error.name === 'IdempotencyAlreadyInProgressError';

/** The table did not answer, or not clearly, and the work was not begun. */
export const isTableFailure = (error: unknown): boolean => error instanceof Error && TABLE_FAILURES.has(error.name);

/** The second: the key expired, or was released, each time that Powertools looked. */
const TABLE_FAILURES: ReadonlySet<string> = new Set([
  'IdempotencyPersistenceLayerError',
  'IdempotencyInconsistentStateError',
]);
