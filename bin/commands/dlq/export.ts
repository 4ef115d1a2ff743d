/** `meetbus dlq export`: every message of a dead-letter queue as a line of JSON. */
import { type FileHandle, open } from 'node:fs/promises';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { Argument, type Command, Option } from 'commander';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { maskedText } from '../../masked';
import { note } from '../../output';
import { UsageError, withChoices } from '../../usage';
import { summaryOf } from './messages';
import { readAll } from './peek';
import { type DeadLetterQueue, QUEUE_NAMES, queuesNamed, withSqs } from './queues';
import { heldNote } from './report';

interface Flags extends DeploymentFlags {
  readonly to?: string;
  readonly credentials?: true;
}

/** Writes a line. */
type Write = (line: string) => Promise<unknown>;

export const exportCommand = (command: Command): Command =>
  addDeploymentOptions(command)
    .description('Write every message with its attributes, a line of JSON each, and leave them there.')
    .addArgument(withChoices(new Argument('<queue>', 'family, republish, or all'), [...QUEUE_NAMES, 'all']))
    .option('--to <file>', 'a new file that only you may read; else to stdout')
    .addOption(new Option('--credentials', 'as they are, with credentials and links, which else are masked'))
    .action(exportFrom);

async function exportFrom(name: string, flags: Flags): Promise<void> {
  const deployment = await findDeployment(flags);
  const queues = queuesNamed(deployment, name);
  const file = flags.to === undefined ? undefined : await newFile(flags.to);
  const write: Write = file ? (line) => file.write(line) : async (line) => process.stdout.write(line);
  try {
    const count = await withSqs(deployment, (sqs) =>
      interruptible((signal) => writeAll(sqs, queues, flags.credentials === true, write, signal)),
    );
    note(`${count} ${count === 1 ? 'message' : 'messages'} written${flags.to === undefined ? '' : ` to ${flags.to}`}.`);
  } finally {
    await file?.close();
  }
}

async function newFile(path: string): Promise<FileHandle> {
  return open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new UsageError(`${path} is there already. Name a new file.`);
    throw new UsageError(`The file cannot be written: ${error.message}`);
  });
}

/** Writes the messages of some queues; returns their number. If messages are missing, the command exits with 1. */
async function writeAll(
  sqs: SQSClient,
  queues: readonly DeadLetterQueue[],
  isWhole: boolean,
  write: Write,
  signal: AbortSignal,
): Promise<number> {
  let count = 0;
  for (const queue of queues) {
    const onMessage = async (message: Message) => {
      await write(`${JSON.stringify(lineOf(message, queue, isWhole))}\n`);
      count += 1;
      return false;
    };
    const held = await readAll({ sqs, queueUrl: queue.url, signal, onMessage });
    if (held > 0) {
      note(heldNote(queue.name, held));
      process.exitCode = 1;
    }
  }
  if (signal.aborted) {
    note('Not all were written: run the command again, to a new file.');
    process.exitCode = 1;
  }
  return count;
}

/** An exported message: its known properties, and the whole SQS message. */
const lineOf = (message: Message, queue: DeadLetterQueue, isWhole: boolean) => ({
  queue: queue.name,
  ...summaryOf(message, queue),
  attributes: message.Attributes ?? {},
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes ?? {}).map(
      ([name, { DataType: type, StringValue: value, BinaryValue }]) => [
        name,
        { type, value: value ?? Buffer.from(BinaryValue ?? []).toString('base64') },
      ],
    ),
  ),
  body: isWhole ? message.Body : maskedText(message.Body ?? ''),
});
