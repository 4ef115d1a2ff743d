/** The EventBridge API of the local cloud. */

import { AwsError, type AwsService, LOCAL_ACCOUNT } from '../service';
import type { EventBridge } from './event-bridge';
import { parseExactly } from './json-text';
import { compilePattern } from './pattern';
import type { Archive, Bus, Rule, RuleKey } from './registry';

interface Page {
  readonly Limit?: number;
  readonly NextToken?: string;
}

interface TargetsKey extends Page {
  readonly Rule: string;
  readonly EventBusName?: string;
}

/** Most items of one answer, where the caller does not ask for fewer. */
const PAGE_SIZE = 100;

/**
 * Serves an {@link EventBridge} as AWS does. There are no replays, and archives exist only as the template declares them.
 */
export function createEventBridgeService(eventBridge: EventBridge): AwsService {
  return {
    targetPrefix: 'AWSEvents',
    operations: {
      PutEvents: ({ Entries }) => eventBridge.putEvents(Entries),
      TestEventPattern: testEventPattern,
      ...busOperations(eventBridge),
      ...ruleOperations(eventBridge),
      ...targetOperations(eventBridge),
      ListArchives: (input) =>
        listed(
          'Archives',
          eventBridge.archives(input.NamePrefix).filter(ofSource(input.EventSourceArn)),
          input,
          archiveItem,
        ),
      DescribeArchive: ({ ArchiveName }) => {
        const archive = eventBridge.archive(ArchiveName);
        return {
          ...archiveItem(archive),
          ArchiveArn: archive.arn,
          Description: archive.description,
          EventPattern: archive.pattern,
        };
      },
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

const EVENT_FIELDS = ['id', 'account', 'source', 'time', 'region', 'resources', 'detail-type'];

function testEventPattern({ EventPattern, Event }: { EventPattern: string; Event: string }): object {
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

const seconds = (date: Date) => date.getTime() / 1000;

function busItem({ name, arn, description, createdAt }: Bus): object {
  const time = seconds(createdAt);
  return { Name: name, Arn: arn, Description: description, CreationTime: time, LastModifiedTime: time };
}

function ruleItem(rule: Rule): object {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    State: rule.state,
    Description: rule.description,
    RoleArn: rule.roleArn,
    EventBusName: rule.busName,
  };
}

function archiveItem(archive: Archive): object {
  return {
    ArchiveName: archive.name,
    EventSourceArn: archive.busArn,
    State: 'ENABLED',
    RetentionDays: archive.retentionDays,
    SizeBytes: 0,
    EventCount: 0,
    CreationTime: seconds(archive.createdAt),
  };
}

function ofSource(busArn: string | undefined): (archive: Archive) => boolean {
  return (archive) => busArn === undefined || archive.busArn === busArn;
}

/** One page of a listing; the token is the place of the next item. */
function listed<Item>(member: string, items: readonly Item[], page: Page, show: (item: Item) => unknown): object {
  const start = Number(page.NextToken ?? 0);
  const end = start + (page.Limit ?? PAGE_SIZE);
  const more = end < items.length ? { NextToken: String(end) } : {};
  return { [member]: items.slice(start, end).map(show), ...more };
}
