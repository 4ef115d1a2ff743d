/** Reads the notes that consumers keep of what they publish. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type AttributeValue, BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Note, notedSinceKeyOf, notesIn } from '../publish/occurrences';

/** BatchGetItem takes no more keys. */
const MOST_KEYS = 100;

/** Tries to read keys that DynamoDB leaves out because of its rate limit. */
const TRIES = 8;

const FIRST_WAIT_MS = 50;

/**
 * Milliseconds: a deployment reaches the consumer of one family minutes after that of another, so until then some events
 * may have been published without a note.
 */
const DEPLOYING_MS = 10 * 60_000;

export type Item = Readonly<Record<string, AttributeValue>>;

/** Reads items of the table by their keys. */
export class Notes {
  constructor(
    private readonly client: DynamoDBClient,
    private readonly tableName: string,
  ) {}

  /** Since when each published event of a provider has a note, in milliseconds since 1970; undefined if none has. */
  async since(provider: string): Promise<number | undefined> {
    const key = notedSinceKeyOf(provider);
    const since = (await this.items([key])).get(key)?.since?.S;
    return since === undefined ? undefined : Date.parse(since) + DEPLOYING_MS;
  }

  /** The notes under these keys. */
  async read(keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, readonly Note[]>> {
    const items = await this.items(keys, signal);
    return new Map([...items].map(([key, item]) => [key, notesIn(item)]));
  }

  /** The items that there are under these keys. */
  async items(keys: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Item>> {
    const found = new Map<string, Item>();
    const distinct = [...new Set(keys)];
    for (let index = 0; index < distinct.length; index += MOST_KEYS) {
      signal?.throwIfAborted();
      await this.#batch(distinct.slice(index, index + MOST_KEYS), found);
    }
    return found;
  }

  async #batch(keys: readonly string[], found: Map<string, Item>): Promise<void> {
    let left = keys.map((key) => ({ id: { S: key } }) as Record<string, AttributeValue>);
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await sleep(FIRST_WAIT_MS * 2 ** (tries - 1));
      if (tries === TRIES) throw new Error('DynamoDB does not read the whole table now. Try again later.');
      const RequestItems = { [this.tableName]: { Keys: left, ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await this.client.send(new BatchGetItemCommand({ RequestItems }));
      for (const item of Responses?.[this.tableName] ?? []) found.set(item.id?.S ?? '', item);
      left = UnprocessedKeys?.[this.tableName]?.Keys ?? [];
    }
  }
}
