/** Commands that are parts of a command. */
import { Command } from 'commander';
import { addDeploymentOptions } from './deployment';
import { addJsonOption } from './output';

/** A part of a command, with the options of all of them: which Meetbus it is for, and `--json`. */
export const subcommand = (name: string, description: string): Command =>
  addJsonOption(addDeploymentOptions(new Command(name).description(description)));
