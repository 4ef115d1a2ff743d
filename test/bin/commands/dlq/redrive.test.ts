/** A dead-letter queue of which messages are held: by somebody else, or so many that SQS hands out no more. */
import { messagesIn } from '../../../../bin/commands/dlq/queues';
import { type Redrive, redrive } from '../../../../bin/commands/dlq/redrive';
import { createPace } from '../../../../lambdas/platform/pace';
import { useSqs } from '../../../../packages/local-cloud/test/sqs/use-sqs';

const aws = useSqs();

/** Looks at all messages; five of them are held. */
async function redriveWhere(more: Partial<Redrive>) {
  for (let n = 0; n < 12; n++) await aws.sendBody(`${n}`);
  const depth = await messagesIn(aws.client, aws.QueueUrl);
  // Somebody else has them: from here on it looks as it does where SQS hands out no more.
  await aws.receive({ MaxNumberOfMessages: 5, VisibilityTimeout: 600 });
  return redrive({ ...redriveOf(depth), ...more });
}

const redriveOf = (depth: number): Redrive => ({
  sqs: aws.client,
  queueUrl: aws.QueueUrl,
  sink: undefined,
  isWanted: () => true,
  pace: createPace(undefined),
  signal: new AbortController().signal,
  onSeen: () => {},
  depth,
});

it('says that it has not met all', async () => {
  expect(await redriveWhere({ mostHeld: 7 })).toEqual({ seen: 7, wanted: 7, moved: 0, left: 12, isCutShort: true });
});

it('says that somebody else holds the others, where it holds few itself', async () => {
  expect(await redriveWhere({})).toEqual({ seen: 7, wanted: 7, moved: 0, left: 12, held: 5 });
});

it('is content where it has met as many as there were', async () => {
  expect(await redriveWhere({ mostHeld: 7, depth: 7 })).toEqual({ seen: 7, wanted: 7, moved: 0, left: 7 });
});

it('does not count as held what a count of the past still has', async () => {
  expect(await redriveWhere({ depth: 100 })).toEqual({ seen: 7, wanted: 7, moved: 0, left: 12, held: 5 });
});

it('is not cut short where it has moved what it met, and so holds nothing', async () => {
  const sink: Redrive['sink'] = async (messages) => messages;
  expect(await redriveWhere({ mostHeld: 7, sink })).toEqual({ seen: 7, wanted: 7, moved: 7, left: 5, held: 5 });
});

it('counts messages once, though it takes longer than they are hidden', async () => {
  for (let n = 0; n < 30; n++) await aws.sendBody(`${n}`);
  let seen = 0;
  const redriven = await redrive({
    ...redriveOf(30),
    isWanted: ({ Body }) => Number(Body) < 5,
    onSeen: (count) => {
      seen += count;
      if (count > 0 && seen === 30) aws.pass(16 * 60);
    },
  });
  expect(redriven).toEqual({ seen: 30, wanted: 5, moved: 0, left: 30 });
  expect(seen).toBe(30);
  // The local cloud looks once a second which messages are visible again.
  aws.pass(1);
  expect((await aws.attributes()).ApproximateNumberOfMessages).toBe('30');
  const receives = (await aws.receive()).map(({ Attributes }) => Attributes?.ApproximateReceiveCount);
  expect(receives).toEqual(Array(10).fill('3'));
});
