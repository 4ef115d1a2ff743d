/** A snapshot consists of sections. Each section saves and restores one kind of state. */
import type { DynamoDb } from '../dynamodb/dynamodb';
import type { EventBridge } from '../eventbridge/event-bridge';
import type { Buckets } from '../s3/s3-service';
import type { SecretStore } from '../secrets-manager/secret-store';
import type { Queues } from '../sqs/queues';
import type { ResolvedStack } from '../template/stack';

/** Everything in a local cloud that holds state. */
export interface State {
  readonly stack: ResolvedStack;
  readonly queues: Queues;
  readonly dynamoDb: DynamoDb;
  readonly buckets: Buckets;
  readonly secrets: SecretStore;
  readonly eventBridge: EventBridge;
}

/** One kind of state. A record is anything that JSON can hold. */
export interface Section<Record extends object> {
  save(state: State): Iterable<Record> | AsyncIterable<Record>;
  /** @returns names of what the records belong to and that is not there any more; these records are left out */
  restore(state: State, records: readonly Record[]): Iterable<string> | Promise<Iterable<string>>;
}

/** Names of the resources of a type that the template declares. What was made from outside is not among them. */
export const declaredNames = ({ stack }: State, type: string): ReadonlySet<string> =>
  new Set(stack.ofType(type).map(({ name }) => name));
