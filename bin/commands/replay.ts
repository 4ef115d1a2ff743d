/** `meetbus replay`: sends archived events to one rule of a bus again. */
import { type DescribeReplayResponse, EventBridgeClient, type Rule } from '@aws-sdk/client-eventbridge';
import { Command, InvalidArgumentError, Option } from 'commander';
import { colors } from '../colors';
import { addDeploymentOptions, type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { interruptible } from '../interrupt';
import {
  addJsonOption,
  type Column,
  columnsFor,
  footer,
  type JsonFlags,
  note,
  printJson,
  startProgress,
  tableOf,
} from '../output';
import { wrapped } from '../terminal';
import { timeMs, UsageError, withChoices } from '../usage';
import type { Pattern } from './replay/narrow';
import { busOf, makePlan, type Plan } from './replay/plan';
import { rulesOf } from './replay/rules';
import { runReplay, waitsOf } from './replay/run';
import { removeLeftovers } from './replay/temporary-rule';

/** Options of `meetbus replay`. */
export type ReplayFlags = DeploymentFlags &
  JsonFlags & {
    readonly rule?: string;
    readonly from?: number;
    readonly to?: number;
    readonly pattern?: Pattern;
    readonly bus: 'shared' | 'intake';
    readonly name?: string;
    readonly dryRun?: true;
  };

/** AWS recommends waiting this long before a replay: events may not be in the archive yet. */
const ARCHIVING_MS = 10 * 60_000;

export function replayCommand(): Command {
  const command = new Command('replay')
    .description('Send the archived events of a time window to one rule again.')
    .option('--rule <name>', 'the rule that gets them; without it, the rules of the bus are listed')
    .option('--from <time>', 'since when, in ISO 8601 with its zone, or such as -2h', timeMs)
    .option('--to <time>', 'until when; now, if left out', timeMs)
    .option('--pattern <json>', 'only the events that also match this event pattern', patternOf)
    .addOption(withChoices(new Option('--bus <bus>', 'bus of the rule'), ['shared', 'intake']).default('shared'))
    .option('--name <name>', 'name of the replay; every replay has one of its own', nameOf)
    .option('--dry-run', 'say what would be done, and do nothing')
    .addHelpText('after', footer(HELP));
  return addJsonOption(addDeploymentOptions(command)).action((flags: ReplayFlags) => replay(flags));
}

const HELP = `
A time is that at which an event was published, to the second. The events come again under their own ids; their
envelope has "replay-name". No other rule gets them. Ctrl-C cancels.

--pattern narrows the rule: events must match its own pattern and this one. For the time of the replay there is a rule
<rule>-replay-<id> with the same targets. The policy of each target must allow it, as that of a MeetingEventSubscription
does: ArnLike aws:SourceArn <ARN of the rule>-replay-*.

Examples:
  npx meetbus replay --local                                 list the rules
  npx meetbus replay --rule recordings --from -2h --dry-run
  npx meetbus replay --rule recordings \\
    --from 2026-01-31T09:30:00Z --to 2026-01-31T10:00:00Z
  npx meetbus replay --rule recordings --from -1d \\
    --pattern '{"detail":{"data":{"bot":{"id":["…"]}}}}'`;

function nameOf(text: string): string {
  if (/^[\w.-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError('Give 1 to 64 letters, digits and . - _');
}

function patternOf(text: string): Pattern {
  try {
    const pattern: unknown = JSON.parse(text);
    if (typeof pattern === 'object' && pattern !== null && !Array.isArray(pattern)) return pattern as Pattern;
  } catch {}
  throw new InvalidArgumentError(`Give an event pattern in JSON, such as '{"detail-type":["recording.ready"]}'.`);
}

/** Runs `meetbus replay`. */
export async function replay(flags: ReplayFlags): Promise<void> {
  const deployment = await findDeployment(flags);
  const client = new EventBridgeClient(deployment.clientConfig);
  try {
    const bus = busOf(deployment, flags.bus);
    const { rule, from, to, pattern, json } = flags;
    if (rule === undefined) {
      if (isForReplay(flags)) throw new UsageError(CHOOSE);
      return await listRules(client, bus.busName, flags);
    }
    const plan = await makePlan(client, bus, { rule, from, to, pattern, name: flags.name });
    if (flags.dryRun) return json ? printJson(summaryOf(plan)) : console.log(wrapped(describePlan(plan), columnsFor()));
    for (const { name, failure } of await removeLeftovers(client, bus.busName, 2 * waitsOf(deployment).graceMs)) {
      if (failure === undefined) note(`Removed ${name}, which an earlier replay had left behind.`);
      else note(`An earlier replay has left the rule ${name} behind, and it cannot be removed: ${failure}`);
    }
    if (!json) console.log(wrapped(describePlan(plan), columnsFor()));
    if (!deployment.local && Date.now() - plan.to.getTime() < ARCHIVING_MS) {
      note('The events of the last ten minutes may not be in the archive yet.');
    }
    if (plan.temporaryRule && !deployment.local) note('It begins in a minute, when the new rule has taken effect.');
    report(plan, await run(client, deployment, plan), flags);
  } finally {
    client.destroy();
  }
}

const CHOOSE = 'Choose the rule that is to get the events: --rule <name>. Without any option the rules are listed.';

/** Whether the person asked for events, and not only for the rules. */
const isForReplay = ({ from, to, pattern, name, dryRun }: ReplayFlags): boolean =>
  [from, to, pattern, name, dryRun].some((option) => option !== undefined);

async function listRules(client: EventBridgeClient, busName: string, { json }: ReplayFlags): Promise<void> {
  const rules = await rulesOf(client, busName);
  if (json) printJson(rules.map(({ Name: rule, State: state, EventPattern: pattern }) => ({ rule, state, pattern })));
  else {
    const columns: readonly Column<Rule>[] = [
      { title: `rules of ${busName}`, value: ({ Name = '' }) => Name },
      { title: 'state', value: ({ State = '' }) => State.toLowerCase() },
      { title: 'description', value: ({ Description = '' }) => Description, narrow: 'wrap' as const },
    ];
    console.log(tableOf(columns, rules));
  }
}

function run(
  client: EventBridgeClient,
  deployment: Deployment,
  plan: Plan,
): Promise<DescribeReplayResponse | undefined> {
  const secondsOf = (time: Date) => (time.getTime() - plan.from.getTime()) / 1000;
  const progress = startProgress('Seconds', secondsOf(plan.to));
  return interruptible((signal) =>
    runReplay(plan, {
      ...{ client, signal, ...waitsOf(deployment) },
      onProgress: ({ EventLastReplayedTime = plan.from }) => progress.update(secondsOf(EventLastReplayedTime)),
    }),
  ).finally(progress.stop);
}

/** Prints the result of the replay; the exit code says whether it is complete. */
function report(plan: Plan, ended: DescribeReplayResponse | undefined, { json }: ReplayFlags): void {
  const { State: state = 'CANCELLED', StateReason: reason, EventLastReplayedTime: last } = ended ?? {};
  const lastReplayedTime = last?.toISOString();
  if (state !== 'COMPLETED') process.exitCode = 1;
  if (json) {
    printJson({ ...summaryOf(plan), state, ...(reason && { reason }), lastReplayedTime });
    return;
  }
  const until = lastReplayedTime ? `the last event is of ${lastReplayedTime}` : 'there was no event';
  const lines = {
    COMPLETED: colors.green(`The replay is complete; ${until}.`),
    CANCELLED: colors.yellow(`The replay was cancelled; ${until}. What has been replayed stays.`),
  } as Readonly<Record<string, string>>;
  console.log(lines[state] ?? colors.red(`The replay ended as ${state}${reason ? `: ${reason}` : ''}; ${until}.`));
}

const summaryOf = ({ replayName, busName, rule, from, to, targetArns, temporaryRule, archivedEvents }: Plan) => ({
  ...{ replayName, bus: busName, rule: rule.Name, from: from.toISOString(), to: to.toISOString(), targetArns },
  ...(temporaryRule && { temporaryRule }),
  archivedEvents,
});

function describePlan({
  replayName,
  busName,
  rule,
  from,
  to,
  targetArns,
  temporaryRule,
  archivedEvents,
}: Plan): string {
  return [
    `Replay ${colors.bold(replayName)}`,
    `  Events   ${from.toISOString()} to ${to.toISOString()}, of the ${archivedEvents} that the archive of ${busName} has`,
    `  Rule     ${rule.Name} alone`,
    ...targetArns.map((arn) => `  Target   ${arn}`),
    ...(temporaryRule
      ? [`  Through  ${temporaryRule.name}, for this replay`, `  Pattern  ${JSON.stringify(temporaryRule.pattern)}`]
      : []),
  ].join('\n');
}
