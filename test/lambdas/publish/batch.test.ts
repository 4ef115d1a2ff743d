/** How the records of one batch are worked on together, in process, against real services over HTTP. */
import '../../support/quiet';

import timers from 'node:timers/promises';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { BUCKET_NAME, failing, lambdaContext, startAws, TABLE_NAME } from '../../support/aws-in-process';
import { type Consumer, handOver, newMessage } from '../../support/messages';
import { newConsumer } from '../../support/runtimes';
import { until } from '../../support/until';

let aws: Awaited<ReturnType<typeof startAws>>;
let consumer: Consumer;
beforeAll(async () => {
  aws = await startAws();
  consumer = await newConsumer();
});
afterEach(() => {
  jest.restoreAllMocks();
  aws.mend();
  aws.events.length = 0;
});
afterAll(() => aws.close());

/** Hands messages to the consumer as one batch; gives the places of those that it reports as failed. */
const consume = (messages: readonly object[]) => handOver(consumer, messages);

const published = () => aws.events.map(({ detail }) => JSON.parse(detail).id as string).sort();
const idsOf = (messages: readonly { eventId: string }[]) => messages.map(({ eventId }) => eventId).sort();
const batch = (size: number) => Array.from({ length: size }, () => newMessage());

/** Has records wait for each other's locks without a limit, however slow the machine. */
const waitWithoutLimit = () => jest.spyOn(timers, 'setTimeout').mockReturnValue(new Promise(() => {}));

/** Writes down each call of these operations, with the number of its entries where it has some. */
function writeDownCalls(...operations: readonly string[]): string[] {
  const calls: string[] = [];
  for (const operation of operations) {
    aws.break(operation, (original) => (input: { Entries?: object[] }, call) => {
      calls.push(`${operation}${input.Entries ? ` of ${input.Entries.length}` : ''}`);
      return original(input, call);
    });
  }
  return calls;
}

it('publishes ten records with one call', async () => {
  const calls = writeDownCalls('PutEvents');
  waitWithoutLimit();
  expect(await consume(batch(10))).toEqual([]);
  expect(calls).toEqual(['PutEvents of 10']);
});

it('does not hold up the others for a lock that hangs, and publishes that record too', async () => {
  const { promise: locked, resolve: unlock } = Promise.withResolvers<void>();
  let hanging: string | undefined;
  aws.break(
    'PutItem',
    (original) => async (input: { readonly Item: { readonly id: { readonly S: string } } }, call) => {
      hanging ??= input.Item.id.S;
      if (input.Item.id.S === hanging) await locked;
      return original(input, call);
    },
  );
  const messages = batch(10);
  const consuming = consume(messages);
  await until(() => aws.events.length === 9, 'the events of all others');
  unlock();
  expect(await consuming).toEqual([]);
  expect(published()).toEqual(idsOf(messages));
});

it('fetches a large body once the event of the one before is published, and no earlier than all small ones are', async () => {
  const s3 = new S3Client({ forcePathStyle: true });
  const key = 'deliveries/recall/large';
  await s3.send(new PutObjectCommand({ Bucket: BUCKET_NAME, Key: key, Body: '{"data":{"bot":{"id":"b"}}}' }));
  s3.destroy();
  const calls = writeDownCalls('GetObject', 'PutEvents');
  waitWithoutLimit();
  const large = () => newMessage({ body: { bucket: BUCKET_NAME, key } });
  const messages = [large(), newMessage(), large(), newMessage(), large()];
  expect(await consume(messages)).toEqual([]);
  const alone = ['GetObject', 'PutEvents of 1'];
  expect(calls).toEqual(['PutEvents of 2', ...alone, ...alone, ...alone]);
  expect(published()).toEqual(idsOf(messages));
});

it('loses neither copy of a message where the one that was to be published fails', async () => {
  const message = newMessage();
  aws.break('PutEvents', failing);
  expect(await consume([message, message])).toEqual([0, 1]);
  aws.mend();
  const failed = await consume([message, message]);
  expect(failed).toHaveLength(1);
  expect(await consume([message])).toEqual([]);
  expect(published()).toEqual([message.eventId]);
});

describe('what an earlier version has in the table', () => {
  let dynamoDb: DynamoDBClient;
  beforeAll(() => {
    dynamoDb = new DynamoDBClient();
  });
  afterAll(() => dynamoDb.destroy());

  /** Works on a key as earlier versions did. */
  const workAsBefore = (keyPrefix: string, key: string, work: () => Promise<void>) => {
    const config = new IdempotencyConfig({ hashFunction: 'sha256', expiresAfterSeconds: 3600 });
    config.registerLambdaContext(lambdaContext());
    const persistenceStore = new DynamoDBPersistenceLayer({ tableName: TABLE_NAME, awsSdkV3Client: dynamoDb });
    const run = async (_key: string) => {
      await work();
      return { done: true };
    };
    return makeIdempotent(run, { persistenceStore, config, keyPrefix })(key);
  };

  /** The items with a prefix of their key, without the key; of their times only whether they have them. */
  async function itemsOf(keyPrefix: string): Promise<object[]> {
    const { Items = [] } = await dynamoDb.send(new ScanCommand({ TableName: TABLE_NAME }));
    const own = Items.filter(({ id }) => id?.S?.startsWith(`${keyPrefix}#`));
    return own.map(({ id: _, expiration, in_progress_expiration, ...item }) => ({
      ...item,
      times: [typeof expiration?.N, typeof in_progress_expiration?.N],
    }));
  }

  it.each([
    ['event', {}],
    ['reprocessed', { reprocess: 'schema_mismatch' }],
  ])('of %s: is neither published again nor taken from its holder', async (keyPrefix, changes) => {
    const message = newMessage(changes);
    await workAsBefore(keyPrefix, message.eventId, async () => {
      expect(await consume([message])).toEqual([0]);
    });
    expect(await consume([message])).toEqual([]);
    expect(published()).toEqual([]);
  });

  it.each([
    ['event', {}],
    ['reprocessed', { reprocess: 'schema_mismatch' }],
  ])(
    'of %s: is what this version writes, and an earlier one does not publish that again',
    async (keyPrefix, changes) => {
      const message = newMessage(changes);
      await workAsBefore(keyPrefix, 'another', async () => {});
      expect(await consume([message])).toEqual([]);
      const [item, ...others] = await itemsOf(keyPrefix);
      expect(others).not.toEqual([]);
      expect(others).toEqual(others.map(() => item));
      const again = jest.fn(async () => {});
      await workAsBefore(keyPrefix, message.eventId, again);
      expect(again).not.toHaveBeenCalled();
      expect(published()).toEqual([message.eventId]);
    },
  );
});
