/** What the shell offers for arguments and options. */
import { MEETING_EVENT_TYPES } from '@meetbus/events';
import { Argument, type Command, type Option } from 'commander';
import { profileNames } from '../../profiles';
import { readSandboxes, sampleEvents } from '../../providers';

/** Gives values, for the words of a command line. */
type Values = (words: readonly string[]) => readonly string[] | Promise<readonly string[]>;

/** Values of options and arguments that take others too, and so have no choices. */
const OFFERED: Readonly<Record<string, Values>> = {
  event: eventsOf,
  '--event': eventsOf,
  '--profile': profileNames,
  '--type': () => MEETING_EVENT_TYPES,
};

/** Names in `--file <body>` and the like that stand for the path of a file. */
const PATHS = ['body', 'file', 'folder'];

/** The values that the shell offers for an argument or an option. They are not made for an option that nobody asks for. */
export async function offered(of: Argument | Option, words: readonly string[]): Promise<readonly string[]> {
  if (of.argChoices) return of.argChoices;
  if (of instanceof Argument) return (await OFFERED[of.name()]?.(words)) ?? [];
  const isAsked = words.at(-2) === of.long || words.at(-1)?.startsWith(`${of.long}=`);
  return (isAsked && (await OFFERED[of.long ?? '']?.(words))) || [];
}

/** The sample events of the provider that the words name; those of all where they name none. */
async function eventsOf(words: readonly string[]): Promise<readonly string[]> {
  const players = await readSandboxes();
  const named = players.filter(({ provider }) => words.includes(provider.name));
  return sampleEvents(named.length > 0 ? named : players);
}

/** Whether the last word is the path of a file: the value of such an option, or such an argument. */
export function isPath(program: Command, words: readonly string[]): boolean {
  const command = commandAt(program, words.slice(0, -1));
  const [before = '', last = ''] = words.slice(-2);
  const option = command.options.find(({ short, long }) => [short, long].includes(before));
  if (option?.required || option?.optional) return PATHS.includes(/<(.+?)>/.exec(option.flags)?.[1] ?? '');
  return !last.startsWith('-') && command.registeredArguments.some((argument) => PATHS.includes(argument.name()));
}

/** The command that words name, its options aside. */
function commandAt(program: Command, words: readonly string[]): Command {
  return words.reduce((command, word) => command.commands.find((child) => child.name() === word) ?? command, program);
}
