/** Faults on demand: holds the plan that applies now, and carries it out on the calls of functions. */
import { randomInt } from 'node:crypto';
import type { LambdaFunction } from '../lambda/lambda-function';
import type { Invocation } from '../protocol';
import type { AwsService, CallContext } from '../service';
import { FaultPlan } from './fault-plan';
import { type Fault, type FaultRule, type FaultService, readFaultPlan, SERVICE_PREFIXES } from './fault-rules';
import { inject, NoAnswer } from './injections';

/** What the plan is, and what it has done so far. */
export interface FaultStatus {
  readonly seed: number;
  readonly faults: readonly FaultRule[];
  /** How often each fault was injected, by `<service>.<operation>.<fault>`. */
  readonly injected: Readonly<Record<string, number>>;
}

/** What the front door knows of a call, and can do about its answer. */
export interface InterceptedCall extends CallContext {
  /** Session token of the caller's credentials: every execution environment has one of its own. */
  readonly sessionToken: string;
  /** Runs a function after the answer has been sent, or after the client has gone away. */
  onceAnswered(run: () => void): void;
}

/** A fault that was injected. */
export interface InjectedFault {
  /** Such as `dynamodb.PutItem`. */
  readonly call: string;
  readonly fault: Fault;
  readonly functionName: string;
}

export interface FaultsOptions {
  /** Every service; read when a plan is made, and at every call. */
  readonly services: () => readonly AwsService[];
  /** Finds a function by its name: its calls suffer, no outsider's. */
  readonly functionNamed: (name: string) => Pick<LambdaFunction, 'kill' | 'silence'> | undefined;
  readonly onFault?: (fault: InjectedFault) => void;
}

const NO_FAULTS = { faults: [] };

/** The fault plan of a local cloud. There are no faults until {@link replace} brings some. */
export class Faults {
  #plan = new FaultPlan(NO_FAULTS);
  #replaced = new AbortController();
  readonly #stopping = new AbortController();
  /** Session tokens of the environments that are being killed. */
  readonly #silenced = new Set<string>();

  constructor(private readonly options: FaultsOptions) {}

  /**
   * Replaces the plan.
   *
   * @param input `{ seed?, faults }`; a seed is made up unless given
   * @throws FaultPlanError says what is wrong with the input; the plan then stays as it was
   */
  replace(input: unknown): void {
    const plan = readFaultPlan(input, (service) => this.#operationsOf(service));
    this.#setPlan(new FaultPlan({ seed: randomInt(2 ** 32), ...plan }));
  }

  /** Ends all faults. */
  clear(): void {
    this.#setPlan(new FaultPlan(NO_FAULTS));
  }

  status(): FaultStatus {
    const { seed, rules, injected } = this.#plan;
    return { seed, faults: rules, injected };
  }

  /** Ends all waiting: from now on a call that would time out is cut at once, and none is slow. */
  stop(): void {
    this.#stopping.abort();
  }

  /**
   * Carries out a call, or does to it what the plan says.
   *
   * @param carryOut runs the operation
   * @throws AwsError that the caller is to see; NoAnswer when it is to get none
   */
  run(invocation: Invocation, call: InterceptedCall, carryOut: (input: unknown) => Promise<object>): Promise<object> {
    const { operation, input } = invocation;
    const service = serviceOf(invocation.service);
    const caller = this.options.functionNamed(call.accessKeyId);
    const functionName = call.accessKeyId;
    if (caller && this.#silenced.has(call.sessionToken)) return Promise.reject(new NoAnswer());
    const injection = caller && service && this.#plan.next({ service, operation, functionName });
    if (!injection) return carryOut(input);
    this.options.onFault?.({ call: `${service}.${operation}`, fault: injection.fault, functionName });
    return inject({
      service,
      input,
      injection,
      clientGone: call.signal,
      stopping: this.#stopping.signal,
      carryOut,
      killCaller: () => caller.kill(call.sessionToken),
      silenceCaller: () => {
        this.#silenced.add(call.sessionToken);
        caller.silence(call.sessionToken);
      },
      onceAnswered: call.onceAnswered,
    });
  }

  /** Whether the next message that the mapping of a function deletes is to be delivered once more. */
  redelivers(functionName: string): boolean {
    const isRedelivered = this.#plan.redelivers(functionName);
    if (isRedelivered) this.options.onFault?.({ call: 'sqs.DeleteMessage', fault: 'redeliver', functionName });
    return isRedelivered;
  }

  /**
   * Resolves to false where SQS is up for the mapping of a function. Where it is down, resolves to true once the plan
   * has been replaced or the signal fires: then ask again.
   */
  async holdsReceiving(functionName: string, signal: AbortSignal): Promise<boolean> {
    if (!this.#plan.isReceivingDown(functionName)) return false;
    this.options.onFault?.({ call: 'sqs.ReceiveMessage', fault: 'down', functionName });
    const over = AbortSignal.any([signal, this.replaced]);
    if (!over.aborted) await new Promise((resolve) => over.addEventListener('abort', resolve, { once: true }));
    return true;
  }

  /** Fires when the plan that applies now is replaced. */
  get replaced(): AbortSignal {
    return this.#replaced.signal;
  }

  #setPlan(plan: FaultPlan): void {
    this.#plan = plan;
    this.#replaced.abort();
    this.#replaced = new AbortController();
  }

  #operationsOf(service: FaultService): string[] {
    const found = this.options.services().find(({ targetPrefix }) => targetPrefix === SERVICE_PREFIXES[service]);
    return Object.keys(found?.operations ?? {});
  }
}

function serviceOf({ targetPrefix }: AwsService): FaultService | undefined {
  const services = Object.keys(SERVICE_PREFIXES) as FaultService[];
  return services.find((service) => SERVICE_PREFIXES[service] === targetPrefix);
}
