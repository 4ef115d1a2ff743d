/** `npm run build`: writes the code of the npm packages, `dist/` and `packages/events/dist/`. `npm pack` runs it first. */
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { writeBundle } from '../lib/bundles';
import { dependencies, engines, peerDependencies } from '../package.json';
import { copyDeclarations, withDeclarations } from './declarations';
import { buildLibrary } from './library';
import { licencesOf } from './licences';

const PROJECT_ROOT = join(__dirname, '..');
const DIST = join(PROJECT_ROOT, 'dist');

const OPTIONS = {
  absWorkingDir: PROJECT_ROOT,
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  metafile: true,
  platform: 'node',
  target: engines.node.replace('>=', 'node'),
  legalComments: 'none',
} as const satisfies BuildOptions;

/** The constructs, and `meetbus/events`. Their dependencies are installed beside them. */
function buildConstructs(): Metafile[] {
  const external = [...Object.keys({ ...dependencies, ...peerDependencies }), 'esbuild'];
  const entryPoints = ['lib/index.ts', 'lib/events.ts'];
  const cjs = buildSync({ ...OPTIONS, entryPoints, external, format: 'cjs' });
  // As an ES module too: a bundler drops unused code only from that.
  const esm = buildSync({
    ...OPTIONS,
    entryPoints: ['lib/events.ts'],
    external,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  });
  writeFileSync(join(DIST, 'lib', 'events.d.mts'), "export * from './events.js';\n");
  return [cjs.metafile, esm.metafile];
}

/** The command line in one file, with all that it needs. */
function buildCommandLine(): Metafile {
  const mainFields = ['module', 'main'];
  const entryPoints = ['bin/meetbus.ts'];
  return buildSync({ ...OPTIONS, entryPoints, format: 'cjs', mainFields, minify: true }).metafile;
}

function bundleHandlers(): Metafile[] {
  return globSync('{verifiers,consumers,scheduled}/*.ts', { cwd: join(PROJECT_ROOT, 'lambdas') }).map((file) => {
    const entry = file.replace(/\.ts$/, '');
    return writeBundle(entry, join(DIST, 'lambdas', entry));
  });
}

rmSync(DIST, { recursive: true, force: true });
withDeclarations(PROJECT_ROOT, (declarations) => {
  copyDeclarations(declarations, ['lib/index', 'lib/events'], '.', DIST);
  buildLibrary(join(PROJECT_ROOT, 'packages', 'events'), declarations);
});
const built = [...buildConstructs(), ...bundleHandlers(), buildCommandLine()];
writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), licencesOf(built, PROJECT_ROOT));
