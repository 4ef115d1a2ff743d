/** `meetbus dlq`: dead-lettered messages of the consumers, and of the rule between the buses. */
import { type Message, SQSClient } from '@aws-sdk/client-sqs';
import { Argument, Command } from 'commander';
import { createPace } from '../../lambdas/platform/pace';
import { type Deployment, type DeploymentFlags, findDeployment } from '../deployment';
import { interruptible } from '../interrupt';
import { asOperator } from '../operator';
import { type Column, footer, type JsonFlags, note, printJson, startProgress, tableOf } from '../output';
import { subcommand } from '../subcommand';
import { perSecond, repeated, timeMs, UsageError, withChoices } from '../usage';
import { ago } from './dlq/ago';
import { deleteCommand } from './dlq/delete';
import { exportCommand } from './dlq/export';
import { type MessageSummary, summaryOf, whatIsWrong } from './dlq/messages';
import {
  type DeadLetterQueue,
  type Depth,
  depthsOf,
  messagesIn,
  QUEUE_NAMES,
  queuesNamed,
  withSqs,
} from './dlq/queues';
import { queueSink, redrive, type Sink } from './dlq/redrive';
import { linesOf, notesOf, type Result } from './dlq/report';
import { sharedBusSink } from './dlq/republish';
import { peekCommand } from './dlq/show';

type Flags = DeploymentFlags & JsonFlags;

interface Filter {
  readonly event?: readonly string[];
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
}

type RedriveFlags = Flags & Filter & { readonly dryRun?: true; readonly force?: true; readonly rate?: number };

export function dlqCommand(): Command {
  return new Command('dlq')
    .description('Dead-letter queues: messages that failed too often.')
    .addCommand(subcommand('list', 'Show how many messages each holds, and for how long.').action(list))
    .addCommand(peekCommand())
    .addCommand(exportCommand(new Command('export')))
    .addCommand(
      subcommand('redrive', 'Bring messages back once their cause is mended; each is published once.')
        .addArgument(withChoices(new Argument('<queue>', 'family, republish, or all'), [...QUEUE_NAMES, 'all']))
        .option('--event <name>', 'only these provider events, such as bot.done; may be repeated', repeated)
        .option('--from <time>', 'only those received since, such as 2026-01-31T09:30:00Z or -2h', timeMs)
        .option('--to <time>', 'only those received before', timeMs)
        .option('--rate <number>', 'messages a second, from 0.1, such as 50/s; as fast as it goes without', perSecond)
        .option('--force', 'also those that will fail again, because nothing can be made of them')
        .option('--dry-run', 'only count them')
        .action(redriveFrom),
    )
    .addCommand(deleteCommand())
    .addHelpText('after', footer(HELP));
}

const HELP = `
The queues: ${QUEUE_NAMES.join(', ')}.
A redrive writes in the operator's role: it takes sts:AssumeRole on the output OperatorRoleArn.
Messages stay for 14 days from when the provider's request came.

A message that is broken fails again each time: peek and redrive name it. Keep it
with export, and take it out with delete.

Examples:
  npx meetbus dlq list
  npx meetbus dlq peek transcript --limit 3 --body
  npx meetbus dlq redrive transcript --dry-run
  npx meetbus dlq export transcript --to transcript.jsonl
  npx meetbus dlq delete 1b9d6bcd
  npx meetbus dlq redrive all --from -2h --event bot.done --rate 50/s`;

const DEPTH_COLUMNS: readonly Column<Depth>[] = [
  { title: 'queue', value: ({ name }) => name },
  { title: 'messages', value: ({ messages }) => messages },
  {
    title: 'oldest message',
    value: ({ messages, oldestSeconds }) => {
      if (messages === 0) return '';
      return oldestSeconds === undefined ? '?' : ago(oldestSeconds);
    },
  },
];

async function list(flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const { depths, whyNoAges } = await withSqs(deployment, (sqs) => depthsOf(deployment, sqs));
  if (whyNoAges !== undefined) note(`How long they have been there is not known: ${whyNoAges}`);
  if (flags.json) printJson(depths);
  else console.log(tableOf(DEPTH_COLUMNS, depths));
}

async function redriveFrom(name: string, flags: RedriveFlags): Promise<void> {
  const { from, to } = flags;
  if (from !== undefined && to !== undefined && from >= to) throw new UsageError('--to must be later than --from.');
  const deployment = await findDeployment(flags);
  const queues = queuesNamed(deployment, name);
  if (flags.force && !flags.dryRun) note(FORCED);
  const { results, aborted } = await withSqs(deployment, (sqs) =>
    interruptible(async (signal) => ({
      results: await redriveQueues(deployment, sqs, queues, flags, signal),
      aborted: signal.aborted,
    })),
  );
  const isDryRun = flags.dryRun === true;
  const notes = notesOf(results, { aborted, isDryRun });
  if (notes.length > 0) process.exitCode = 1;
  if (flags.json) printJson(results);
  else console.log(linesOf(results, isDryRun).join('\n'));
  for (const text of notes) note(text);
}

const FORCED =
  'With --force, messages that will fail again are brought back too: their consumer tries each for a quarter of an hour, then ' +
  'it is here again, and the alarms say so.';

/** Redrives queues concurrently, with one rate limit for all. If one fails, the others continue to their end. */
async function redriveQueues(
  deployment: Deployment,
  sqs: SQSClient,
  queues: readonly DeadLetterQueue[],
  flags: RedriveFlags,
  signal: AbortSignal,
): Promise<Result[]> {
  const sinks = flags.dryRun ? [] : await sinksOf(deployment, queues);
  const depths = await Promise.all(queues.map(({ url }) => messagesIn(sqs, url)));
  const progress = startProgress(
    'messages',
    depths.reduce((sum, depth) => sum + depth, 0),
  );
  const pace = createPace(flags.rate);
  let seen = 0;
  const results = await Promise.all(
    queues.map(async (queue, index) => {
      const redriven = await redrive({
        sqs,
        queueUrl: queue.url,
        sink: sinks[index],
        isWanted: (message: Message) => passes(summaryOf(message, queue), flags),
        // A message that is not an event cannot be put on a bus, even with --force.
        ...((!flags.force || queue.sourceUrl === undefined) && {
          isReadable: (message: Message) => whatIsWrong(message, queue) === undefined,
        }),
        pace,
        rate: flags.rate,
        signal,
        depth: depths[index] ?? 0,
        onSeen: (count) => {
          seen += count;
          progress.update(seen);
        },
      });
      return { queue: queue.name, ...redriven };
    }),
  );
  progress.stop();
  return results;
}

/** Where the messages of each queue go. */
async function sinksOf(deployment: Deployment, queues: readonly DeadLetterQueue[]): Promise<Sink[]> {
  const operator = await asOperator(deployment);
  const sqs = new SQSClient(operator.clientConfig);
  return queues.map(({ sourceUrl }) => (sourceUrl === undefined ? sharedBusSink(operator) : queueSink(sqs, sourceUrl)));
}

/** True if a message matches the filter. A message without a time does not match a filter by time. */
function passes({ providerEvent, receivedTime }: MessageSummary, { event, from, to }: Filter): boolean {
  const received = Date.parse(receivedTime);
  return (
    (event === undefined || event.includes(providerEvent)) &&
    (from === undefined || received >= from) &&
    (to === undefined || received < to)
  );
}
