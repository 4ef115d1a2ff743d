/** All commands of `npx meetbus`. */

import { Command } from 'commander';
import { version } from '../package.json';
import { columnsOf, USUAL_COLUMNS, wrapped } from './terminal';

/** The commands by their groups. One is loaded where it is named: the SDKs behind all take longer to load than it runs. */
const COMMANDS: Readonly<Record<string, Readonly<Record<string, () => Promise<Command>>>>> = {
  'Run:': {
    local: async () => (await import('./commands/local')).localCommand(),
  },
  'Look:': {
    doctor: async () => (await import('./commands/doctor')).doctorCommand(),
    query: async () => (await import('./commands/query')).queryCommand(),
    tail: async () => (await import('./commands/tail')).tailCommand(),
    trace: async () => (await import('./commands/trace')).traceCommand(),
  },
  'Providers:': {
    secrets: async () => (await import('./commands/secrets')).secretsCommand(),
    recall: async () => (await import('../providers/recall/cli/command')).recallCommand(),
    realtimekit: async () => (await import('../providers/realtimekit/cli/command')).realtimekitCommand(),
    send: async () => (await import('./commands/send')).sendCommand(),
  },
  'Repair:': {
    dlq: async () => (await import('./commands/dlq')).dlqCommand(),
    events: async () => (await import('./commands/events')).eventsCommand(),
    replay: async () => (await import('./commands/replay')).replayCommand(),
  },
};

const HELP = `
A command is for the stack Meetbus on AWS, or with --local for the local cloud
that npx meetbus local runs. A provider's own commands may be for its API alone.
What only the provider can sign goes to the local cloud alone.

Examples:
  npx meetbus doctor                                what is wrong, what to do
  npx meetbus send recall bot.done --local          one signed sample delivery
  npx meetbus tail --local --type 'recording.*'     meeting events as they come`;

/** The command line with the command of this name, or with all where there is none of it. */
export async function programFor(name: string | undefined): Promise<Command> {
  const program = new Command('meetbus')
    .description('Meetbus takes in the webhooks of meeting platforms and publishes them as meeting events.')
    .version(version)
    .helpCommand(false)
    .addHelpText('after', HELP);
  const isKnown = Object.values(COMMANDS).some((group) => Object.hasOwn(group, name ?? ''));
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(group);
    for (const [own, load] of Object.entries(commands)) {
      if (own === name || !isKnown) program.addCommand(await load());
    }
  }
  prepare(program);
  return program;
}

/** Has commander throw where it would end the process, and print lines that fit, in every command. */
function prepare(command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError('(add --help for how to use it)')
    .configureOutput({
      getOutHelpWidth: () => columnsOf(process.stdout) ?? USUAL_COLUMNS,
      getErrHelpWidth: () => columnsOf(process.stderr) ?? USUAL_COLUMNS,
      outputError: (text, write) => write(wrapped(text, columnsOf(process.stderr))),
    });
  for (const child of command.commands) prepare(child);
}
