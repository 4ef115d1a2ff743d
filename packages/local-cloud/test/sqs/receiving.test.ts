import * as sqs from '@aws-sdk/client-sqs';
import { useSqs } from './use-sqs';

const aws = useSqs();
const { pass, sendBody, receive, attributes } = aws;

describe('receiving', () => {
  it('hides a received message for its visibility timeout, then gives it again', async () => {
    await sendBody('x');
    expect(await receive({ VisibilityTimeout: 5 })).toHaveLength(1);
    expect(await attributes()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    pass(4);
    expect(await receive()).toEqual([]);
    pass(1);
    expect((await receive())[0]!.Attributes!.ApproximateReceiveCount).toBe('2');
  });

  it('deletes a message', async () => {
    await sendBody('x');
    const [message] = await receive();
    await aws.client.send(
      new sqs.DeleteMessageCommand({ QueueUrl: aws.QueueUrl, ReceiptHandle: message!.ReceiptHandle }),
    );
    pass(60);
    expect(await receive()).toEqual([]);
  });

  it('deletes nothing by a receipt handle that is not the newest', async () => {
    await sendBody('x');
    const [first] = await receive();
    pass(31);
    await receive();
    await aws.client.send(
      new sqs.DeleteMessageCommand({ QueueUrl: aws.QueueUrl, ReceiptHandle: first!.ReceiptHandle }),
    );
    pass(31);
    expect(await receive()).toHaveLength(1);
  });

  it('refuses a receipt handle that it never gave', async () => {
    const sent = aws.client.send(new sqs.DeleteMessageCommand({ QueueUrl: aws.QueueUrl, ReceiptHandle: 'nonsense' }));
    await expect(sent).rejects.toBeInstanceOf(sqs.ReceiptHandleIsInvalid);
  });

  it('changes visibility: longer, and at once', async () => {
    await sendBody('x');
    const [message] = await receive();
    const change = (VisibilityTimeout: number) =>
      aws.client.send(
        new sqs.ChangeMessageVisibilityCommand({
          QueueUrl: aws.QueueUrl,
          ReceiptHandle: message!.ReceiptHandle,
          VisibilityTimeout,
        }),
      );
    await change(100);
    pass(99);
    expect(await receive()).toEqual([]);
    await change(0);
    await expect(change(10)).rejects.toBeInstanceOf(sqs.MessageNotInflight);
    expect(await receive()).toHaveLength(1);
  });

  it('takes turns among message groups, in order within each', async () => {
    for (const body of ['a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'b2']) await sendBody(body, { MessageGroupId: body[0]! });
    expect((await receive()).map(({ Body }) => Body)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
  });

  it('ends a long poll when a message arrives', async () => {
    const started = performance.now();
    const waiting = receive({ WaitTimeSeconds: 20 });
    setTimeout(() => aws.queues.byName('bots')!.send({ body: 'at last' }), 100);
    expect((await waiting)[0]!.Body).toBe('at last');
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it('ends a long poll without messages after its time', async () => {
    const started = performance.now();
    expect(await receive({ WaitTimeSeconds: 1 })).toEqual([]);
    expect(performance.now() - started).toBeGreaterThan(950);
  });

  it('gives no message to a client that has gone away', async () => {
    const leaving = new AbortController();
    const poll = new sqs.ReceiveMessageCommand({ QueueUrl: aws.QueueUrl, WaitTimeSeconds: 20 });
    const waiting = aws.client.send(poll, { abortSignal: leaving.signal }).catch(({ name }) => name);
    setTimeout(() => leaving.abort(), 100);
    expect(await waiting).toBe('AbortError');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sendBody('x');
    expect(await receive()).toHaveLength(1);
  });

  it.each([
    [{ MaxNumberOfMessages: 11 }, 'MaxNumberOfMessages'],
    [{ WaitTimeSeconds: 21 }, 'WaitTimeSeconds'],
    [{ VisibilityTimeout: -1 }, 'VisibilityTimeout'],
  ])('refuses %j', async (input, parameter) => {
    await expect(receive(input)).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(parameter),
    });
  });
});

it('takes no longer for a message among tens of thousands than for one among few', async () => {
  const queue = aws.queues.byName('bots')!;
  const millisecondsFor = async (count: number): Promise<number> => {
    const started = performance.now();
    for (let index = 0; index < count; index += 1) queue.send({ body: `${index}`, groupId: `bot-${index % 5_000}` });
    let seen = 0;
    while (seen < count) {
      const messages = await queue.receive({ maxMessages: 10, waitSeconds: 0 });
      for (const { receiptHandle } of messages) queue.delete(receiptHandle);
      seen += messages.length;
    }
    expect(queue.counts()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    return performance.now() - started;
  };
  await millisecondsFor(1_000);
  const few = await millisecondsFor(5_000);

  // Ten times as many take ten times as long; they would take a hundred times as long if each looked at all the others.
  expect((await millisecondsFor(50_000)) / few).toBeLessThan(40);
});
