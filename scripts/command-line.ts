/** Builds the command line, and the page of its console: for the npm package, and for tests, which start it often. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { bundlePage } from '../bin/console/bundle';
import { engines } from '../package.json';

const PROJECT_ROOT = join(__dirname, '..');

/** Where a build puts its files, and which packages it leaves out because they are installed beside it. */
interface CommandLineOptions extends Pick<BuildOptions, 'plugins'> {
  readonly outdir: string;
  readonly external: readonly string[];
}

/**
 * Writes `<outdir>/bin/meetbus.js`, which is the command line in one file with its dependencies, and the files of the page to
 * `<outdir>/console`, where the command line looks for them.
 *
 * @returns what went into them
 */
export async function buildCommandLine({ external, ...options }: CommandLineOptions): Promise<Metafile[]> {
  const { metafile } = await build({
    ...options,
    absWorkingDir: PROJECT_ROOT,
    entryPoints: ['bin/meetbus.ts'],
    outbase: '.',
    bundle: true,
    metafile: true,
    // Only a clone bundles the page when the console starts.
    external: [...external, 'esbuild'],
    platform: 'node',
    target: engines.node.replace('>=', 'node'),
    format: 'cjs',
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
  });
  return [metafile, await buildPage(options.outdir)];
}

async function buildPage(outdir: string): Promise<Metafile> {
  const { metafile, ...files } = await bundlePage();
  const folder = join(outdir, 'console');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  // The page shows its sections.
  copyFileSync(join(PROJECT_ROOT, 'docs', 'runbook.md'), join(folder, 'runbook.md'));
  return metafile;
}
