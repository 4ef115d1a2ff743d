import { randomBytes, randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { LOCAL_REGION } from '../service';
import type { FunctionConfiguration } from './configuration';
import { ExecutionEnvironment } from './environment';
import { type FailureKind, failure, type InvokeResult, MAX_REQUEST_BYTES } from './result';
import { Semaphore } from './semaphore';
import { newTraceId } from './trace';

/**
 * Processes of one function at one time: as many as there are cores, from 2 to 8. Lambda itself would start one for each
 * concurrent event; here they would share the cores, until calls that have a second to answer no longer do.
 */
export const DEFAULT_MAX_ENVIRONMENTS = Math.min(8, Math.max(2, availableParallelism()));

/** An invocation that has ended. */
export interface InvocationReport {
  readonly functionName: string;
  /** Why it failed; absent when it did not. */
  readonly failure?: FailureKind;
  /** How long it took, the start of a new process included. */
  readonly milliseconds: number;
  /** Invocations of the function under way when it began, this one included. */
  readonly concurrent: number;
}

/** Settings of a {@link LambdaFunction}. */
export interface LambdaFunctionOptions {
  readonly configuration: FunctionConfiguration;
  /** URL of the local AWS endpoint; the AWS SDK of the function sends its calls there. */
  readonly endpoint: string;
  /** Variables that win over the template's and Lambda's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the value of a variable of the template when a process starts. @default none */
  readonly localize?: ((value: string) => string) | undefined;
  /**
   * Most processes at one time; above, events wait in order. Lambda would start more, and throttle only at the
   * account's limit.
   */
  readonly maxEnvironments?: number;
  /** Takes each line that the function writes to stdout or stderr. */
  readonly onLog: (functionName: string, line: string) => void;
  /** Called after each invocation. */
  readonly onInvoked?: ((report: InvocationReport) => void) | undefined;
}

/**
 * A Lambda function that runs from its asset folder, in a process for each concurrent event.
 *
 * An idle process is used again. Unlike Lambda, it is not frozen between events.
 */
export class LambdaFunction {
  readonly #options: LambdaFunctionOptions;
  readonly #places: Semaphore;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #idle: ExecutionEnvironment[] = [];
  #inFlight = 0;
  #reserved: number | undefined;
  #closed = false;

  constructor(options: LambdaFunctionOptions) {
    this.#options = options;
    this.#places = new Semaphore(options.maxEnvironments ?? DEFAULT_MAX_ENVIRONMENTS);
    this.#reserved = options.configuration.reservedConcurrentExecutions;
  }

  /** Sets the reserved concurrency; undefined removes it. */
  reserve(concurrency: number | undefined): void {
    this.#reserved = concurrency;
  }

  get name(): string {
    return this.#options.configuration.name;
  }

  /** Processes alive now. */
  get environmentCount(): number {
    return this.#environments.size;
  }

  /**
   * Invokes the function and waits for its result. Never throws: every failure is a result.
   *
   * @param payload the event, anything that JSON can hold
   * @param options.traceId trace header that the function sees as `_X_AMZN_TRACE_ID`; a new trace unless given
   */
  async invoke(payload: unknown, options: { readonly traceId?: string } = {}): Promise<InvokeResult> {
    const started = performance.now();
    const concurrent = this.#inFlight + 1;
    const result = await this.#invoke(payload, options);
    this.#options.onInvoked?.({
      functionName: this.name,
      ...(!result.ok && { failure: result.kind }),
      milliseconds: performance.now() - started,
      concurrent,
    });
    return result;
  }

  async #invoke(payload: unknown, { traceId }: { readonly traceId?: string }): Promise<InvokeResult> {
    const event = JSON.stringify(payload ?? {});
    if (Buffer.byteLength(event) > MAX_REQUEST_BYTES) {
      const message = `Request must be smaller than ${MAX_REQUEST_BYTES} bytes for the InvokeFunction operation`;
      return failure('too_large', 'RequestTooLargeException', message);
    }
    if (this.#reserved !== undefined && this.#inFlight >= this.#reserved) {
      return failure('throttled', 'TooManyRequestsException', 'Rate Exceeded.');
    }
    this.#inFlight += 1;
    await this.#places.acquire();
    try {
      return await this.#run(event, traceId ?? newTraceId());
    } finally {
      this.#places.release();
      this.#inFlight -= 1;
    }
  }

  /** Kills the process whose credentials have that session token, as a host that fails. Does nothing if there is none. */
  kill(sessionToken: string): void {
    this.#environmentWith(sessionToken)?.kill();
  }

  /** Ignores what that process replies from now on, as it is about to be killed. Does nothing if there is none. */
  silence(sessionToken: string): void {
    this.#environmentWith(sessionToken)?.silence();
  }

  #environmentWith(sessionToken: string): ExecutionEnvironment | undefined {
    return [...this.#environments].find((environment) => environment.sessionToken === sessionToken);
  }

  /** Ends every process and resolves when they are gone. Events in flight fail as a crash. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#environments].map((environment) => environment.stop()));
    this.#environments.clear();
  }

  async #run(event: string, traceId: string): Promise<InvokeResult> {
    if (this.#closed) return failure('crash', 'Runtime.ExitError', `The function ${this.name} has been closed.`);
    const environment = this.#takeIdle() ?? this.#start();
    const result = await environment.invoke(event, randomUUID(), traceId);
    if (environment.usable) this.#idle.push(environment);
    else this.#environments.delete(environment);
    return result;
  }

  /** The environment used last: it is the most likely to be warm. */
  #takeIdle(): ExecutionEnvironment | undefined {
    for (let environment = this.#idle.pop(); environment; environment = this.#idle.pop()) {
      if (environment.usable) return environment;
      this.#environments.delete(environment);
    }
    return undefined;
  }

  #start(): ExecutionEnvironment {
    const { configuration, onLog } = this.#options;
    const environment = new ExecutionEnvironment({
      configuration,
      variables: environmentVariables(this.#options),
      onLog: (line) => onLog(configuration.name, line),
    });
    this.#environments.add(environment);
    return environment;
  }
}

/** The variables of a function's process: the template's, then the ones that Lambda reserves, then the caller's. */
function environmentVariables(options: LambdaFunctionOptions): Record<string, string> {
  const { configuration, endpoint, environment = {}, localize = (value) => value } = options;
  const { applicationLogLevel } = configuration;
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  const variables = Object.entries(configuration.environment).map(([name, value]) => [name, localize(value)]);
  return {
    ...Object.fromEntries(variables),
    _HANDLER: configuration.handler,
    AWS_ACCESS_KEY_ID: configuration.name,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySizeMB),
    AWS_LAMBDA_FUNCTION_NAME: configuration.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: `${day}/[$LATEST]${randomBytes(16).toString('hex')}`,
    AWS_REGION: LOCAL_REGION,
    AWS_SECRET_ACCESS_KEY: 'local',
    // As on Lambda, each environment has its own credentials. Here they identify the caller.
    AWS_SESSION_TOKEN: randomUUID(),
    LAMBDA_TASK_ROOT: configuration.taskRoot,
    TZ: 'UTC',
    ...(applicationLogLevel && { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: applicationLogLevel }),
    ...environment,
  };
}
