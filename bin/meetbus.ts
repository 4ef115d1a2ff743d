/**
 * `npx meetbus`: the command line. It exits with 0 on success, 1 if it failed or found a problem, 2 after wrong usage.
 */
import { CommanderError } from 'commander';
import { addressTo } from './addressed';
import type { DeploymentFlags } from './deployment';
import { messageOf } from './errors';
import { endWhenNobodyReads } from './interrupt';
import { note } from './output';
import { programFor } from './program';
import { providerWords } from './providers';
import { UsageError } from './usage';

/** Parsed options of the running command. */
let flags: Partial<DeploymentFlags> | undefined;

/** Exit code for what a command threw. Commander has already said what was wrong with the usage, and shown the help. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  note(messageOf(error, flags));
  return error instanceof UsageError ? 2 : 1;
}

endWhenNobodyReads();

programFor(process.argv[2])
  .then((program) =>
    program
      .hook('preAction', async (_program, command) => {
        flags = command.opts();
        addressTo(command.opts(), await providerWords());
      })
      .parseAsync(),
  )
  .catch((error: unknown) => {
    process.exitCode = exitCodeOf(error);
  });
