import type { ResolvedStack, StackResource } from '../template/stack';

/** What the local cloud needs to know of one function. */
export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** `file.export`, relative to the task root. */
  readonly handler: string;
  /** Absolute folder of the function's code. */
  readonly taskRoot: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMB: number;
  /** The template's environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly logGroupName: string;
  /** Set when the function logs in Lambda's JSON format. */
  readonly applicationLogLevel?: string;
  /** Invocations above this number are throttled; absent for no limit of its own. */
  readonly reservedConcurrentExecutions?: number;
}

interface FunctionProperties {
  Handler: string;
  Runtime?: string;
  PackageType?: string;
  Code?: { ZipFile?: string; ImageUri?: string };
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables?: Record<string, string> };
  LoggingConfig?: { LogGroup?: string; LogFormat?: string; ApplicationLogLevel?: string };
  ReservedConcurrentExecutions?: number;
}

/** Lambda's own defaults for a function that does not say. */
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MB = 128;

/**
 * Reads an `AWS::Lambda::Function`.
 *
 * @throws Error that names the function and its runtime, when the local cloud cannot run it
 */
export function readFunction(stack: ResolvedStack, resource: StackResource): FunctionConfiguration {
  const properties = resource.properties as unknown as FunctionProperties;
  checkRuns(resource, properties);
  const { LoggingConfig: logging = {}, ReservedConcurrentExecutions: reserved } = properties;
  return {
    name: resource.name,
    arn: resource.attributes.Arn ?? '',
    handler: properties.Handler,
    taskRoot: stack.assetFolder(resource),
    timeoutSeconds: properties.Timeout ?? DEFAULT_TIMEOUT_SECONDS,
    memorySizeMB: properties.MemorySize ?? DEFAULT_MEMORY_MB,
    environment: properties.Environment?.Variables ?? {},
    logGroupName: logging.LogGroup ?? `/aws/lambda/${resource.name}`,
    ...(logging.LogFormat === 'JSON' && { applicationLogLevel: logging.ApplicationLogLevel ?? 'INFO' }),
    ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
  };
}

function checkRuns({ name, logicalId }: StackResource, { Runtime, PackageType, Code = {} }: FunctionProperties): void {
  const is =
    PackageType === 'Image' || Code.ImageUri !== undefined
      ? 'a container image'
      : Runtime !== undefined && !/^nodejs\d/.test(Runtime)
        ? `of the runtime ${Runtime}`
        : Code.ZipFile !== undefined
          ? `inline code of the runtime ${Runtime ?? 'Node.js'}`
          : undefined;
  if (is === undefined) return;
  throw new Error(
    `The function ${name} (${logicalId}) is ${is}. The local cloud runs Node.js functions from an asset only: leave it out of the app that you synthesize for it.`,
  );
}

/** What the local cloud needs to know of an event source mapping of an SQS queue. */
export interface MappingConfiguration {
  readonly functionName: string;
  readonly queueArn: string;
  /** Most messages of one invocation. */
  readonly batchSize: number;
  /** How long a batch may wait for more messages. */
  readonly maximumBatchingWindowSeconds: number;
  /** Most invocations of the mapping at one time; absent for the poller's own default. */
  readonly maximumConcurrency?: number;
  readonly reportBatchItemFailures: boolean;
}

interface MappingProperties {
  FunctionName: string;
  EventSourceArn: string;
  BatchSize?: number;
  MaximumBatchingWindowInSeconds?: number;
  ScalingConfig?: { MaximumConcurrency?: number };
  FunctionResponseTypes?: string[];
  FilterCriteria?: unknown;
  Enabled?: boolean;
}

/** Lambda's default for SQS. */
const DEFAULT_BATCH_SIZE = 10;

/**
 * Reads an `AWS::Lambda::EventSourceMapping`.
 *
 * @throws Error when it filters messages or is disabled: the local cloud does neither
 */
export function readMapping({ logicalId, properties }: StackResource): MappingConfiguration {
  const mapping = properties as unknown as MappingProperties;
  if (mapping.FilterCriteria !== undefined) {
    throw new Error(`${logicalId}: the local cloud does not filter messages. Remove FilterCriteria.`);
  }
  if (mapping.Enabled === false) {
    throw new Error(`${logicalId}: the local cloud polls every mapping. Remove Enabled: false, or the mapping.`);
  }
  const maximumConcurrency = mapping.ScalingConfig?.MaximumConcurrency;
  return {
    functionName: mapping.FunctionName.split(':').at(-1) ?? mapping.FunctionName,
    queueArn: mapping.EventSourceArn,
    batchSize: mapping.BatchSize ?? DEFAULT_BATCH_SIZE,
    maximumBatchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds ?? 0,
    ...(maximumConcurrency !== undefined && { maximumConcurrency }),
    reportBatchItemFailures: mapping.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
  };
}
