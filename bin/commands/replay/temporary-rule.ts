/** The temporary rule for a replay of only some events, with the targets of the chosen rule. */
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

/** The end of every temporary rule's name: the time of its creation, in base 36. */
const SUFFIX = /-replay-([0-9a-z]{8})$/;

/** With the name, it distinguishes a temporary rule from a person's rule. */
const DESCRIPTION = 'Temporary rule of "meetbus replay". It is removed when the replay has ended.';

const LONGEST_RULE_NAME = 64;

/** If a rule's replay has not begun after this time, its command was killed. */
const START_MS = 10 * 60_000;

/** States in which a replay still delivers events. */
const ACTIVE: readonly (string | undefined)[] = ['STARTING', 'RUNNING', 'CANCELLING'];

/**
 * Name of a temporary rule for this rule.
 *
 * @throws UsageError if it would be longer than EventBridge allows
 */
export function temporaryRuleName(ruleName: string): string {
  const name = `${ruleName}-replay-${Date.now().toString(36)}`;
  if (name.length <= LONGEST_RULE_NAME) return name;
  const most = LONGEST_RULE_NAME - (name.length - ruleName.length);
  throw new UsageError(`With --pattern, a rule's name can have ${most} characters at most: ${ruleName} is too long.`);
}

/**
 * Creates a temporary rule, still without targets.
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

/** Copies the targets of a rule to a temporary rule, with their roles, inputs and retries. */
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

/** Removes a temporary rule and its targets. It is not an error if the rule is already gone. */
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
 * Removes the temporary rules of commands that were killed: those whose replay has ended, or never began. A rule that
 * cannot be removed does not affect other replays: no event matches it any more.
 *
 * @param keepMs how long after the end of a replay a running command may still use its rule
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

/** True while a replay delivers events, or events of it may still be in transit. */
const isInUse = ({ State, ReplayEndTime }: DescribeReplayResponse, keepMs: number): boolean =>
  ACTIVE.includes(State) || Date.now() - (ReplayEndTime?.getTime() ?? 0) < keepMs;

/** A replay; undefined if none has that name. */
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
