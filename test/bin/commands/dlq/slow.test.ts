/** A redrive so slow that messages could become visible again while they wait for their turn. */
import { setTimeout as sleep } from 'node:timers/promises';
import { queueSink, redrive } from '../../../../bin/commands/dlq/redrive';
import { createPace } from '../../../../lambdas/platform/pace';
import { useSqs } from '../../../../packages/local-cloud/test/sqs/use-sqs';
import { until } from '../../../support/until';

const aws = useSqs();

it('holds no more messages than have their turn soon', async () => {
  aws.queues.create('source');
  for (let n = 0; n < 40; n++) await aws.sendBody(`${n}`);
  const abort = new AbortController();
  const rate = 0.1;
  const redriven = redrive({
    sqs: aws.client,
    queueUrl: aws.QueueUrl,
    sink: queueSink(aws.client, aws.urlOf('source')),
    isWanted: () => true,
    pace: createPace(rate),
    rate,
    signal: abort.signal,
    onSeen: () => {},
    depth: 40,
  });
  const held = async () => Number((await aws.attributes()).ApproximateNumberOfMessagesNotVisible);
  await until(async () => (await held()) >= 4, 'every lane to wait for its turn');
  await sleep(300);
  expect(await held()).toBe(4);
  abort.abort();
  expect(await redriven).toEqual({ seen: 5, wanted: 5, moved: 1, left: 39 });
});
