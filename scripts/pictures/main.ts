/** `npm run pictures`: draws the pictures of README and docs from a running Meetbus. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Argument, Command } from 'commander';
import { drawConsole } from './console';
import { drawFlow } from './dashboard';
import { drawFirstMinute } from './first-minute';

const PICTURES: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  'first-minute': drawFirstMinute,
  console: drawConsole,
  dashboard: drawFlow,
};
const NAMES = Object.keys(PICTURES);

async function draw(names: readonly string[], { out }: { readonly out: string }): Promise<void> {
  mkdirSync(out, { recursive: true });
  for (const name of names) await PICTURES[name]?.(out);
}

new Command('npm run pictures --')
  .description(
    'Draw the pictures of README and docs. first-minute needs the ports that npm start takes; dashboard takes a quarter of an hour.',
  )
  .addArgument(new Argument('[pictures...]', 'which ones').choices(NAMES).default(NAMES, 'all'))
  .option('--out <folder>', 'where they go', join(__dirname, '..', '..', 'docs', 'images'))
  .action(draw)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
