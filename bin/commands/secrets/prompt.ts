/** Takes in a secret without showing it: from a hidden prompt, or from what is piped in. Never from an argument. */
import { text } from 'node:stream/consumers';
import password from '@inquirer/password';
import { UsageError } from '../../usage';

/**
 * Reads one secret. Arguments would stand in the shell's history and in the list of processes.
 *
 * @throws UsageError if the person gives up
 */
export async function readSecret(message: string): Promise<string> {
  if (!process.stdin.isTTY) return (await text(process.stdin)).trim();
  try {
    // The prompt goes to stderr: stdout is for what the command prints.
    return (await password({ message }, { output: process.stderr })).trim();
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') throw new UsageError('Nothing was changed.');
    throw error;
  }
}
