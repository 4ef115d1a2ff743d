/** `meetbus dlq`: dead-lettered messages of the consumers, and of the rule between the buses. */
import { Argument, Command } from 'commander';
import { type DeploymentFlags, findDeployment } from '../deployment';
import { didYouMean } from '../did-you-mean';
import { interruptible } from '../interrupt';
import { type Column, footer, type JsonFlags, note, type Progress, printJson, startProgress, tableOf } from '../output';
import { readSandboxes, sampleEvents } from '../providers';
import { subcommand } from '../subcommand';
import { perSecond, repeated, timeMs, withChoices } from '../usage';
import { ago } from './dlq/ago';
import { deleteCommand } from './dlq/delete';
import { exportCommand } from './dlq/export';
import { type Depth, depthsOf, QUEUE_NAMES, queuesNamed, withSqs } from './dlq/queues';
import { checkTimes, type RedriveOptions, redriveQueues } from './dlq/redrive-queues';
import { FORCED, linesOf, notesOf } from './dlq/report';
import { peekCommand } from './dlq/show';

type Flags = DeploymentFlags & JsonFlags;

export function dlqCommand(): Command {
  return new Command('dlq')
    .description('Dead-letter queues: messages that failed too often.')
    .addCommand(subcommand('list', 'Show how many messages each holds, and for how long.').action(list))
    .addCommand(peekCommand())
    .addCommand(exportCommand(new Command('export')))
    .addCommand(
      subcommand(
        'redrive',
        'Send messages back to their consumer once the cause is fixed; each event is published once.',
      )
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

/** Asks about events that look misspelt. No error: a provider may send one that is new. */
async function doubtEvents(events: readonly string[] = []): Promise<void> {
  const known = events.length === 0 ? [] : sampleEvents(await readSandboxes());
  for (const event of events.filter((one) => !known.includes(one))) {
    const question = didYouMean(event, known);
    if (question !== '') note(`No provider is known to send ${event}. ${question}`);
  }
}

async function redriveFrom(name: string, flags: Flags & RedriveOptions): Promise<void> {
  checkTimes(flags);
  await doubtEvents(flags.event);
  const deployment = await findDeployment(flags);
  const queues = queuesNamed(deployment, name);
  const isDryRun = flags.dryRun === true;
  if (flags.force && !isDryRun) note(FORCED);
  let progress: Progress | undefined;
  const onProgress = (seen: number, total: number) => {
    progress ??= startProgress('messages', total);
    progress.update(seen);
  };
  const { results, aborted } = await withSqs(deployment, (sqs) =>
    interruptible(async (signal) => ({
      results: await redriveQueues(deployment, sqs, queues, flags, { signal, onProgress }),
      aborted: signal.aborted,
    })),
  );
  progress?.stop();
  const notes = notesOf(results, { aborted, isDryRun });
  if (notes.length > 0) process.exitCode = 1;
  if (flags.json) printJson(results);
  else console.log(linesOf(results, isDryRun).join('\n'));
  for (const text of notes) note(text);
}
