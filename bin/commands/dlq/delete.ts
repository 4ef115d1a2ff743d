/** `meetbus dlq delete`: deletes one message from its dead-letter queue. */
import { createInterface } from 'node:readline/promises';
import { DeleteMessageCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import type { Command } from 'commander';
import { type Deployment, type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { type JsonFlags, note, print, printJson } from '../../output';
import { subcommand } from '../../subcommand';
import { UsageError } from '../../usage';
import { type MessageSummary, summaryOf } from './messages';
import { giveBack, readAll } from './peek';
import { type DeadLetterQueue, queuesNamed, withSqs } from './queues';
import { heldNote } from './report';

interface Flags extends DeploymentFlags, JsonFlags {
  readonly yes?: true;
}

/** A message that was found, and is in flight. */
interface Found {
  readonly queue: DeadLetterQueue;
  readonly message: Message;
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
  await withSqs(deployment, (sqs) =>
    interruptible(async (signal) => {
      const found = await find(deployment, sqs, id, signal);
      try {
        const [one, other] = found;
        if (!one) throw new Error(`No dead-letter queue holds a message ${id} that can be looked at.`);
        if (other) throw new UsageError(`${id} begins the ids of ${found.length} messages. Say more of it.`);
        await deleteOne(sqs, one, flags);
        found.pop();
      } finally {
        for (const { queue, message } of found) await giveBack(sqs, queue.url, [message]);
      }
    }),
  );
}

/** The messages with that id, in all queues; they are in flight. */
async function find(deployment: Deployment, sqs: SQSClient, id: string, signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  const search = async (queue: DeadLetterQueue) => {
    const onMessage = (message: Message) => {
      const isIt = message.MessageId?.startsWith(id) === true;
      if (isIt) found.push({ queue, message });
      return isIt;
    };
    const held = await readAll({ sqs, queueUrl: queue.url, signal, onMessage });
    if (held > 0) note(heldNote(queue.name, held));
  };
  await Promise.all(queuesNamed(deployment, 'all').map(search));
  return found;
}

async function deleteOne(sqs: SQSClient, { queue, message }: Found, { yes, json }: Flags): Promise<void> {
  const summary = summaryOf(message, queue);
  note(whatIsLost(queue, summary));
  if (!yes && !(await isSure())) throw new UsageError('Nothing was deleted.');
  await sqs.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: message.ReceiptHandle }));
  if (json) printJson({ queue: queue.name, ...summary });
  else print(`Deleted ${summary.messageId} from the dead-letter queue of ${queue.name}.`);
}

function whatIsLost(
  { name, sourceUrl }: DeadLetterQueue,
  { messageId, eventId, providerEvent, wrong }: MessageSummary,
): string {
  const what = [providerEvent || 'a message without the name of an event', eventId && `event id ${eventId}`];
  const lost =
    sourceUrl === undefined
      ? 'Subscribers never get it; the archive of the intake bus has it until it expires (setting archiveDays).'
      : 'It was never published: it is on no bus and in no archive, and its provider does not send it again.';
  return [
    `${messageId} of ${name}: ${what.filter(Boolean).join(', ')}.${wrong === undefined ? '' : ` ${wrong}`}`,
    lost,
    `To keep it, export it first: npx meetbus dlq export ${name} --to <file>`,
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
