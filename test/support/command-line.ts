/**
 * The command line as tests start it: in one file, as the npm package has it. That takes a third of the processor time that
 * the sources take, and tests start it some 400 times. `test/e2e/clone.test.ts` starts the sources.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { PROJECT_ROOT } from './project';

const FOLDER = join(PROJECT_ROOT, '.meetbus', 'command-line');

/** What Node.js runs. {@link bundleCommandLine} writes it. */
export const COMMAND_LINE = join(FOLDER, 'bin', 'meetbus.js');

/** The command line of a clone: it compiles the sources as it starts, and those that a project's own provider imports. */
export const SOURCES = join(PROJECT_ROOT, 'bin', 'meetbus.cjs');

/** Modules that look for files beside themselves: the app to synthesize, and the program of a function's process. */
const AT_HOME = /[\\/](bin[\\/]local[\\/]run|local-cloud[\\/]src[\\/]lambda[\\/]environment)\.ts$/;

const atHome: Plugin = {
  name: 'at-home',
  setup: ({ onLoad }) =>
    onLoad({ filter: AT_HOME }, ({ path }) => ({
      contents: `const __dirname = ${JSON.stringify(dirname(path))};${readFileSync(path, 'utf8')}`,
      loader: 'ts',
    })),
};

/**
 * Bundles the command line from the sources as they are now. The local cloud is in it, without the database, which has native code.
 * Each file is replaced at once: another run of the tests may be starting it.
 */
export async function bundleCommandLine(): Promise<void> {
  // Only the setup needs esbuild, not every test file that starts a command.
  const { buildCommandLine } = await import('../../scripts/command-line');
  const outdir = `${FOLDER}.${process.pid}`;
  await buildCommandLine({ outdir, external: ['dynalite'], plugins: [atHome] });
  for (const folder of readdirSync(outdir)) {
    mkdirSync(join(FOLDER, folder), { recursive: true });
    for (const file of readdirSync(join(outdir, folder)))
      renameSync(join(outdir, folder, file), join(FOLDER, folder, file));
  }
  rmSync(outdir, { recursive: true });
}
