/** `meetbus provider new`: writes the folder of a new provider. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Command } from 'commander';
import { isProviderName } from '../../lambdas/ingest/delivery-message';
import { BUILT_IN } from '../../providers';
import { footer } from '../output';
import { scaffoldOf } from './provider/scaffold';

export function providerCommand(): Command {
  return new Command('provider').description('Create a provider of your own.').addCommand(
    new Command('new')
      .description('Write the folder of a new provider. It answers 503 to every delivery until you complete it.')
      .argument('<name>', 'name in routes, events and metrics; it can never change')
      .option('--in <folder>', 'folder to create it in', '.')
      .addHelpText('after', footer(HELP))
      .action((name: string, flags: { in: string }) => console.log(writeScaffold(name, flags.in))),
  );
}

const HELP = `
It needs no deployment. The README in the folder says what to do next.

Examples:
  npx meetbus provider new acme
  npx meetbus provider new acme --in src/providers`;

/**
 * Writes the folder.
 *
 * @param parent folder in which to make it
 * @returns what to do next
 * @throws Error if the name cannot be one, or the folder is there already
 */
export function writeScaffold(name: string, parent: string): string {
  if (!isProviderName(name)) {
    throw new Error(`A provider cannot be named "${name}": use a-z, 0-9 and -, at most 32 characters, a letter first.`);
  }
  if (name in BUILT_IN) {
    throw new Error(`Meetbus brings a provider named ${name} already. Give another name: event ids derive from it.`);
  }
  const folder = join(parent, name);
  mkdirSync(parent, { recursive: true });
  try {
    mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new Error(`${folder} is there already. Remove it, or give --in another folder.`);
  }
  for (const [path, text] of Object.entries(scaffoldOf(name, relative('.', folder)))) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return `Wrote ${relative('.', folder) || folder}. Read its README.md, then run its test: it says what is missing.`;
}
