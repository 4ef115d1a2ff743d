/** A queue that receives every event of a bus, like that of any subscriber. */
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { PROBE_SOURCE } from '../../providers/probe/types';
import { localClientConfig } from './client-config';

/** The parts of an event that the caller uses. */
export interface ReceivedEvent {
  readonly 'detail-type': string;
  readonly detail: { readonly id: string; readonly subject?: string; readonly correlationid: string };
}

/** Subscribes to a bus, except to the probe; the returned function receives what has arrived, and waits a second if nothing has. */
export async function subscribe(awsUrl: string, busName: string): Promise<() => Promise<ReceivedEvent[]>> {
  const config = localClientConfig(awsUrl);
  const sqs = new SQSClient(config);
  const eventBridge = new EventBridgeClient(config);
  const name = `watch-${Date.now()}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const rule = {
    EventBusName: busName,
    Name: name,
    EventPattern: JSON.stringify({ source: [{ 'anything-but': PROBE_SOURCE }] }),
  };
  await eventBridge.send(new PutRuleCommand(rule));
  const targets = [{ Id: 'queue', Arn: Attributes?.QueueArn }];
  await eventBridge.send(new PutTargetsCommand({ EventBusName: busName, Rule: name, Targets: targets }));

  return async () => {
    const received = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    const messages = received.Messages ?? [];
    if (messages.length === 0) return [];
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return messages.map(({ Body = '' }) => JSON.parse(Body));
  };
}
