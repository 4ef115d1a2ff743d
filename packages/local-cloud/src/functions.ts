/** Starts the functions that the template declares, and what feeds them from queues. */
import type { Faults } from './faults/faults';
import { withFaults } from './faults/faulty-queue';
import { readFunction, readMapping } from './lambda/configuration';
import { type EventSourceMapping, startEventSourceMapping } from './lambda/event-source-mapping';
import { type InvocationReport, LambdaFunction } from './lambda/lambda-function';
import type { Queues } from './sqs/queues';
import type { ResolvedStack } from './template/stack';

interface FunctionOptions {
  readonly endpoint: string;
  /** Values that replace variables of the template, in every function that has the variable. */
  readonly overrides: Readonly<Record<string, string>>;
  /** Changes the value of a variable when a process starts. @default none */
  readonly localize?: (value: string) => string;
  readonly onLog: (functionName: string, line: string) => void;
  /** Called after each invocation. */
  readonly onInvoked?: (report: InvocationReport) => void;
}

/** The functions of a stack by name. */
export function createFunctions(stack: ResolvedStack, options: FunctionOptions): Map<string, LambdaFunction> {
  const { endpoint, overrides, localize, onLog, onInvoked } = options;
  return new Map(
    stack.ofType('AWS::Lambda::Function').map((resource) => {
      const configuration = readFunction(stack, resource);
      const environment = Object.fromEntries(
        Object.entries(overrides).filter(([name]) => name in configuration.environment),
      );
      return [resource.name, new LambdaFunction({ configuration, endpoint, environment, localize, onLog, onInvoked })];
    }),
  );
}

interface MappingOptions {
  readonly functions: ReadonlyMap<string, LambdaFunction>;
  readonly queues: Queues;
  /** Throws when a function may not poll a queue. */
  readonly authorize: (functionName: string, queueArn: string) => void;
  readonly faults: Faults;
  /** Called for each batch that a function receives. */
  readonly onBatch: (queueName: string, bodies: readonly string[]) => void;
  readonly onError: (message: string) => void;
}

/**
 * Starts polling for every event source mapping of a stack.
 *
 * @throws Error that names the mapping whose function or queue is not part of the stack, or the role that may not poll
 */
export function startMappings(stack: ResolvedStack, options: MappingOptions): EventSourceMapping[] {
  const { functions, queues, authorize, faults, onBatch, onError } = options;
  return stack.ofType('AWS::Lambda::EventSourceMapping').map((resource) => {
    const configuration = readMapping(resource);
    const consumer = functions.get(configuration.functionName);
    const queue = queues.byArn(configuration.queueArn);
    if (!consumer || !queue) {
      throw new Error(`${resource.logicalId}: its function or its queue is not part of the stack ${stack.stackName}.`);
    }
    authorize(consumer.name, queue.arn);
    return startEventSourceMapping({
      configuration,
      queue: withFaults(queue, consumer.name, faults),
      onError,
      invoke: (event) => {
        onBatch(
          queue.name,
          event.Records.map(({ body }) => body),
        );
        return consumer.invoke(event);
      },
    });
  });
}
