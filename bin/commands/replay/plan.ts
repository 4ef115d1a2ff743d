/** The plan of a replay, checked as far as possible in advance. */
import { randomBytes } from 'node:crypto';
import { DescribeArchiveCommand, type EventBridgeClient, type Rule } from '@aws-sdk/client-eventbridge';
import { type Deployment, outputOf } from '../../deployment';
import { didYouMean, sentences } from '../../did-you-mean';
import { UsageError } from '../../usage';
import { checkPattern, narrow, type Pattern } from './narrow';
import { rulesOf, targetsOf } from './rules';
import { temporaryRuleName } from './temporary-rule';

/** A bus, and the archive of it. */
export interface ArchivedBus {
  readonly busName: string;
  readonly archiveArn: string;
}

/** The requested events. Times are in milliseconds since 1970. */
export interface Wish {
  readonly rule: string;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly pattern: Pattern | undefined;
  readonly name: string | undefined;
}

/** A replay that can be started. */
export interface Plan {
  readonly replayName: string;
  readonly busName: string;
  readonly busArn: string;
  readonly archiveArn: string;
  /** Events in the archive, in and out of the window. */
  readonly archivedEvents: number;
  readonly from: Date;
  readonly to: Date;
  /** The chosen rule. */
  readonly rule: Rule;
  readonly targetArns: readonly string[];
  /** The temporary rule; absent if all events that match the chosen rule are replayed. */
  readonly temporaryRule?: { readonly name: string; readonly pattern: Pattern };
}

/** The shared bus or the intake bus of a deployment. */
export const busOf = (deployment: Deployment, bus: 'shared' | 'intake'): ArchivedBus => {
  const prefix = bus === 'shared' ? 'Shared' : 'Intake';
  return {
    busName: outputOf(deployment, `${prefix}BusName`),
    archiveArn: outputOf(deployment, `${prefix}ArchiveArn`),
  };
};

/** @throws UsageError that names the problem */
export async function makePlan(
  client: EventBridgeClient,
  { busName, archiveArn }: ArchivedBus,
  wish: Wish,
): Promise<Plan> {
  const { from, to } = windowOf(wish);
  const rules = await rulesOf(client, busName);
  const rule = rules.find(({ Name }) => Name === wish.rule);
  if (!rule) {
    const nearest = didYouMean(
      wish.rule,
      rules.map(({ Name = '' }) => Name),
    );
    const all = 'Leave out --rule to see which there are.';
    throw new UsageError(sentences(`There is no rule ${wish.rule} on ${busName}.`, nearest, all));
  }
  if (rule.State === 'DISABLED')
    throw new UsageError(`The rule ${wish.rule} is disabled: nothing would arrive. Enable it first.`);
  const targetArns = (await targetsOf(client, busName, wish.rule)).map(({ Arn = '' }) => Arn);
  if (targetArns.length === 0) throw new UsageError(`The rule ${wish.rule} has no targets: nothing would arrive.`);

  if (wish.pattern) await checkPattern(client, wish.pattern);
  const replayName = wish.name ?? newReplayName();
  const ownPattern = JSON.parse(rule.EventPattern ?? '{}') as Pattern;
  const ofThisReplay = await withReplayName(client, wish.rule, ownPattern, replayName);
  const archive = await client.send(new DescribeArchiveCommand({ ArchiveName: archiveArn.split('/').at(-1) }));
  return {
    ...{ replayName, busName, archiveArn, from, to, rule, targetArns },
    busArn: archive.EventSourceArn ?? '',
    archivedEvents: archive.EventCount ?? 0,
    ...(wish.pattern && {
      temporaryRule: {
        name: temporaryRuleName(wish.rule),
        pattern: await narrow(client, ofThisReplay, wish.pattern),
      },
    }),
  };
}

/**
 * EventBridge truncates the times of events to the second, and may omit those at the very end: so the end is rounded up
 * to a whole second.
 */
function windowOf({ from, to }: Wish): { from: Date; to: Date } {
  if (from === undefined) throw new UsageError('Say from when: --from 2026-01-31T09:30:00Z, or --from -2h.');
  const start = Math.floor(from / 1000) * 1000;
  const end = to === undefined ? Math.floor(Date.now() / 1000) * 1000 : Math.ceil(to / 1000) * 1000;
  if (start >= end) throw new UsageError('--to must be later than --from, by a second at least.');
  return { from: new Date(start), to: new Date(end) };
}

/** Live events have no replay name, so that none of them matches this pattern. */
async function withReplayName(client: EventBridgeClient, ruleName: string, pattern: Pattern, replayName: string) {
  try {
    return await narrow(client, pattern, { 'replay-name': [replayName] });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(
      `The rule ${ruleName} leaves out replayed events: it tests replay-name. Nothing would arrive.`,
    );
  }
}

/** A name that no replay had before. */
export function newReplayName(): string {
  const now = new Date().toISOString().slice(0, 19).replace(/[-:]/g, '');
  return `replay-${now}Z-${randomBytes(2).toString('hex')}`;
}
