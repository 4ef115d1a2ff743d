import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import type { FunctionConfiguration } from './configuration';
import { failure, type InvokeResult, MAX_RESPONSE_BYTES } from './result';

/** What the process is sent for each event. */
interface Invocation {
  /** The event as JSON text, so that the handler sees what JSON makes of it, as on Lambda. */
  readonly event: string;
  readonly requestId: string;
  readonly traceId: string;
  /** Epoch milliseconds at which the timeout passes. */
  readonly deadline: number;
}

type Reply =
  | { readonly type: 'ready' }
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'error' | 'init-error'; readonly errorType: string; readonly errorMessage: string }
  | { readonly type: 'exit'; readonly status: string }
  | { readonly type: 'timeout' };

/** Lambda gives the code ten seconds to load. */
const INIT_TIMEOUT_MS = 10_000;

/** How long a process may take to end after SIGTERM. */
const TERMINATION_GRACE_MS = 1_000;

/** Settings of an {@link ExecutionEnvironment}. */
export interface EnvironmentOptions {
  readonly configuration: FunctionConfiguration;
  /** All variables of the process; it inherits none. */
  readonly variables: Readonly<Record<string, string>>;
  readonly onLog: (line: string) => void;
}

/** One process that runs a function's handler, one event at a time. */
export class ExecutionEnvironment {
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  readonly #initialized: Promise<Reply>;
  #settle: ((reply: Reply) => void) | undefined;
  #usable = true;
  #silenced = false;

  constructor(private readonly options: EnvironmentOptions) {
    const { configuration, variables, onLog } = options;
    this.#child = fork(join(__dirname, 'bootstrap.cjs'), [configuration.arn], {
      cwd: configuration.taskRoot,
      // fork would hand down the parent's own flags, such as a loader of TypeScript.
      execArgv: [],
      env: { ...variables },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLog);
    }
    this.#exited = new Promise((resolve) => {
      const end = (status: string) => {
        this.#usable = false;
        this.#settle?.({ type: 'exit', status });
        resolve();
      };
      this.#child.on('exit', (code, signal) => end(signal ? `signal: ${signal}` : `exit status ${code}`));
      this.#child.on('error', (error) => end(error.message));
    });
    this.#child.on('message', (reply: Reply) => {
      if (!this.#silenced) this.#settle?.(reply);
    });
    this.#initialized = this.#nextReply(INIT_TIMEOUT_MS);
  }

  /** False once the process has ended or is about to. */
  get usable(): boolean {
    return this.#usable;
  }

  /** The session token of its credentials. */
  get sessionToken(): string | undefined {
    return this.options.variables.AWS_SESSION_TOKEN;
  }

  /** Runs the handler on one event. After a timeout, a crash or a failed start the environment is not usable. */
  async invoke(event: string, requestId: string, traceId: string): Promise<InvokeResult> {
    const initialized = await this.#initialized;
    if (initialized.type !== 'ready') return this.#fail('init', initialized, INIT_TIMEOUT_MS, requestId);

    const timeoutMs = this.options.configuration.timeoutSeconds * 1000;
    const invocation: Invocation = { event, requestId, traceId, deadline: Date.now() + timeoutMs };
    const answer = this.#nextReply(timeoutMs);
    // The callback takes the error of a process that has just ended; its exit settles the answer.
    if (this.#usable) this.#child.send(invocation, () => {});
    const reply = await answer;
    if (reply.type === 'result') return readResult(reply.payload);
    if (reply.type === 'error') return failure('handled', reply.errorType, reply.errorMessage);
    return this.#fail('crash', reply, timeoutMs, requestId);
  }

  /** Its process is about to be killed: what it still replies before the kill reaches it counts no more. */
  silence(): void {
    this.#silenced = true;
  }

  /** Kills the process at once, as a host that fails. The event in flight ends as a crash. */
  kill(): void {
    this.#usable = false;
    this.#child.kill('SIGKILL');
  }

  /** Ends the process: SIGTERM, then SIGKILL. Resolves when it is gone. */
  async stop(): Promise<void> {
    this.#usable = false;
    this.#child.kill('SIGTERM');
    const controller = new AbortController();
    const grace = delay(TERMINATION_GRACE_MS, 'late', { signal: controller.signal }).catch(() => 'gone');
    if ((await Promise.race([this.#exited, grace])) === 'late') this.#child.kill('SIGKILL');
    await this.#exited;
    controller.abort();
  }

  #nextReply(timeoutMs: number): Promise<Reply> {
    if (!this.#usable) return Promise.resolve({ type: 'exit', status: 'the process has ended' });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#settle?.({ type: 'timeout' }), timeoutMs);
      this.#settle = (reply) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(reply);
      };
    });
  }

  #fail(kind: 'init' | 'crash', reply: Reply, timeoutMs: number, requestId: string): InvokeResult {
    this.#usable = false;
    this.#child.kill('SIGKILL');
    if (reply.type === 'init-error') return failure('init', reply.errorType, reply.errorMessage);
    if (reply.type === 'timeout') {
      const seconds = (timeoutMs / 1000).toFixed(2);
      const message = `RequestId: ${requestId} Error: Task timed out after ${seconds} seconds`;
      return failure(kind === 'init' ? 'init' : 'timeout', 'Sandbox.Timedout', message);
    }
    const status = reply.type === 'exit' ? reply.status : `unexpected reply ${reply.type}`;
    return failure(kind, 'Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited with error: ${status}`);
  }
}

function readResult(payload: string): InvokeResult {
  if (Buffer.byteLength(payload) <= MAX_RESPONSE_BYTES) return { ok: true, payload: JSON.parse(payload) };
  return failure(
    'handled',
    'Function.ResponseSizeTooLarge',
    `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
  );
}
