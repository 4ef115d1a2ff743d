/** Answers what may stand in a command line next, for the shell's script. */
import completion, { type RootCommand } from '@bomb.sh/tab';
import type { Argument, Command, Option } from 'commander';
import { programFor, programOfNames } from '../../program';
import { isPath, offered } from './values';

/** Has the shell complete the name of a file. */
const FILES = ':0';

/**
 * Prints the completions of the last word, in the form that the script reads. Only the command that is named is loaded.
 *
 * @param typed the words after `meetbus`; the last one is empty where a new one begins
 */
export async function answer(typed: readonly string[]): Promise<void> {
  // Some shells part --type=bot at the sign.
  const words = typed.filter((word) => word !== '=');
  const program = await programOf(words);
  if (isPath(program, words)) {
    console.log(FILES);
    return;
  }
  await register(completion, program, '', words);
  completion.parse([...words]);
}

/** The command that the first word names. While that is being typed, the names alone. */
async function programOf([first, ...others]: readonly string[]): Promise<Command> {
  const names = await programOfNames();
  const isNamed = names.commands.some((command) => command.name() === first);
  return isNamed && others.length > 0 ? programFor(first) : names;
}

/** Tells the library of a command, its options, arguments and subcommands. */
async function register(root: RootCommand, command: Command, path: string, words: readonly string[]): Promise<void> {
  const target = path === '' ? root : root.command(path, command.description());
  const help = command.createHelp();
  const give = async (of: Argument | Option) => {
    const values = await offered(of, words);
    return (complete: (value: string, description: string) => void) => {
      for (const value of values) complete(value, '');
    };
  };
  for (const option of help.visibleOptions(command)) {
    const takesValue = option.required || option.optional;
    const [name, alias] = [(option.long ?? '').slice(2), option.short?.slice(1)];
    if (takesValue) target.option(name, option.description, await give(option), alias);
    else target.option(name, option.description, alias);
  }
  for (const argument of command.registeredArguments)
    target.argument(argument.name(), await give(argument), argument.variadic);
  for (const child of help.visibleCommands(command))
    await register(root, child, `${path} ${child.name()}`.trim(), words);
}
