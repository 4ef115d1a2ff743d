/** All commands of `npx meetbus`. */

import { Command } from 'commander';
import { version } from '../package.json';
import { readClis, readSandboxes } from './providers';
import { columnsOf, USUAL_COLUMNS, wrapped } from './terminal';

/** The group that commands of the providers join. */
const OF_PROVIDERS = 'Providers:';

/** Loads commands, by name. */
type Loaders = Readonly<Record<string, () => Promise<Command>>>;

/** The general commands by their groups. Only the one that runs is loaded: the SDKs behind all take longer to load than it runs. */
const COMMANDS: Readonly<Record<string, Loaders>> = {
  'Run:': {
    local: async () => (await import('./commands/local')).localCommand(),
  },
  'Look:': {
    console: async () => (await import('./commands/console')).consoleCommand(),
    doctor: async () => (await import('./commands/doctor')).doctorCommand(),
    listen: async () => (await import('./commands/listen')).listenCommand(),
    query: async () => (await import('./commands/query')).queryCommand(),
    tail: async () => (await import('./commands/tail')).tailCommand(),
    trace: async () => (await import('./commands/trace')).traceCommand(),
  },
  [OF_PROVIDERS]: {
    provider: async () => (await import('./commands/provider')).providerCommand(),
    secrets: async () => (await import('./commands/secrets')).secretsCommand(),
    send: async () => (await import('./commands/send')).sendCommand(),
  },
  'Repair:': {
    backfill: async () => (await import('./commands/backfill')).backfillCommand(),
    dlq: async () => (await import('./commands/dlq')).dlqCommand(),
    events: async () => (await import('./commands/events')).eventsCommand(),
    replay: async () => (await import('./commands/replay')).replayCommand(),
  },
  'Shell:': {
    completion: async () => (await import('./commands/completion')).completionCommand(),
  },
};

/** What the script of `completion` calls. No help lists it. */
const HIDDEN: Loaders = {
  complete: async () => (await import('./commands/completion')).completeCommand(),
};

const help = (example: string): string => `
Commands work on the stack Meetbus on AWS, or with --local on the local cloud
that npx meetbus local runs. Some commands of a provider call its API only.

Examples:
  npx meetbus doctor                                what is wrong, what to do
  ${`npx meetbus send ${example} --local`.padEnd(48)}  one signed sample delivery
  npx meetbus tail --local --type 'recording.*'     meeting events as they come`;

/** The command line without a command. */
const bare = (): Command =>
  new Command('meetbus')
    .description('Meetbus takes in the webhooks of meeting platforms and publishes them as meeting events.')
    .version(version)
    .helpCommand(false);

/** The command line with the command of this name, or with all where there is none of it. */
export async function programFor(name = ''): Promise<Command> {
  const program = bare();
  const load = [HIDDEN, ...Object.values(COMMANDS)].find((group) => Object.hasOwn(group, name))?.[name];
  const own = load ? {} : await providerCommands();
  const only = load ?? own[name];
  if (only) program.addCommand(await only());
  else await addAll(program, own);
  prepare(program);
  return program;
}

/** The command line with the names of all commands, of which none is loaded. */
export async function programOfNames(): Promise<Command> {
  const program = bare();
  const names = [...Object.values(COMMANDS), await providerCommands()].flatMap(Object.keys);
  for (const name of names) program.command(name);
  return program;
}

async function addAll(program: Command, own: Loaders): Promise<void> {
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(group);
    const loaders = Object.values(group === OF_PROVIDERS ? { ...own, ...commands } : commands);
    for (const load of loaders) program.addCommand(await load());
  }
  const [player] = await readSandboxes();
  program.addHelpText('after', help(player ? `${player.provider.name} ${player.sandbox.events[0]}` : '<provider>'));
}

async function providerCommands(): Promise<Loaders> {
  const commands = [...(await readClis()).values()].flatMap((cli) => cli.commands);
  return Object.fromEntries(commands.map(({ name, load }) => [name, load]));
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
