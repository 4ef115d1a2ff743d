/** Subcommands. */
import { Command } from 'commander';
import { addDeploymentOptions } from './deployment';
import { addJsonOption } from './output';

/** A subcommand with the common options: those that select the Meetbus, and `--json`. */
export const subcommand = (name: string, description: string): Command =>
  addJsonOption(addDeploymentOptions(new Command(name).description(description)));
