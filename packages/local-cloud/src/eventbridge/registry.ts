/** Buses with their rules and targets, and archives: what exists, and what AWS refuses to create or delete. */

import { AwsError, LOCAL_ACCOUNT } from '../service';
import { compilePattern, type EventMatcher } from './pattern';
import { periodOf } from './schedule';
import { checkTarget } from './target-checks';
import { busNameOf, DEFAULT_BUS, eventsArn, type RuleIdentity, type RuleState, type Target } from './types';

/** AWS's default quotas. */
export const MAX_TARGETS_PER_RULE = 5;
export const MAX_PATTERN_LENGTH = 2048;

export interface Rule extends RuleIdentity {
  /** The pattern as it was put; undefined where the rule has a schedule alone. */
  readonly pattern: string | undefined;
  readonly schedule: Schedule | undefined;
  readonly matches: EventMatcher;
  readonly description: string | undefined;
  readonly roleArn: string | undefined;
  readonly targets: Map<string, Target>;
  state: RuleState;
}

/** When a rule sends an event of its own to its targets. */
interface Schedule {
  /** Such as `rate(5 minutes)`. */
  readonly expression: string;
  readonly periodMs: number;
}

export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly createdAt: Date;
  readonly rules: Map<string, Rule>;
}

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly pattern: string | undefined;
  readonly matches: EventMatcher;
  readonly description: string | undefined;
  /** 0 means forever. */
  readonly retentionDays: number;
  readonly createdAt: Date;
}

/** Names a rule; the bus by name or ARN, the default bus if left out. */
export interface RuleKey {
  readonly Name: string;
  readonly EventBusName?: string;
}

export interface PutRuleInput extends RuleKey {
  /** JSON text over the API, an object where a template holds it. */
  readonly EventPattern?: string | object;
  readonly ScheduleExpression?: string;
  readonly State?: string;
  readonly Description?: string;
  readonly RoleArn?: string;
}

export interface CreateArchiveInput {
  readonly ArchiveName: string;
  /** ARN of the bus. */
  readonly EventSourceArn: string;
  readonly EventPattern?: string | object;
  readonly Description?: string;
  /** 0, the default, means forever. */
  readonly RetentionDays?: number;
}

const BUS_NAME = /^[/.\-\w]{1,256}$/;
const RULE_NAME = /^[.\-\w]{1,64}$/;
const EVERY_EVENT = { pattern: undefined, matches: () => true };
const NO_EVENT = { pattern: undefined, matches: () => false };

/** Everything that EventBridge knows apart from events. Unknown names throw `ResourceNotFoundException`. */
export class Registry {
  readonly #buses = new Map<string, Bus>();
  readonly #archives = new Map<string, Archive>();

  constructor() {
    this.createBus(DEFAULT_BUS);
  }

