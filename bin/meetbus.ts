#!/usr/bin/env tsx
/** `npx meetbus`: the command line. It ends with 0 when done, 1 when it failed or something is wrong, 2 at wrong usage. */
import { Command, CommanderError } from 'commander';
import { version } from '../package.json';
import { dlqCommand } from './commands/dlq';
import { doctorCommand } from './commands/doctor';
import { realtimekitCommand } from './commands/realtimekit';
import { recallCommand } from './commands/recall';
import { replayCommand } from './commands/replay';
import { secretsCommand } from './commands/secrets';
import { sendCommand } from './commands/send';
import { tailCommand } from './commands/tail';
import { traceCommand } from './commands/trace';
import { UsageError } from './usage';

const program = new Command('meetbus')
  .description('Meetbus takes in the webhooks of meeting platforms and publishes them as meeting events.')
  .version(version)
  .helpCommand(false)
  .addHelpText(
    'after',
    `
Every command is for the stack Meetbus on AWS, or with --local for the local cloud that npm start runs.

Examples:
  npx meetbus doctor                                         what is wrong, and what to do about it
  npx meetbus send recall bot.in_call_recording --local      one signed sample delivery
  npx meetbus tail --local --type 'recording.*'              meeting events as they come`,
  )
  .commandsGroup('Look:')
  .addCommand(doctorCommand())
  .addCommand(tailCommand())
  .addCommand(traceCommand())
  .commandsGroup('Providers:')
  .addCommand(secretsCommand())
  .addCommand(recallCommand())
  .addCommand(realtimekitCommand())
  .addCommand(sendCommand())
  .commandsGroup('Repair:')
  .addCommand(dlqCommand())
  .addCommand(replayCommand());

/** Has commander throw where it would end the process, in every command. */
function throwAtWrongUsage(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for how to use it)');
  for (const child of command.commands) throwAtWrongUsage(child);
}

/** Exit code for what a command threw. Commander has already said what was wrong with the usage, and shown the help. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  console.error(error instanceof Error ? error.message : error);
  return error instanceof UsageError ? 2 : 1;
}

// A reader that has seen enough, such as head, closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

throwAtWrongUsage(program);
program.parseAsync().catch((error: unknown) => {
  process.exitCode = exitCodeOf(error);
});
