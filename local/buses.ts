/** Creates the buses, rules and archives that the template declares, and hands events to their targets. */
import { EventBridge } from './eventbridge/event-bridge';
import type { CreateArchiveInput, PutRuleInput } from './eventbridge/registry';
import type { Deliverers, Delivery, DeliveryReport, Target } from './eventbridge/types';
import type { LambdaFunction } from './lambda/lambda-function';
import { AwsError } from './service';
import type { Queues } from './sqs/queues';
import type { ResolvedStack, StackResource } from './template/stack';

interface BusOptions {
  readonly queues: Queues;
  /** Finds a function by its ARN; asked only once events flow. */
  readonly functionByArn: (arn: string) => LambdaFunction | undefined;
  /** Throws when EventBridge may not make a delivery. */
  readonly authorize: (delivery: Delivery) => void;
  /** Told of each event that a bus takes. */
  readonly onEvent: (busName: string, detailType: string, detail: string) => void;
  /** Told of each event that a target did not take. */
  readonly onTrouble: (report: DeliveryReport) => void;
}

type RuleProperties = Omit<PutRuleInput, 'Name'> & { readonly Targets?: readonly Target[] };
type ArchiveProperties = Omit<CreateArchiveInput, 'ArchiveName' | 'EventSourceArn'> & { readonly SourceArn: string };

/** EventBridge with everything of a stack. */
export function createBuses(stack: ResolvedStack, options: BusOptions): EventBridge {
  const eventBridge = new EventBridge({
    deliverers: deliverersFor(options),
    authorize: options.authorize,
    onEvent: (busName, { detailType, detail }) => options.onEvent(busName, detailType, detail),
    onDelivery: (report) => {
      if (report.status !== 'delivered') options.onTrouble(report);
    },
  });
  for (const { name, properties } of stack.ofType('AWS::Events::EventBus')) {
    eventBridge.createBus(name, properties.Description as string | undefined);
  }
  for (const rule of stack.ofType('AWS::Events::Rule')) createRule(eventBridge, rule);
  for (const { name, properties } of stack.ofType('AWS::Events::Archive')) {
    const { SourceArn, ...archive } = properties as unknown as ArchiveProperties;
    eventBridge.createArchive({ ...archive, ArchiveName: name, EventSourceArn: SourceArn });
  }
  return eventBridge;
}

function createRule(eventBridge: EventBridge, { name, properties }: StackResource): void {
  const { Targets = [], ...rule } = properties as unknown as RuleProperties;
  eventBridge.putRule({ ...rule, Name: name });
  eventBridge.putTargets({ ...rule, Name: name }, Targets);
}

function deliverersFor({ queues, functionByArn }: BusOptions): Deliverers {
  return {
    sqs: async ({ targetArn, payload, messageGroupId, messageAttributes = {} }) => {
      const queue = queues.byArn(targetArn);
      if (!queue) throw new AwsError('QueueDoesNotExist', `There is no queue ${targetArn}.`);
      const attributes = Object.entries(messageAttributes).map(([name, StringValue]) => [
        name,
        { DataType: 'String', StringValue },
      ]);
      queue.send({ body: payload, groupId: messageGroupId, attributes: Object.fromEntries(attributes) });
    },
    lambda: async ({ targetArn, payload }) => {
      const target = functionByArn(targetArn);
      if (!target) throw new AwsError('ResourceNotFoundException', `There is no function ${targetArn}.`);
      const result = await target.invoke(JSON.parse(payload));
      if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
    },
    // The local cloud keeps no logs; it prints a line for each event already.
    logs: async () => {},
  };
}
