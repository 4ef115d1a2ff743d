/** What brings stored deliveries back to their queue, in process, against real services over HTTP. */
import '../../support/quiet';

import { S3 } from '@aws-sdk/client-s3';
import { AwsError } from '@meetbus/local-cloud/service';
import type { Context } from 'aws-lambda';
import { BUCKET_NAME, failing, lambdaContext, startAws } from '../../support/aws-in-process';
import { inParallel } from '../../support/parallel';
import { until } from '../../support/until';

// Hundreds of calls over HTTP: on a busy machine they take long.
jest.setTimeout(60_000);

let aws: Awaited<ReturnType<typeof startAws>>;
let s3: S3;
let run: (context?: Context) => Promise<void>;

beforeAll(async () => {
  aws = await startAws();
  s3 = new S3({ forcePathStyle: true });
  const { handler } = await import('../../../lambdas/fallback');
  run = (context = lambdaContext(50_000)) => handler({}, context);
});
beforeEach(async () => {
  for (const family of ['bot', 'recording']) await messagesOf(family);
  aws.bucket.clear();
});
afterEach(() => aws.mend());
afterAll(async () => {
  s3.destroy();
  await aws.close();
});

const TIME = '2026-03-02T09:30:00.000Z';
const idOf = (n: number): string => n.toString(16).padStart(32, '0');

