import * as sqs from '@aws-sdk/client-sqs';
import { useSqs } from './use-sqs';

const aws = useSqs();
const { pass, sendBody, receive, attributes } = aws;

describe('queues', () => {
  it('creates a queue once, and finds it by name', async () => {
    const create = () =>
      aws.client.send(new sqs.CreateQueueCommand({ QueueName: 'new', Attributes: { DelaySeconds: '5' } }));

    const first = await create();
    const second = await create();
    const found = await aws.client.send(new sqs.GetQueueUrlCommand({ QueueName: 'new' }));

    expect(first.QueueUrl).toBe(aws.urlOf('new'));
    expect([second.QueueUrl, found.QueueUrl]).toEqual([first.QueueUrl, first.QueueUrl]);
  });

  it('refuses a second queue of the name with another attribute', async () => {
    const input = { QueueName: 'bots', Attributes: { VisibilityTimeout: '60' } };
    const error = await aws.client.send(new sqs.CreateQueueCommand(input)).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(sqs.QueueNameExists);
    expect(error.message).toContain('VisibilityTimeout');
  });

  it('lists queues by prefix, page by page', async () => {
    for (const name of ['b1', 'b2', 'b3', 'other']) aws.queues.create(name);
    const first = await aws.client.send(new sqs.ListQueuesCommand({ QueueNamePrefix: 'b', MaxResults: 3 }));
    const rest = await aws.client.send(
      new sqs.ListQueuesCommand({ QueueNamePrefix: 'b', NextToken: first.NextToken! }),
    );
    const names = [...first.QueueUrls!, ...rest.QueueUrls!].map((url) => url.split('/').at(-1));
    expect(names).toEqual(['b1', 'b2', 'b3', 'bots']);
    expect(rest.NextToken).toBeUndefined();
  });

  it('gives all attributes, or those named', async () => {
    const named = await aws.client.send(
      new sqs.GetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, AttributeNames: ['QueueArn', 'VisibilityTimeout'] }),
    );
    expect(named.Attributes).toEqual({ QueueArn: 'arn:aws:sqs:us-east-1:000000000000:bots', VisibilityTimeout: '30' });
    expect(await attributes()).toMatchObject({
      MessageRetentionPeriod: '345600',
      MaximumMessageSize: '1048576',
      CreatedTimestamp: '1800000000',
      ApproximateNumberOfMessages: '0',
    });
  });

  it('sets attributes', async () => {
    await aws.client.send(
      new sqs.SetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, Attributes: { VisibilityTimeout: '7' } }),
    );
    expect(await attributes()).toMatchObject({ VisibilityTimeout: '7', DelaySeconds: '0' });
  });

  it.each([
    [{ VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    [{ DelaySeconds: 'soon' }, 'InvalidAttributeValue'],
    [{ RedrivePolicy: '{' }, 'InvalidAttributeValue'],
    [{ Policy: '{' }, 'InvalidAttributeValue'],
    [{ RedrivePolicy: '{"maxReceiveCount":5}' }, 'InvalidAttributeValue'],
    [{ RedrivePolicy: '{"maxReceiveCount":5,"deadLetterTargetArn":"arn:aws:sqs:a:b:none"}' }, 'InvalidParameterValue'],
    [{ Colour: 'red' }, 'InvalidAttributeName'],
  ])('refuses the attributes %j', async (Attributes, name) => {
    const sent = aws.client.send(
      new sqs.SetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, Attributes: Attributes as object }),
    );
    await expect(sent).rejects.toMatchObject({ name });
  });

  it('refuses a dead-letter queue that does not allow it', async () => {
    const { arn } = aws.queues.create('closed', { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: 5 });
    const sent = aws.client.send(
      new sqs.SetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, Attributes: { RedrivePolicy } }),
    );
    await expect(sent).rejects.toThrow('RedriveAllowPolicy');
  });

  it('deletes a queue; then it does not exist', async () => {
    await aws.client.send(new sqs.DeleteQueueCommand({ QueueUrl: aws.QueueUrl }));
    const error = await sendBody('x').catch((thrown) => thrown);
    expect(error).toBeInstanceOf(sqs.QueueDoesNotExist);
    expect(error.Code).toBe('AWS.SimpleQueueService.NonExistentQueue');
  });

  it('purges messages, in flight or not', async () => {
    await sendBody('a');
    await receive();
    await sendBody('b');
    await aws.client.send(new sqs.PurgeQueueCommand({ QueueUrl: aws.QueueUrl }));
    pass(60);
    expect(await receive()).toEqual([]);
  });

  it('purges a queue once in 60 seconds', async () => {
    aws.queues.create('other');
    const purge = (name = 'bots') => aws.client.send(new sqs.PurgeQueueCommand({ QueueUrl: aws.urlOf(name) }));
    await purge();
    await purge('other');
    pass(59);
    const error = await purge().catch((thrown) => thrown);
    expect(error).toBeInstanceOf(sqs.PurgeQueueInProgress);
    expect([error.Code, error.$metadata.httpStatusCode]).toEqual(['AWS.SimpleQueueService.PurgeQueueInProgress', 403]);
    pass(1);
    await purge();
  });

  it.each(['Foo', 'queuearn', '.*', 'ApproximateAgeOfOldestMessage'])(
    'refuses to tell the attribute %s',
    async (name) => {
      const asked = aws.client.send(
        new sqs.GetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, AttributeNames: ['QueueArn', name as 'All'] }),
      );
      await expect(asked).rejects.toBeInstanceOf(sqs.InvalidAttributeName);
    },
  );

  it('has no value for an attribute of FIFO queues', async () => {
    const command = new sqs.GetQueueAttributesCommand({ QueueUrl: aws.QueueUrl, AttributeNames: ['FifoQueue'] });
    expect((await aws.client.send(command)).Attributes).toBeUndefined();
  });

  it.each([0, 1001])('refuses to list %s queues', async (MaxResults) => {
    const listed = aws.client.send(new sqs.ListQueuesCommand({ MaxResults }));
    await expect(listed).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  });

  it('says that it has no FIFO queues', async () => {
    const sent = aws.client.send(
      new sqs.CreateQueueCommand({ QueueName: 'x.fifo', Attributes: { FifoQueue: 'true' } }),
    );
    await expect(sent).rejects.toThrow('no FIFO queues');
  });
});
