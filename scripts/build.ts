/** `npm run build`: writes the code of the npm packages, to `dist/` and the `dist/` of each package. `npm pack` runs it first. */
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

/** The local cloud runs functions in its own Node.js: that of Lambda's newest runtime. */
const LOCAL_CLOUD_NODE = '>=24';

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

/** The command line in one file, with all that it needs but the local cloud, which is a package of its own. */
function buildCommandLine(): Metafile {
  const mainFields = ['module', 'main'];
  const entryPoints = ['bin/meetbus.ts'];
  const external = ['@meetbus/local-cloud'];
  return buildSync({ ...OPTIONS, entryPoints, external, format: 'cjs', mainFields, minify: true }).metafile;
}

function bundleHandlers(): Metafile[] {
  return globSync('{verifiers,consumers,scheduled}/*.ts', { cwd: join(PROJECT_ROOT, 'lambdas') }).map((file) => {
    const entry = file.replace(/\.ts$/, '');
    return writeBundle(entry, join(DIST, 'lambdas', entry));
  });
}

rmSync(DIST, { recursive: true, force: true });
withDeclarations(PROJECT_ROOT, 'tsconfig.build.json', (declarations) => {
  copyDeclarations(declarations, ['lib/index', 'lib/events'], '.', DIST);
  buildLibrary(join(PROJECT_ROOT, 'packages', 'events'), declarations, { esm: true });
});
const localCloud = join(PROJECT_ROOT, 'packages', 'local-cloud');
withDeclarations(PROJECT_ROOT, join(localCloud, 'tsconfig.build.json'), (declarations) => {
  // It finds the program of a function's process beside itself, which only CommonJS can.
  buildLibrary(localCloud, declarations, { esm: false, engines: { node: LOCAL_CLOUD_NODE } });
});
const built = [...buildConstructs(), ...bundleHandlers(), buildCommandLine()];
writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), licencesOf(built, PROJECT_ROOT));
