/** The rule that stands beside the chosen one for the time of a replay that only some events are to take part in. */
import {
  DeleteRuleCommand,
  DescribeReplayCommand,
  type DescribeReplayResponse,
  type EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import { messageOf } from '../../errors';
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
const ACTIVE: readonly (string | undefined)[] = ['STARTING', 'RUNNING', 'CANCELLING'];

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

/** Removes a temporary rule, with its targets. That it is gone already is no error. */
export async function removeTemporaryRule(client: EventBridgeClient, EventBusName: string, name: string) {
  try {
    const Ids = (await targetsOf(client, EventBusName, name)).map(({ Id = '' }) => Id);
    if (Ids.length > 0) await client.send(new RemoveTargetsCommand({ Rule: name, EventBusName, Ids }));
    await client.send(new DeleteRuleCommand({ Name: name, EventBusName }));
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** A temporary rule that a command left behind, and why it is still there, if it could not be removed. */
export interface Leftover {
  readonly name: string;
  readonly failure?: string;
}

/**
 * Removes the temporary rules of commands that were killed: those whose replay has ended, or never began. One that cannot be
 * removed hinders no other replay: no event matches it any more.
 *
 * @param keepMs how long after the end of a replay its rule may still be in use, by a command that lives
 */
export async function removeLeftovers(client: EventBridgeClient, busName: string, keepMs: number): Promise<Leftover[]> {
  const leftovers: Leftover[] = [];
  for (const { Name: name = '', Description, EventPattern = '{}' } of await rulesOf(client, busName)) {
    const [, madeAt] = SUFFIX.exec(name) ?? [];
    if (madeAt === undefined || Description !== DESCRIPTION) continue;
    const replay = await replayOf(client, JSON.parse(EventPattern)['replay-name']?.[0]);
    if (replay ? isInUse(replay, keepMs) : Date.now() - Number.parseInt(madeAt, 36) < START_MS) continue;
    const failure = await removeTemporaryRule(client, busName, name).then(() => undefined, messageOf);
    leftovers.push({ name, ...(failure !== undefined && { failure }) });
  }
  return leftovers;
}

/** True while a replay brings events, or has brought some just now that may still be on their way. */
const isInUse = ({ State, ReplayEndTime }: DescribeReplayResponse, keepMs: number): boolean =>
  ACTIVE.includes(State) || Date.now() - (ReplayEndTime?.getTime() ?? 0) < keepMs;

/** A replay; undefined where there is none of that name. */
async function replayOf(
  client: EventBridgeClient,
  ReplayName: string | undefined,
): Promise<DescribeReplayResponse | undefined> {
  try {
    return await client.send(new DescribeReplayCommand({ ReplayName }));
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

const isNotFound = (error: unknown): boolean => error instanceof Error && error.name === 'ResourceNotFoundException';
