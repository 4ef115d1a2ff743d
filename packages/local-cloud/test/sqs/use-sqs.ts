import * as sqs from '@aws-sdk/client-sqs';
import type { FrontDoor } from '../../src/front-door';
import { Queues } from '../../src/sqs/queues';
import { createSqsService } from '../../src/sqs/sqs-service';
import { clientConfig, frontDoorWith } from '../local-aws';

export const START_SECONDS = 1_800_000_000;

/**
 * For each test of a file: SQS behind a front door, with a queue `bots`, a client, and a clock that stands still until
 * it is told to pass time.
 */
export function useSqs() {
  let now: number;
  const aws = {} as { queues: Queues; door: FrontDoor; client: sqs.SQSClient; QueueUrl: string };

  beforeEach(async () => {
    now = START_SECONDS * 1_000;
    aws.queues = new Queues(() => now);
    aws.door = await frontDoorWith((url) => [createSqsService(aws.queues, url)]);
    aws.client = new sqs.SQSClient(clientConfig(aws.door));
    aws.queues.create('bots');
    aws.QueueUrl = urlOf('bots');
  });

  afterEach(async () => {
    aws.client.destroy();
    await aws.door.close();
  });

  const urlOf = (name: string) => `${aws.door.url}/000000000000/${name}`;

  return Object.assign(aws, {
    urlOf,

    pass: (seconds: number) => {
      now += seconds * 1_000;
    },

    sendBody: (MessageBody: string, more: Partial<sqs.SendMessageCommandInput> = {}) =>
      aws.client.send(new sqs.SendMessageCommand({ QueueUrl: aws.QueueUrl, MessageBody, ...more })),

    receive: async (more: Partial<sqs.ReceiveMessageCommandInput> = {}) => {
      const all = { MaxNumberOfMessages: 10, MessageSystemAttributeNames: ['All' as const] };
      const command = new sqs.ReceiveMessageCommand({ QueueUrl: aws.QueueUrl, ...all, ...more });
      return (await aws.client.send(command)).Messages ?? [];
    },

    attributes: async (QueueUrl = aws.QueueUrl) => {
      const command = new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] });
      return (await aws.client.send(command)).Attributes!;
    },
  });
}
