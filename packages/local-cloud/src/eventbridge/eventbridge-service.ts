/** The EventBridge API of the local cloud. */

import { AwsError, type AwsService, LOCAL_ACCOUNT } from '../service';
import type { EventBridge } from './event-bridge';
import { parseExactly } from './json-text';
import { listed, type Page, seconds } from './listing';
import { compilePattern } from './pattern';
import type { Bus, Rule, RuleKey } from './registry';
import { archiveOperations, replayOperations } from './replay-operations';

interface TargetsKey extends Page {
  readonly Rule: string;
  readonly EventBusName?: string;
}

/** Serves an {@link EventBridge} as AWS does. Archives exist only as the template declares them. */
export function createEventBridgeService(eventBridge: EventBridge): AwsService {
  return {
    targetPrefix: 'AWSEvents',
    client: () => import('@aws-sdk/client-eventbridge'),
    operations: {
      PutEvents: ({ Entries }) => eventBridge.putEvents(Entries),
      TestEventPattern: testEventPattern,
      ...busOperations(eventBridge),
      ...ruleOperations(eventBridge),
      ...targetOperations(eventBridge),
      ...archiveOperations(eventBridge),
      ...replayOperations(eventBridge),
    },
  };
}

function busOperations(eventBridge: EventBridge): AwsService['operations'] {
  return {
    CreateEventBus: ({ Name, Description }) => {
      const bus = eventBridge.createBus(Name, Description);
      return { EventBusArn: bus.arn, Description: bus.description };
    },
    DeleteEventBus: ({ Name }) => {
      eventBridge.deleteBus(Name);
      return {};
    },
    DescribeEventBus: ({ Name }) => busItem(eventBridge.bus(Name)),
    ListEventBuses: (input) => listed('EventBuses', eventBridge.buses(input.NamePrefix), input, busItem),
  };
}

function ruleOperations(eventBridge: EventBridge): AwsService['operations'] {
  const setState = (key: RuleKey, state: Rule['state']) => {
    eventBridge.rule(key).state = state;
    return {};
  };
  return {
    PutRule: (input) => ({ RuleArn: eventBridge.putRule(input).arn }),
    // Force is for rules that an AWS service manages: it does not delete targets.
    DeleteRule: (input) => {
      eventBridge.deleteRule(input);
      return {};
    },
    EnableRule: (input) => setState(input, 'ENABLED'),
    DisableRule: (input) => setState(input, 'DISABLED'),
    DescribeRule: (input) => ({ ...ruleItem(eventBridge.rule(input)), CreatedBy: LOCAL_ACCOUNT }),
    ListRules: (input) => listed('Rules', eventBridge.rules(input.EventBusName, input.NamePrefix), input, ruleItem),
    ListRuleNamesByTarget: (input) => {
      const aims = (rule: Rule) => [...rule.targets.values()].some(({ Arn }) => Arn === input.TargetArn);
      return listed('RuleNames', eventBridge.rules(input.EventBusName).filter(aims), input, ({ name }) => name);
    },
  };
}

function targetOperations(eventBridge: EventBridge): AwsService['operations'] {
  const keyOf = ({ Rule: Name, EventBusName }: TargetsKey): RuleKey => ({
    Name,
    ...(EventBusName && { EventBusName }),
  });
  return {
    // A target that AWS would not take fails the whole call, so that no entry ever fails alone.
    PutTargets: (input) => {
      eventBridge.putTargets(keyOf(input), input.Targets);
      return { FailedEntryCount: 0, FailedEntries: [] };
    },
    RemoveTargets: (input) => {
      const failed = eventBridge.removeTargets(keyOf(input), input.Ids).map((id) => ({
        TargetId: id,
        ErrorCode: 'ResourceNotFoundException',
        ErrorMessage: `Rule ${input.Rule} has no target ${id}.`,
      }));
      return { FailedEntryCount: failed.length, FailedEntries: failed };
    },
    ListTargetsByRule: (input) =>
      listed('Targets', [...eventBridge.rule(keyOf(input)).targets.values()], input, (target) => target),
  };
}

/** Characters of a pattern that the API takes; a rule may have fewer. */
const MAX_TESTED_PATTERN_LENGTH = 4096;

/** What TestEventPattern asks of an event. `resources` is not among them, whatever the API reference says. */
const EVENT_FIELDS = ['id', 'account', 'source', 'time', 'region', 'detail-type'];

function testEventPattern({ EventPattern, Event }: { EventPattern: string; Event: string }): object {
  if (EventPattern.length > MAX_TESTED_PATTERN_LENGTH) {
    throw new AwsError('ValidationException', `EventPattern may have ${MAX_TESTED_PATTERN_LENGTH} characters at most.`);
  }
  const matches = compilePattern(EventPattern);
  let event: unknown;
  try {
    event = parseExactly(Event);
  } catch {
    throw new AwsError('ValidationException', 'Parameter Event is not valid. Reason: it is not JSON.');
  }
  const missing = EVENT_FIELDS.filter((field) => !Object.hasOwn(Object(event), field));
  if (missing.length > 0) {
    throw new AwsError('ValidationException', `Parameter Event is not valid. Reason: it lacks ${missing.join(', ')}.`);
  }
  return { Result: matches(event as object) };
}

function busItem({ name, arn, description, createdAt }: Bus): object {
  const time = seconds(createdAt);
  return { Name: name, Arn: arn, Description: description, CreationTime: time, LastModifiedTime: time };
}

function ruleItem(rule: Rule): object {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    ScheduleExpression: rule.schedule?.expression,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.busName,
  };
}
