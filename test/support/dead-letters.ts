/** Fills dead-letter queues as they are filled: nobody may send to them, so a queue or a rule has to give something up. */
import { randomUUID } from 'node:crypto';
import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { SUBSCRIBER_PREFIX } from './subscription';
import { until } from './until';

/** Puts messages aside in the dead-letter queue of a family, by a queue of our own that gives them up after one try. */
export async function putAside(sqs: SQSClient, deadLetterQueueUrl: string, bodies: readonly string[]): Promise<void> {
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:${deadLetterQueueUrl.split('/').at(-1)}`;
  const { QueueUrl } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${SUBSCRIBER_PREFIX}${randomUUID()}`,
      Attributes: {
        RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 }),
        VisibilityTimeout: '0',
      },
    }),
  );
  for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  await until(async () => {
    await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessages'] }),
    );
    return Attributes?.ApproximateNumberOfMessages === '0';
  }, 'the messages to be given up');
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
}

interface Reached {
  readonly clients: { readonly eventBridge: EventBridgeClient };
  readonly outputs: object;
}

/** Has the republish rule fail while the work is done: it delivers in a role that EventBridge may not assume. */
export async function withFailingRepublish<T>({ clients, outputs }: Reached, work: () => Promise<T>): Promise<T> {
  const { IntakeBusName: EventBusName, OperatorRoleArn } = outputs as Readonly<Record<string, string>>;
  const { eventBridge } = clients;
  const { Rules = [] } = await eventBridge.send(new ListRulesCommand({ EventBusName }));
  const Rule = Rules.find(({ Name }) => Name?.includes('RepublishRule'))?.Name;
  const { Targets = [] } = await eventBridge.send(new ListTargetsByRuleCommand({ EventBusName, Rule }));
  const put = (RoleArn?: string) =>
    eventBridge.send(
      new PutTargetsCommand({
        EventBusName,
        Rule,
        Targets: Targets.map((target) => ({ ...target, ...(RoleArn && { RoleArn }) })),
      }),
    );
  await put(OperatorRoleArn);
  try {
    return await work();
  } finally {
    await put();
  }
}
