/** The rule that stands beside the chosen one for the time of a replay that only some events are to take part in. */
import {
  DeleteRuleCommand,
  DescribeReplayCommand,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import { UsageError } from '../../usage';
import type { Pattern } from './narrow';
import { rulesOf, targetsOf } from './rules';

/** What all temporary rules are called in the end: the time at which they were made, to base 36. */
const SUFFIX = /-replay-([0-9a-z]{8})$/;

/** Beside the name, it tells a temporary rule from one that somebody has made. */
const DESCRIPTION = 'Temporary rule of "meetbus replay". It is removed when the replay has ended.';

const LONGEST_RULE_NAME = 64;

/** A rule whose replay has not begun after this time was left behind by a command that was killed. */
const START_MS = 10 * 60_000;

/** In these a replay still brings events. */
const ACTIVE = ['STARTING', 'RUNNING', 'CANCELLING'];

/**
 * Name of a temporary rule beside this one.
 *
 * @throws UsageError when that would be longer than EventBridge allows
 */
export function temporaryRuleName(ruleName: string): string {
  const name = `${ruleName}-replay-${Date.now().toString(36)}`;
  if (name.length <= LONGEST_RULE_NAME) return name;
  const most = LONGEST_RULE_NAME - (name.length - ruleName.length);
  throw new UsageError(`With --pattern, a rule's name can have ${most} characters at most: ${ruleName} is too long.`);
}

/**
 * Makes a temporary rule, without targets as yet.
 *
 * @returns its ARN
 */
export async function putTemporaryRule(
  client: EventBridgeClient,
  name: string,
  pattern: Pattern,
  { EventBusName, RoleArn }: Rule,
): Promise<string> {
  const EventPattern = JSON.stringify(pattern);
  const { RuleArn = '' } = await client.send(
    new PutRuleCommand({ Name: name, EventBusName, EventPattern, RoleArn, Description: DESCRIPTION }),
  );
  return RuleArn;
}

/** Has a temporary rule pass events on as another one does: to its targets, with their roles, inputs and retries. */
export async function copyTargets(
  client: EventBridgeClient,
  name: string,
  { Name: model = '', EventBusName = '' }: Rule,
): Promise<void> {
  const Targets = await targetsOf(client, EventBusName, model);
  const { FailedEntries: [failed] = [] } = await client.send(
    new PutTargetsCommand({ Rule: name, EventBusName, Targets }),
  );
  if (failed) throw new Error(`The target ${failed.TargetId} of ${model} cannot be copied: ${failed.ErrorMessage}`);
}

/** Removes a temporary rule, with its targets. */
export async function removeTemporaryRule(client: EventBridgeClient, EventBusName: string, name: string) {
  const Ids = (await targetsOf(client, EventBusName, name)).map(({ Id = '' }) => Id);
  if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ Rule: name, EventBusName, Ids }));
  await client.send(new DeleteRuleCommand({ Name: name, EventBusName }));
}

/**
 * Removes the temporary rules of commands that were killed: those whose replay has ended, or never began.
 *
 * @returns their names
 */
export async function removeLeftovers(client: EventBridgeClient, busName: string): Promise<string[]> {
  const removed: string[] = [];
  for (const { Name = '', Description, EventPattern = '{}' } of await rulesOf(client, busName)) {
    const [, madeAt] = SUFFIX.exec(Name) ?? [];
    if (madeAt === undefined || Description !== DESCRIPTION) continue;
    const state = await stateOf(client, JSON.parse(EventPattern)['replay-name']?.[0]);
    const isNew = Date.now() - Number.parseInt(madeAt, 36) < START_MS;
    if (state === undefined ? isNew : ACTIVE.includes(state)) continue;
    await removeTemporaryRule(client, busName, Name);
    removed.push(Name);
  }
  return removed;
}

/** State of a replay; undefined where there is none of that name. */
async function stateOf(client: EventBridgeClient, ReplayName: string | undefined): Promise<string | undefined> {
  try {
    return (await client.send(new DescribeReplayCommand({ ReplayName }))).State;
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
