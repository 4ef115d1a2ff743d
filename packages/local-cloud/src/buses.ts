/** Creates the buses, rules and archives that the template declares, and hands events to their targets. */
import { EventBridge } from './eventbridge/event-bridge';
import type { CreateArchiveInput, PutRuleInput } from './eventbridge/registry';
import type { Deliverers, Delivery, DeliveryReport, RuleIdentity, Target } from './eventbridge/types';
import type { LambdaFunction } from './lambda/lambda-function';
import { AwsError } from './service';
import type { Queues } from './sqs/queues';
import type { ResolvedStack, StackResource } from './template/stack';

interface BusOptions {
  readonly queues: Queues;
  /** Finds a function by its ARN; called only when there are events. */
  readonly functionByArn: (arn: string) => LambdaFunction | undefined;
  /** Folder where archives keep their events; without it, these are gone when EventBridge closes. */
  readonly archiveFolder: string | undefined;
  /** Takes a message about events that an archive could not keep or has lost. */
  readonly onTrouble: (message: string) => void;
  /** Throws when EventBridge may not make a delivery. */
  readonly authorize: (delivery: Delivery) => void;
  /** Called for each event that a bus accepts. */
  readonly onEvent: (busName: string, detailType: string, detail: string) => void;
  /** Called for each rule that matches an event. */
  readonly onMatch?: (rule: RuleIdentity) => void;
  /** Called for each step of each delivery. */
  readonly onDelivery: (report: DeliveryReport) => void;
  /** Takes an event whose target is a log group. */
  readonly toLogGroup: (delivery: Delivery) => void;
}

type RuleProperties = Omit<PutRuleInput, 'Name'> & { readonly Targets?: readonly Target[] };
type ArchiveProperties = Omit<CreateArchiveInput, 'ArchiveName' | 'EventSourceArn'> & { readonly SourceArn: string };

/** EventBridge with everything of a stack. */
export function createBuses(stack: ResolvedStack, options: BusOptions): EventBridge {
  const eventBridge = new EventBridge({
    deliverers: deliverersFor(options),
    archiveFolder: options.archiveFolder,
    onTrouble: options.onTrouble,
    authorize: options.authorize,
    onEvent: (busName, { detailType, detail }) => options.onEvent(busName, detailType, detail),
    onMatch: options.onMatch,
    onDelivery: options.onDelivery,
  });
  for (const { name, properties } of stack.ofType('AWS::Events::EventBus')) {
    eventBridge.createBus(name, properties.Description as string | undefined);
  }
  for (const rule of stack.ofType('AWS::Events::Rule')) createRule(eventBridge, rule);
  for (const { name, properties } of stack.ofType('AWS::Events::Archive')) {
    const { SourceArn, ...archive } = properties as unknown as ArchiveProperties;
    const declared = eventBridge.createArchive({ ...archive, ArchiveName: name, EventSourceArn: SourceArn });
    // Opened now, so that a file that cannot be read ends the start.
    eventBridge.archiveFiles.of(declared);
  }
  return eventBridge;
}

function createRule(eventBridge: EventBridge, { name, properties }: StackResource): void {
  const { Targets = [], ...rule } = properties as unknown as RuleProperties;
  eventBridge.putRule({ ...rule, Name: name });
  eventBridge.putTargets({ ...rule, Name: name }, Targets);
}

function deliverersFor({ queues, functionByArn, toLogGroup }: BusOptions): Deliverers {
  return {
    sqs: async ({ targetArn, payload, messageGroupId, messageAttributes = {}, event: { traceHeader } }) => {
      const queue = queues.byArn(targetArn);
      if (!queue) throw new AwsError('QueueDoesNotExist', `There is no queue ${targetArn}.`);
      const attributes = Object.entries(messageAttributes).map(([name, StringValue]) => [
        name,
        { DataType: 'String', StringValue },
      ]);
      queue.send({ body: payload, groupId: messageGroupId, attributes: Object.fromEntries(attributes), traceHeader });
    },
    lambda: async ({ targetArn, payload, event: { traceHeader } }) => {
      const target = functionByArn(targetArn);
      if (!target) throw new AwsError('ResourceNotFoundException', `There is no function ${targetArn}.`);
      const result = await target.invoke(JSON.parse(payload), {
        ...(traceHeader !== undefined && { traceId: traceHeader }),
      });
      if (!result.ok) throw new Error(`${result.errorType}: ${result.errorMessage}`);
    },
    logs: async (delivery) => toLogGroup(delivery),
  };
}
