/** Decides which calls go wrong, and how. Pure: the same seed, rules and sequence of calls give the same faults. */
import { createHash } from 'node:crypto';
import {
  type CallFault,
  type Fault,
  type FaultPlanInput,
  type FaultRule,
  type FaultService,
  reachOf,
} from './fault-rules';

/** A call that a rule may match. */
export interface PlannedCall {
  readonly service: FaultService;
  readonly operation: string;
  /** The function that makes the call, or whose event source mapping makes it. */
  readonly functionName: string;
}

/** A fault that befalls a call. */
export interface Injection {
  readonly fault: CallFault;
  /** For `slow`. */
  readonly milliseconds: number;
  /** The next random number of the rule, from 0 up to but not including 1. */
  readonly random: () => number;
}

interface RuleState {
  readonly rule: FaultRule;
  readonly random: () => number;
  /** How many more calls it befalls. */
  left: number;
}

/** The rules that apply now, and what they have done. */
export class FaultPlan {
  readonly seed: number;
  readonly rules: readonly FaultRule[];
  readonly #states: readonly RuleState[];
  readonly #injected = new Map<string, number>();

  constructor({ seed = 0, faults }: FaultPlanInput) {
    this.seed = seed;
    this.rules = faults;
    // Each rule draws from a sequence of its own, so that a rule more does not change what the others do.
    this.#states = faults.map((rule, index) => ({
      rule,
      random: randomSequence(seed, index),
      left: rule.count ?? Number.POSITIVE_INFINITY,
    }));
  }

  /** How often each fault has been injected, by `<service>.<operation>.<fault>`. */
  get injected(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#injected);
  }

  /** What befalls a function's next call: the first rule in the plan's order that matches it and whose turn it is. */
  next(call: PlannedCall): Injection | undefined {
    const state = this.#apply(call, ({ fault }) => fault !== 'redeliver');
    if (!state) return undefined;
    const { rule, random } = state;
    return { fault: rule.fault as CallFault, milliseconds: rule.milliseconds ?? 0, random };
  }

  /** Whether the next message that the mapping of a function deletes is to be delivered once more. */
  redelivers(functionName: string): boolean {
    const call: PlannedCall = { service: 'sqs', operation: 'DeleteMessage', functionName };
    return this.#apply(call, ({ fault }) => fault === 'redeliver') !== undefined;
  }

  /**
   * Whether SQS as a whole is down for the mapping of a function: by a rule without operation, rate and count.
   * A mapping polls all the time: it would use up a count with calls that nobody sees.
   */
  isReceivingDown(functionName: string): boolean {
    const call: PlannedCall = { service: 'sqs', operation: 'ReceiveMessage', functionName };
    const isDown = this.rules.some(
      (rule) =>
        rule.fault === 'down' &&
        rule.operation === undefined &&
        rule.rate === undefined &&
        rule.count === undefined &&
        matches(rule, call),
    );
    if (isDown) this.#count(call, 'down');
    return isDown;
  }

  #apply(call: PlannedCall, isEligible: (rule: FaultRule) => boolean): RuleState | undefined {
    const state = this.#states.find((one) => isEligible(one.rule) && matches(one.rule, call) && isItsTurn(one));
    if (!state) return undefined;
    state.left -= 1;
    this.#count(call, state.rule.fault);
    return state;
  }

  #count({ service, operation }: PlannedCall, fault: Fault): void {
    const key = `${service}.${operation}.${fault}`;
    this.#injected.set(key, (this.#injected.get(key) ?? 0) + 1);
  }
}

function matches(rule: FaultRule, call: PlannedCall): boolean {
  const { operations } = reachOf(rule.fault);
  return (
    rule.service === call.service &&
    (operations?.includes(call.operation) ?? true) &&
    (rule.operation ?? call.operation) === call.operation &&
    call.functionName.includes(rule.functionName ?? '')
  );
}

const isItsTurn = ({ rule, random, left }: RuleState): boolean =>
  left > 0 && (rule.rate === undefined || random() < rule.rate);

/** A sequence of numbers from 0 up to but not including 1 that seed and index alone decide. */
function randomSequence(seed: number, index: number): () => number {
  let position = 0;
  return () => {
    const digest = createHash('sha256').update(`${seed}/${index}/${position}`).digest();
    position += 1;
    return digest.readUInt32BE() / 2 ** 32;
  };
}
