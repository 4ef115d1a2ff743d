/**
 * Buses and rules that were made from outside, with their targets; the template tells of the others. And replays; what
 * archives keep is in files of their own beside the snapshot.
 */
import type { Replay } from '../eventbridge/replays';
import { busNameOf, DEFAULT_BUS, type Target } from '../eventbridge/types';
import { declaredNames, type Section } from './section';

interface BusRecord {
  readonly name: string;
  readonly description: string | undefined;
}

export const busSection: Section<BusRecord> = {
  *save(state) {
    const declared = declaredNames(state, 'AWS::Events::EventBus');
    for (const { name, description } of state.eventBridge.buses()) {
      if (name !== DEFAULT_BUS && !declared.has(name)) yield { name, description };
    }
  },

  restore({ eventBridge }, records) {
    for (const { name, description } of records) {
      if (!eventBridge.findBus(name)) eventBridge.createBus(name, description);
    }
    return [];
  },
};

interface RuleRecord {
  readonly bus: string;
  readonly name: string;
  readonly pattern?: string;
  readonly schedule?: string;
  readonly state: string;
  readonly description?: string;
  readonly roleArn?: string;
  readonly targets: readonly Target[];
}

export const ruleSection: Section<RuleRecord> = {
  *save({ stack, eventBridge }) {
    const declared = new Set(
      stack
        .ofType('AWS::Events::Rule')
        .map(({ name, properties }) => `${busNameOf(properties.EventBusName as string | undefined)}/${name}`),
    );
    for (const rule of eventBridge.buses().flatMap(({ name }) => eventBridge.rules(name))) {
      const { name, busName, pattern, schedule, state, description, roleArn, targets } = rule;
      if (declared.has(`${busName}/${name}`)) continue;
      yield {
        ...{ bus: busName, name, state, targets: [...targets.values()] },
        ...(pattern !== undefined && { pattern }),
        ...(schedule !== undefined && { schedule: schedule.expression }),
        ...(description !== undefined && { description }),
        ...(roleArn !== undefined && { roleArn }),
      };
    }
  },

  restore({ eventBridge }, records) {
    const leftOut = new Set<string>();
    for (const { bus, name, pattern, schedule, state, description, roleArn, targets } of records) {
      if (!eventBridge.findBus(bus)) {
        leftOut.add(`rules of the bus ${bus}`);
        continue;
      }
      const key = { Name: name, EventBusName: bus };
      eventBridge.putRule({
        ...{ ...key, State: state },
        ...(pattern !== undefined && { EventPattern: pattern }),
        ...(schedule !== undefined && { ScheduleExpression: schedule }),
        ...(description !== undefined && { Description: description }),
        ...(roleArn !== undefined && { RoleArn: roleArn }),
      });
      eventBridge.putTargets(key, targets);
    }
    return leftOut;
  },
};

/** All replays: none is under way in a local cloud at rest. */
export const replaySection: Section<Replay> = {
  *save({ eventBridge }) {
    yield* eventBridge.replays.list();
  },

  restore({ eventBridge }, records) {
    for (const replay of records) eventBridge.replays.restore(replay);
    return [];
  },
};
