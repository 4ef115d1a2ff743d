import * as sqs from '@aws-sdk/client-sqs';
import { queueMeter } from '../../src/cloudwatch/aws-metrics';
import { START_SECONDS, useSqs } from './use-sqs';

const aws = useSqs();
const { pass, sendBody, receive, attributes } = aws;

const createWithDeadLetterQueue = (maxReceiveCount = 2) => {
  aws.queues.create('bots-dlq');
  const deadLetterTargetArn = aws.queues.byName('bots-dlq')!.arn;
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
  aws.queues.setAttributes(aws.queues.byName('bots')!, { RedrivePolicy });
  return { dlqUrl: aws.urlOf('bots-dlq'), dlqArn: deadLetterTargetArn };
};

/** Sends bodies, and receives them until all are in the dead-letter queue. */
const letDie = async (...bodies: string[]) => {
  for (const body of bodies) await sendBody(body);
  for (let round = 0; round < 3; round += 1) {
    await receive();
    pass(31);
  }
};

describe('dead-letter queues', () => {
  it('moves a message after maxReceiveCount receives, with its id and sent time', async () => {
    const { dlqUrl } = createWithDeadLetterQueue(2);
    const { MessageId } = await sendBody('x', { MessageGroupId: 'g' });
    expect(await receive()).toHaveLength(1);
    pass(31);
    expect(await receive()).toHaveLength(1);
    pass(31);
    expect(await receive()).toEqual([]);

    const [dead] = await receive({ QueueUrl: dlqUrl });

    expect(dead).toMatchObject({
      MessageId,
      Body: 'x',
      Attributes: {
        SentTimestamp: '1800000000000',
        MessageGroupId: 'g',
        DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:bots',
      },
    });
    const sources = await aws.client.send(new sqs.ListDeadLetterSourceQueuesCommand({ QueueUrl: dlqUrl }));
    expect(sources.queueUrls).toEqual([aws.QueueUrl]);
  });

  describe('the age of the oldest message', () => {
    const ageIn = (name: string) => {
      const meter = queueMeter(
        () => [aws.queues.byName(name)!],
        () => aws.queues.now(),
      );
      return meter().find(({ name: metric }) => metric === 'ApproximateAgeOfOldestMessage')!.value;
    };

    it('counts from the move in a dead-letter queue', async () => {
      const { dlqUrl } = createWithDeadLetterQueue(2);
      pass(1000);
      await letDie('x');
      expect(ageIn('bots-dlq')).toBe(31);
      pass(100);
      expect([ageIn('bots-dlq'), ageIn('bots')]).toEqual([131, 0]);
      await receive({ QueueUrl: dlqUrl });
      await aws.client.send(
        new sqs.SetQueueAttributesCommand({ QueueUrl: dlqUrl, Attributes: { MessageRetentionPeriod: '200' } }),
      );
      pass(31);
      expect(await receive({ QueueUrl: dlqUrl })).toEqual([]);
    });

    it('leaves out what was received three times, so that one poison message raises no alarm', async () => {
      await sendBody('poison');
      for (const age of [0, 31, 62]) {
        expect(ageIn('bots')).toBe(age);
        await receive();
        pass(31);
      }
      expect(ageIn('bots')).toBe(0);
      await sendBody('next');
      pass(10);
      expect(ageIn('bots')).toBe(10);
    });

    it('begins anew in a dead-letter queue, whose messages were received three times before', async () => {
      createWithDeadLetterQueue(5);
      await sendBody('x');
      for (let round = 0; round < 6; round += 1) {
        await receive();
        pass(31);
      }
      expect([ageIn('bots'), ageIn('bots-dlq')]).toEqual([0, 31]);
    });
  });

  const startMove = (input: Partial<sqs.StartMessageMoveTaskCommandInput>) =>
    aws.client.send(new sqs.StartMessageMoveTaskCommand({ SourceArn: undefined, ...input }));
  const listMoves = async (SourceArn: string) =>
    (await aws.client.send(new sqs.ListMessageMoveTasksCommand({ SourceArn, MaxResults: 10 }))).Results!;
  const settled = async (SourceArn: string) => {
    for (;;) {
      const [task] = await listMoves(SourceArn);
      if (task!.Status !== 'RUNNING') return task!;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };

  it('moves messages back to their queue as new ones', async () => {
    const { dlqArn } = createWithDeadLetterQueue();
    const { MessageId } = await sendBody('x');
    await letDie();
    await startMove({ SourceArn: dlqArn });

    expect(await settled(dlqArn)).toMatchObject({
      Status: 'COMPLETED',
      ApproximateNumberOfMessagesMoved: 1,
      ApproximateNumberOfMessagesToMove: 1,
    });
    const [moved] = await receive();
    const movedAt = START_SECONDS + 3 * 31;
    expect(moved).toMatchObject({
      Body: 'x',
      Attributes: { ApproximateReceiveCount: '1', SentTimestamp: `${movedAt}000` },
    });
    expect(moved!.MessageId).not.toBe(MessageId);
  });

  it('moves messages to another queue', async () => {
    const { dlqArn } = createWithDeadLetterQueue();
    const { arn } = aws.queues.create('elsewhere');
    await letDie('x', 'y');
    await startMove({ SourceArn: dlqArn, DestinationArn: arn });
    await settled(dlqArn);
    expect(await receive({ QueueUrl: aws.urlOf('elsewhere') })).toHaveLength(2);
  });

  it('moves at a rate, one task at a time, and stops when cancelled', async () => {
    const { dlqArn, dlqUrl } = createWithDeadLetterQueue();
    await letDie('a', 'b', 'c', 'd');
    const { TaskHandle } = await startMove({ SourceArn: dlqArn, MaxNumberOfMessagesPerSecond: 1 });
    await expect(startMove({ SourceArn: dlqArn })).rejects.toBeInstanceOf(sqs.UnsupportedOperation);
    await new Promise((resolve) => setTimeout(resolve, 300));

    const cancelled = await aws.client.send(new sqs.CancelMessageMoveTaskCommand({ TaskHandle }));

    const moved = cancelled.ApproximateNumberOfMessagesMoved!;
    expect(moved).toBeGreaterThanOrEqual(1);
    expect(moved).toBeLessThan(4);
    expect(await listMoves(dlqArn)).toMatchObject([{ Status: 'CANCELLED', MaxNumberOfMessagesPerSecond: 1 }]);
    expect(await attributes(dlqUrl)).toMatchObject({ ApproximateNumberOfMessages: `${4 - moved}` });
    await expect(aws.client.send(new sqs.CancelMessageMoveTaskCommand({ TaskHandle }))).rejects.toBeInstanceOf(
      sqs.ResourceNotFoundException,
    );
  });

  it('fails, and keeps the message, when it cannot tell where the message came from', async () => {
    const { dlqArn, dlqUrl } = createWithDeadLetterQueue();
    aws.queues.byArn(dlqArn)!.send({ body: 'sent here directly' });
    await startMove({ SourceArn: dlqArn });
    expect(await settled(dlqArn)).toMatchObject({ Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource' });
    expect(await receive({ QueueUrl: dlqUrl })).toHaveLength(1);
  });

  it('moves only from a dead-letter queue', async () => {
    await expect(startMove({ SourceArn: aws.queues.byName('bots')!.arn })).rejects.toThrow('Dead Letter Queue');
  });
});
