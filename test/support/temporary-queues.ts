/** The temporary rules and queues that commands make on the shared bus. */
import { DescribeRuleCommand, ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import type { Meetbus } from './meetbus';

const PREFIX = 'meetbus-tail-';

/** Names of the rules and queues that are there. */
export async function temporaryQueues({ clients, outputs }: Meetbus): Promise<string[]> {
  const list = new ListRulesCommand({ EventBusName: outputs.SharedBusName, NamePrefix: PREFIX });
  const { Rules = [] } = await clients.eventBridge.send(list);
  const { QueueUrls = [] } = await clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: PREFIX }));
  return [...Rules.map(({ Name = '' }) => Name), ...QueueUrls.map((url) => url.split('/').at(-1) ?? '')];
}

/** Dates the lease of a rule back, so that the next command takes it for one of a command that crashed. */
export async function expireLease({ clients, outputs }: Meetbus, rule: string): Promise<void> {
  const key = { Name: rule, EventBusName: outputs.SharedBusName };
  const { EventPattern, Description = '' } = await clients.eventBridge.send(new DescribeRuleCommand(key));
  const over = Description.replace(/\S+$/, new Date(0).toISOString());
  await clients.eventBridge.send(new PutRuleCommand({ ...key, EventPattern, Description: over }));
}
