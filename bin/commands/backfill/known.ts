/** What Meetbus knows: the notes that consumers keep of what they publish. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Note, notedSinceKeyOf, notesIn } from '../../../lambdas/publish/occurrences';
import { type Deployment, outputOf } from '../../deployment';

/** BatchGetItem takes no more keys. */
const MOST_KEYS = 100;

/** Tries to read keys that DynamoDB leaves out because of its rate limit. */
const TRIES = 8;

const FIRST_WAIT_MS = 50;

type Item = Readonly<Record<string, AttributeValue>>;

/** The notes of a deployment. */
export class Notes {
  readonly #client: DynamoDBClient;
  readonly #table: string;

  constructor(deployment: Deployment) {
    this.#client = new DynamoDBClient({ ...deployment.clientConfig, maxAttempts: 10 });
    this.#table = outputOf(deployment, 'TableName');
  }

  /** When the deployment began to note what it publishes of a provider, in milliseconds since 1970; undefined if it has not. */
  async since(provider: string): Promise<number | undefined> {
    const key = notedSinceKeyOf(provider);
    const since = (await this.#read([key])).get(key)?.since?.S;
    return since === undefined ? undefined : Date.parse(since);
  }

  /** The notes under these keys. */
  async read(keys: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, readonly Note[]>> {
    const notes = new Map<string, readonly Note[]>();
    const distinct = [...new Set(keys)];
    for (let index = 0; index < distinct.length; index += MOST_KEYS) {
      signal.throwIfAborted();
      const items = await this.#read(distinct.slice(index, index + MOST_KEYS));
      for (const [key, item] of items) notes.set(key, notesIn(item));
    }
    return notes;
  }

  close(): void {
    this.#client.destroy();
  }

  async #read(keys: readonly string[]): Promise<Map<string, Item>> {
    const found = new Map<string, Item>();
    let left = keys.map((key) => ({ id: { S: key } }) as Record<string, AttributeValue>);
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await sleep(FIRST_WAIT_MS * 2 ** (tries - 1));
      if (tries === TRIES) throw new Error('DynamoDB does not read the whole table now. Try again later.');
      const RequestItems = { [this.#table]: { Keys: left, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await this.#client.send(new BatchGetItemCommand({ RequestItems }));
      for (const item of Responses?.[this.#table] ?? []) found.set(item.id?.S ?? '', item);
      left = UnprocessedKeys?.[this.#table]?.Keys ?? [];
    }
    return found;
  }
}
