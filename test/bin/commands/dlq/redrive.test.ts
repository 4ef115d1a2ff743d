/** A dead-letter queue of which SQS hands out no more, because so many of its messages are held. */
import { messagesIn } from '../../../../bin/commands/dlq/queues';
import { type Redrive, redrive } from '../../../../bin/commands/dlq/redrive';
import { createPace } from '../../../../bin/pace';
import { useSqs } from '../../../local/sqs/use-sqs';

const aws = useSqs();

/** Looks at all messages; five of them are held. */
async function redriveWhere(more: Partial<Redrive>) {
  for (let n = 0; n < 12; n++) await aws.sendBody(`${n}`);
  const depth = await messagesIn(aws.client, aws.QueueUrl);
  // Somebody else has them: from here on it looks as it does where SQS hands out no more.
  await aws.receive({ MaxNumberOfMessages: 5, VisibilityTimeout: 600 });
  return redrive({
    sqs: aws.client,
    queueUrl: aws.QueueUrl,
    sink: undefined,
    isWanted: () => true,
    pace: createPace(undefined),
    signal: new AbortController().signal,
    onSeen: () => {},
    depth,
    ...more,
  });
}

it('says that it has not met all', async () => {
  expect(await redriveWhere({ mostHeld: 7 })).toEqual({ seen: 7, wanted: 7, moved: 0, isCutShort: true });
});

it.each([
  ['holds few', {}],
  ['has met as many as there were', { mostHeld: 7, depth: 7 }],
])('is content where it %s', async (_, more) => {
  expect(await redriveWhere(more)).toEqual({ seen: 7, wanted: 7, moved: 0 });
});

it('is content where it has moved what it met, and so holds nothing', async () => {
  const sink: Redrive['sink'] = async (messages) => messages;
  expect(await redriveWhere({ mostHeld: 7, sink })).toEqual({ seen: 7, wanted: 7, moved: 7 });
});
