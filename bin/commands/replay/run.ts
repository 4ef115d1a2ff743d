/** Executes a plan: starts the replay, waits for its end, and removes the temporary rule. */
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CancelReplayCommand,
  DescribeReplayCommand,
  type DescribeReplayResponse,
  type EventBridgeClient,
  ReplayState,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import type { Deployment } from '../../deployment';
import { messageOf } from '../../errors';
import { UsageError } from '../../usage';
import type { Plan } from './plan';
import { copyTargets, putTemporaryRule, removeTemporaryRule } from './temporary-rule';

/**
 * On AWS a new rule takes effect within "a short period of time" (API reference, PutRule); it misses earlier events.
 */
const SETTLE_MS = 60_000;

/** On AWS an event may still be in transit to the rule when its replay has ended. */
const GRACE_MS = 30_000;

/** How long a replay with a temporary rule waits before and after; the local cloud needs no wait. */
export const waitsOf = ({ local }: Pick<Deployment, 'local'>): Pick<RunOptions, 'settleMs' | 'graceMs'> =>
  local ? { settleMs: 0, graceMs: 0 } : { settleMs: SETTLE_MS, graceMs: GRACE_MS };

const POLL_MS = 500;

const ENDED: ReadonlySet<ReplayState | undefined> = new Set([
  ReplayState.COMPLETED,
  ReplayState.CANCELLED,
  ReplayState.FAILED,
]);

/** Inputs of a run besides its plan. */
export interface RunOptions {
  readonly client: EventBridgeClient;
  /** Aborting it cancels the replay. */
  readonly signal: AbortSignal;
  /** Wait time for a temporary rule to take effect before events are replayed to it. */
  readonly settleMs: number;
  /** How long a temporary rule stays after the end of the replay, for events that are still in transit. */
  readonly graceMs: number;
  /** Called after every poll of the replay. */
  readonly onProgress: (replay: DescribeReplayResponse) => void;
}

/**
 * Runs a replay to its end, or until it is cancelled.
 *
 * @returns the ended replay; undefined if it was cancelled before it began
 */
export async function runReplay(plan: Plan, options: RunOptions): Promise<DescribeReplayResponse | undefined> {
  const { busName, temporaryRule, rule } = plan;
  const { client, signal, settleMs, graceMs } = options;
  if (temporaryRule === undefined) {
    await start(client, rule.Arn ?? '', plan);
    return follow(plan, options);
  }
  const { name, pattern } = temporaryRule;
  const arn = await putTemporaryRule(client, name, pattern, rule);
  const remove = () => removeTemporaryRule(client, busName, name);
  let isStarted = false;
  try {
    await copyTargets(client, name, rule);
    await sleep(settleMs, undefined, { signal }).catch(() => {});
    if (!signal.aborted) {
      await start(client, arn, plan);
      isStarted = true;
    }
  } catch (error) {
    await remove();
    throw error;
  }
  // If polling fails, the replay still continues, and without the rule its events would reach nobody.
  const ended = isStarted ? await follow(plan, options) : undefined;
  if (ended) await sleep(graceMs, undefined, { signal }).catch(() => {});
  await remove();
  return ended;
}

/** Waits for the end of a started replay. */
async function follow(plan: Plan, options: RunOptions): Promise<DescribeReplayResponse> {
  try {
    return await waitForEnd(plan, options);
  } catch (error) {
    const { replayName, temporaryRule } = plan;
    const rule = temporaryRule && ` The next meetbus replay on this bus removes ${temporaryRule.name} after its end.`;
    throw new Error(`The replay ${replayName} goes on, but cannot be followed: ${messageOf(error)}${rule ?? ''}`, {
      cause: error,
    });
  }
}

async function waitForEnd(
  { replayName }: Plan,
  { client, signal, onProgress }: RunOptions,
): Promise<DescribeReplayResponse> {
  for (let isCancelled = false; ; ) {
    const replay = await client.send(new DescribeReplayCommand({ ReplayName: replayName }));
    onProgress(replay);
    if (ENDED.has(replay.State)) return replay;
    if (signal.aborted && !isCancelled) {
      await cancel(client, replayName);
      isCancelled = true;
    }
    await sleep(POLL_MS, undefined, isCancelled ? {} : { signal }).catch(() => {});
  }
}

async function start(client: EventBridgeClient, ruleArn: string, plan: Plan): Promise<void> {
  try {
    await client.send(
      new StartReplayCommand({
        ReplayName: plan.replayName,
        EventSourceArn: plan.archiveArn,
        EventStartTime: plan.from,
        EventEndTime: plan.to,
        Destination: { Arn: plan.busArn, FilterArns: [ruleArn] },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ResourceAlreadyExistsException')) throw error;
    throw new UsageError(`There was a replay ${plan.replayName} before. Choose another --name, or leave it out.`);
  }
}

async function cancel(client: EventBridgeClient, ReplayName: string): Promise<void> {
  try {
    await client.send(new CancelReplayCommand({ ReplayName }));
  } catch (error) {
    // It has ended in the meantime.
    if (!(error instanceof Error && error.name === 'IllegalStatusException')) throw error;
  }
}