  /** @throws AwsError `ResourceAlreadyExistsException`, `ValidationException` */
  createBus(name: string, description?: string): Bus {
    if (!BUS_NAME.test(name)) throw invalid(`Event bus name ${name} may have letters, digits and / . - _ only.`);
    if (this.#buses.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    const bus = { name, arn: eventsArn(`event-bus/${name}`), description, createdAt: new Date(), rules: new Map() };
    this.#buses.set(name, bus);
    return bus;
  }

  /** Deletes a bus that has no rules. A bus that is not there is no error, as on AWS. */
  deleteBus(nameOrArn: string): void {
    const name = busNameOf(nameOrArn);
    if (name === DEFAULT_BUS) throw invalid('Cannot delete event bus default.');
    if (this.#buses.get(name)?.rules.size) throw invalid("Event bus can't be deleted since it has rules.");
    this.#buses.delete(name);
  }

  findBus(nameOrArn?: string): Bus | undefined {
    return this.#buses.get(busNameOf(nameOrArn));
  }

  bus(nameOrArn?: string): Bus {
    const bus = this.findBus(nameOrArn);
    if (!bus) throw notFound(`Event bus ${busNameOf(nameOrArn)} does not exist.`);
    return bus;
  }

  /** Buses by name. */
  buses(namePrefix = ''): Bus[] {
    return byName(this.#buses, namePrefix);
  }

  /** Creates a rule, or replaces all of it but its targets. */
  putRule(input: PutRuleInput): Rule {
    const bus = this.bus(input.EventBusName);
    if (!RULE_NAME.test(input.Name)) {
      throw invalid(`Rule name ${input.Name} may have 1 to 64 letters, digits and . - _ only.`);
    }
    const { EventPattern, ScheduleExpression } = input;
    if (ScheduleExpression !== undefined && bus.name !== DEFAULT_BUS) {
      throw invalid('ScheduleExpression is supported only on the default event bus.');
    }
    if (EventPattern === undefined && ScheduleExpression === undefined) {
      throw invalid('Parameter(s) EventPattern or ScheduleExpression must be specified.');
    }
    const name = input.Name;
    const rule: Rule = {
      name,
      busName: bus.name,
      arn: eventsArn(bus.name === DEFAULT_BUS ? `rule/${name}` : `rule/${bus.name}/${name}`),
      ...(EventPattern === undefined ? NO_EVENT : compiled(EventPattern)),
      schedule:
        ScheduleExpression === undefined
          ? undefined
          : { expression: ScheduleExpression, periodMs: periodOf(ScheduleExpression) },
      description: input.Description,
      roleArn: input.RoleArn,
      state: stateOf(input.State),
      targets: bus.rules.get(name)?.targets ?? new Map(),
    };
    bus.rules.set(name, rule);
    return rule;
  }

  /** Deletes a rule that has no targets. A rule that is not there is no error, as on AWS. */
  deleteRule({ Name, EventBusName }: RuleKey): void {
    const { rules } = this.bus(EventBusName);
    if (rules.get(Name)?.targets.size) throw invalid("Rule can't be deleted since it has targets.");
    rules.delete(Name);
  }

  rule({ Name, EventBusName }: RuleKey): Rule {
    const bus = this.bus(EventBusName);
    const rule = bus.rules.get(Name);
    if (!rule) throw notFound(`Rule ${Name} does not exist on EventBus ${bus.name}.`);
    return rule;
  }

  /** Rules of a bus by name. */
  rules(busNameOrArn?: string, namePrefix = ''): Rule[] {
    return byName(this.bus(busNameOrArn).rules, namePrefix);
  }

  /**
   * Adds targets to a rule; one with an id that is there already replaces it.
   *
   * @throws AwsError `ValidationException` or `LimitExceededException`: no target was changed
   */
  putTargets(key: RuleKey, targets: readonly Target[]): void {
    const rule = this.rule(key);
    for (const target of targets) checkTarget(target);
    const ids = new Set([...rule.targets.keys(), ...targets.map(({ Id }) => Id)]);
    if (ids.size > MAX_TARGETS_PER_RULE) {
      throw new AwsError(
        'LimitExceededException',
        `Rule ${rule.name} would have ${ids.size} targets; AWS's quota is ${MAX_TARGETS_PER_RULE}. Add a second rule.`,
      );
    }
    for (const target of targets) rule.targets.set(target.Id, target);
  }

  /** @returns ids that the rule has no target for */
  removeTargets(key: RuleKey, ids: readonly string[]): string[] {
    const { targets } = this.rule(key);
    return ids.filter((id) => !targets.delete(id));
  }

  /** Declares an archive. */
  createArchive(input: CreateArchiveInput): Archive {
    const name = input.ArchiveName;
    if (this.#archives.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
    }
    const archive = {
      name,
      arn: eventsArn(`archive/${name}`),
      busArn: this.bus(input.EventSourceArn).arn,
      ...(input.EventPattern === undefined ? EVERY_EVENT : compiled(input.EventPattern)),
      description: input.Description,
      retentionDays: input.RetentionDays ?? 0,
      createdAt: new Date(),
    };
    this.#archives.set(name, archive);
    return archive;
  }

  archive(name: string): Archive {
    const archive = this.#archives.get(name);
    if (!archive) throw notFound(`Archive ${name} does not exist in account ${LOCAL_ACCOUNT}.`);
    return archive;
  }

  /** Archives by name. */
  archives(namePrefix = ''): Archive[] {
    return byName(this.#archives, namePrefix);
  }
}

function compiled(pattern: string | object): Pick<Rule, 'pattern' | 'matches'> {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new AwsError(
      'LimitExceededException',
      `Event pattern has ${text.length} characters; AWS's quota is ${MAX_PATTERN_LENGTH}. Split it into several rules.`,
    );
  }
  return { pattern: text, matches: compilePattern(text) };
}

function stateOf(state = 'ENABLED'): RuleState {
  if (state === 'ENABLED' || state === 'DISABLED') return state;
  throw invalid(`Rule state ${state} is not known to the local cloud; use ENABLED or DISABLED.`);
}

function byName<Item extends { readonly name: string }>(items: Map<string, Item>, prefix: string): Item[] {
  return [...items.values()].filter(({ name }) => name.startsWith(prefix)).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message);
}
