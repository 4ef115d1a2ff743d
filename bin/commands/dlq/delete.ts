/** `meetbus dlq delete`: deletes one message from its dead-letter queue. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { type JsonFlags, note, print, printJson } from '../../output';
import { subcommand } from '../../subcommand';
import { UsageError } from '../../usage';
import { queuesNamed, withSqs } from './queues';
import { lossOf, type Taken, takeOut } from './take-out';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly yes?: true;
}

/** Required characters of an id: a shorter prefix may not be unique. */
const LEAST_LENGTH = 8;

export const deleteCommand = (): Command =>
  subcommand('delete', 'Delete one message for good, such as one that no redrive can bring back.')
    .argument('<message id>', 'as peek and redrive tell it, or its first 8 characters or more')
    .option('--yes', 'do not ask')
    .action(deleteMessage);

async function deleteMessage(id: string, flags: Flags): Promise<void> {
  if (!/^[\w-]+$/.test(id) || id.length < LEAST_LENGTH) {
    throw new UsageError(
      `Give a message id, or ${LEAST_LENGTH} characters of it or more: "npx meetbus dlq peek <queue>" shows it.`,
    );
  }
  if (!flags.yes && !process.stdin.isTTY) throw new UsageError('Nobody can be asked here: say --yes to delete it.');
  const deployment = await findDeployment(flags);
  const { queue, summary } = await withSqs(deployment, (sqs) =>
    interruptible((signal) =>
      takeOut({
        ...{ sqs, id, signal, onHeld: note, queues: queuesNamed(deployment, 'all') },
        isSure: async (found) => {
          note(whatIsLost(found));
          return flags.yes === true || (await isSure());
        },
      }),
    ),
  );
  if (flags.json) printJson({ queue: queue.name, ...summary });
  else print(`Deleted ${summary.messageId} from the dead-letter queue of ${queue.name}.`);
}

function whatIsLost({ queue, summary: { messageId, eventId, providerEvent, wrong } }: Taken): string {
  const what = [providerEvent || 'a message without the name of an event', eventId && `event id ${eventId}`];
  return [
    `${messageId} of ${queue.name}: ${what.filter(Boolean).join(', ')}.${wrong === undefined ? '' : ` ${wrong}`}`,
    lossOf(queue),
    `To keep it, export it first: npx meetbus dlq export ${queue.name} --to <file>`,
  ].join('\n');
}

async function isSure(): Promise<boolean> {
  // To stderr: stdout is for what the command prints.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question('Delete it? (y/N) ')).trim());
  } finally {
    terminal.close();
  }
}