const messageOf = (n: number, family: string, provider = 'recall'): string =>
  JSON.stringify({
    ...{ provider, providerEvent: 'bot.done', family, deliveryId: `msg_${n}`, eventId: idOf(n) },
    ...{ correlationId: 'c', receivedTime: TIME, traceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
    body: { base64: 'e30=' },
  });

/** Puts an object where a verifier would. */
const store = (n: number, family = 'bot', content?: string, key = `fallback/recall/${TIME}/${family}/${idOf(n)}`) =>
  s3.putObject({
    ...{ Bucket: BUCKET_NAME, Key: key },
    Body: content ?? JSON.stringify({ text: messageOf(n, family), groupId: `group-${n}` }),
  });

/** Takes all messages of a family's queue. */
async function messagesOf(family: string) {
  const queue = aws.queues.byName(family)!;
  const received = await queue.receive({ maxMessages: 10_000, waitSeconds: 0 });
  for (const { receiptHandle } of received) queue.delete(receiptHandle);
  return received;
}

const idsOf = async (family: string) =>
  (await messagesOf(family)).map(({ body }) => JSON.parse(body).eventId as string);
const keysLeft = () => [...aws.bucket.keys()].sort();

it('brings each to the queue of its family, as the verifier would have sent it, and then deletes it', async () => {
  await store(1);
  await store(2, 'recording');
  await run();
  const [message, ...rest] = await messagesOf('bot');
  expect(rest).toEqual([]);
  expect(message).toMatchObject({
    body: messageOf(1, 'bot'),
    attributes: { MessageGroupId: 'group-1', AWSTraceHeader: 'Root=1-5759e988-bd862e3fe1be46a994272793' },
  });
  expect(await idsOf('recording')).toEqual([idOf(2)]);
  expect(keysLeft()).toEqual([]);
});

it('leaves alone what is not below its prefix', async () => {
  await store(1, 'bot', 'a large body', 'deliveries/recall/1');
  await run();
  expect(keysLeft()).toEqual(['deliveries/recall/1']);
});

it('brings back more than a page of a list, oldest first as near as may be', async () => {
  const all = Array.from({ length: 1_200 }, (_, n) => n);
  await inParallel(32, all, (n) => store(n));
  await run();
  const ids = await idsOf('bot');
  // On a busy machine a call may fail, and the object waits for the next run. A page has 1,000.
  expect(ids.length).toBeGreaterThan(1_100);
  // Ten are on their way at a time.
  expect(ids.every((id, place) => Math.abs(Number.parseInt(id, 16) - place) < 100)).toBe(true);
  await until(async () => {
    await run();
    return keysLeft().length === 0;
  }, 'the rest to be brought back');
  expect([...new Set([...ids, ...(await idsOf('bot'))])].sort()).toEqual(all.map(idOf));
}, 180_000);

it('may run twice at a time: nothing is lost', async () => {
  const all = Array.from({ length: 60 }, (_, n) => n);
  await inParallel(16, all, (n) => store(n));
  await Promise.all([run(), run()]);
  expect([...new Set(await idsOf('bot'))].sort()).toEqual(all.map(idOf));
  await run();
  expect(keysLeft()).toEqual([]);
});

it('stops in time, and the next run goes on', async () => {
  await inParallel(
    16,
    Array.from({ length: 30 }, (_, n) => n),
    (n) => store(n),
  );
  let looks = 0;
  // Time for one round of ten.
  await run({ getRemainingTimeInMillis: () => (looks++ < 1 ? 50_000 : 5_000) } as Context);
  expect(keysLeft()).toHaveLength(20);
  await run();
  expect(keysLeft()).toEqual([]);
  expect(await idsOf('bot')).toHaveLength(30);
});

describe('a queue that is down', () => {
  it('keeps its messages where they are, is not tried for each, and holds up no other queue', async () => {
    await inParallel(
      16,
      Array.from({ length: 100 }, (_, n) => n),
      (n) => store(n),
    );
    await store(200, 'recording');
    let tries = 0;
    aws.break('SendMessage', (original) => (input, call) => {
      if (!input.QueueUrl.endsWith('/bot')) return original(input, call);
      tries += 1;
      throw new AwsError('InternalServerError', 'The queue is down.', 500);
    });
    await run();
    expect(await idsOf('recording')).toEqual([idOf(200)]);
    expect(keysLeft()).toHaveLength(100);
    // One round of ten, each tried twice.
    expect(tries).toBeLessThanOrEqual(20);
    aws.mend();
    await run();
    expect(await idsOf('bot')).toHaveLength(100);
    expect(keysLeft()).toEqual([]);
  });
});

it.each<[string, () => Promise<unknown>]>([
  ['is not JSON', () => store(0, 'bot', 'x')],
  ['holds no message', () => store(0, 'bot', '{"text":5}')],
  ['holds something else than a delivery', () => store(0, 'bot', JSON.stringify({ text: '{"poison":true}' }))],
  ['has a key that no verifier makes', () => store(0, 'bot', undefined, 'fallback/x')],
  [
    'holds a delivery of another provider',
    () => store(0, 'bot', JSON.stringify({ text: messageOf(0, 'bot', 'realtimekit') })),
  ],
  ['holds a delivery of another family', () => store(0, 'bot', JSON.stringify({ text: messageOf(0, 'recording') }))],
])('an object that %s stays, and holds up none after it', async (_, storeBroken) => {
  await storeBroken();
  await inParallel(8, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], (n) => store(n));
  await run();
  expect(await idsOf('bot')).toHaveLength(12);
  expect(await idsOf('recording')).toEqual([]);
  expect(keysLeft()).toHaveLength(1);
});

it('messages that SQS will never take do not make their queue count as down', async () => {
  await inParallel(
    8,
    Array.from({ length: 40 }, (_, n) => n),
    (n) => store(n),
  );
  aws.break('SendMessage', (original) => (input, call) => {
    if (Number.parseInt(JSON.parse(input.MessageBody).eventId, 16) >= 20) return original(input, call);
    throw new AwsError('InvalidMessageContents', 'A character is not allowed.', 400);
  });
  await run();
  expect(await idsOf('bot')).toHaveLength(20);
  expect(keysLeft()).toHaveLength(20);
});

it('an object that cannot be deleted comes once more, and is not lost', async () => {
  await store(1);
  aws.break('DeleteObject', failing);
  await run();
  aws.mend();
  await run();
  expect(await idsOf('bot')).toEqual([idOf(1), idOf(1)]);
  expect(keysLeft()).toEqual([]);
});

it('fails where the bucket cannot be listed, so that the alarm on its errors tells', async () => {
  aws.break('ListObjectsV2', failing);
  await expect(run()).rejects.toThrow('The service is down.');
});
