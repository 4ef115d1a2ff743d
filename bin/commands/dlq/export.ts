/** `meetbus dlq export`: every message of a dead-letter queue as a line of JSON. */
import { type FileHandle, open } from 'node:fs/promises';
import { Argument, type Command, Option } from 'commander';
import { addDeploymentOptions, type DeploymentFlags, findDeployment } from '../../deployment';
import { interruptible } from '../../interrupt';
import { note } from '../../output';
import { UsageError, withChoices } from '../../usage';
import { exportMessages } from './exported';
import { QUEUE_NAMES, queuesNamed, withSqs } from './queues';

interface Flags extends DeploymentFlags {
  readonly to?: string;
  readonly credentials?: true;
}

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
  const onLine = (line: string) => (file ? file.write(line) : Promise.resolve(process.stdout.write(line)));
  try {
    const { count, notes, aborted } = await withSqs(deployment, (sqs) =>
      interruptible(async (signal) => ({
        ...(await exportMessages({ sqs, queues, isWhole: flags.credentials === true, signal, onLine })),
        aborted: signal.aborted,
      })),
    );
    const missing = [...notes, ...(aborted ? ['Not all were written: run the command again, to a new file.'] : [])];
    for (const text of missing) note(text);
    if (missing.length > 0) process.exitCode = 1;
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
