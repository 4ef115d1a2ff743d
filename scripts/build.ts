/** `npm run build`: writes the code of the npm packages, to `dist/` and the `dist/` of each package. `npm pack` runs it first. */
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { compiledBackfillOf, compiledRuntimeOf, writeHandler, writeRuntime } from '../lib/bundles';
import { dependencies, engines, peerDependencies } from '../package.json';
import { BUILT_IN } from '../providers';
import { probe } from '../providers/probe';
import { buildCommandLine } from './command-line';
import { copyDeclarations, withDeclarations } from './declarations';
import { buildLibrary } from './library';
import { licencesOf } from './licences';

const PROJECT_ROOT = join(__dirname, '..');
const DIST = join(PROJECT_ROOT, 'dist');
const PROVIDERS = join(PROJECT_ROOT, 'providers');

/** The providers that are shipped: the built-in ones, and the probe. */
const SHIPPED = [...Object.values(BUILT_IN), probe];

/** The local cloud runs functions in its own Node.js, the version of Lambda's newest runtime. */
const LOCAL_CLOUD_NODE = '>=24';

/** Entry points that are also ES modules: a bundler drops unused code only from those. */
const FOR_BUNDLERS = ['lib/events', 'lib/provider/index', 'lib/provider/kit', 'lib/provider/normalize'];

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

/** Parts of a provider that constructs never load: its runtime is compiled separately, the others are for commands. */
const NOT_AT_SYNTH = ['./runtime', './backfill', './sandbox', './cli', './docs'];

/** Each provider stays in its own file, because it looks for its runtime in its own folder. */
const providersApart: Plugin = {
  name: 'providers-apart',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(\.|\.\.\/providers)\/[a-z-]+$/ }, ({ path, importer }) => {
      const folder = join(importer, '..', path);
      return dirname(folder) === PROVIDERS && existsSync(join(folder, 'runtime.ts'))
        ? { path: `../providers/${basename(path)}/index.js`, external: true }
        : undefined;
    }),
};

/**
 * Names of providers as constants, instead of `providers/names.ts`: code that needs only the names loads no provider.
 */
const constantNames: Plugin = {
  name: 'constant-names',
  setup: ({ onLoad }) =>
    onLoad({ filter: /[\\/]providers[\\/]names\.ts$/ }, () => ({
      contents: `export const PROVIDERS = ${JSON.stringify(Object.keys(BUILT_IN))};`,
    })),
};

/** The constructs, their providers, `meetbus/events` and `meetbus/provider`. Their dependencies are installed beside them. */
async function buildConstructs(): Promise<Metafile[]> {
  const external = [...Object.keys({ ...dependencies, ...peerDependencies }), 'esbuild', ...NOT_AT_SYNTH];
  const entryPoints = [
    'lib/index.ts',
    ...FOR_BUNDLERS.map((entry) => `${entry}.ts`),
    ...SHIPPED.map(({ provider }) => `providers/${provider}/index.ts`),
  ];
  const plugins = [providersApart, constantNames];
  const cjs = await build({ ...OPTIONS, entryPoints, external, format: 'cjs', plugins });
  const esm = await build({
    ...OPTIONS,
    entryPoints: FOR_BUNDLERS.map((entry) => `${entry}.ts`),
    external,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    plugins: [constantNames],
  });
  for (const entry of FOR_BUNDLERS)
    writeFileSync(join(DIST, `${entry}.d.mts`), `export * from './${basename(entry)}.js';\n`);
  return [cjs.metafile, esm.metafile];
}

function bundleHandlers(): Metafile[] {
  return ['verifier', 'consumer', 'fallback', 'prober', 'repair'].map((handler) =>
    writeHandler(handler, join(DIST, 'lambdas', handler)),
  );
}

/** The runtimes of the providers, and what reads their APIs, where their definitions look for them. */
function compileRuntimes(): Metafile[] {
  return SHIPPED.flatMap((factory) => {
    const { name, runtimeFile, backfillFile } = factory();
    const shipped = { name, runtimeFile: join(DIST, 'providers', name, 'runtime') };
    return [
      writeRuntime(runtimeFile, compiledRuntimeOf(shipped)),
      ...(backfillFile === undefined ? [] : [writeRuntime(backfillFile, compiledBackfillOf(shipped))]),
    ];
  });
}

async function main(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  withDeclarations(PROJECT_ROOT, 'tsconfig.build.json', (declarations) => {
    copyDeclarations(declarations, ['lib/index', ...FOR_BUNDLERS], '.', DIST);
    buildLibrary(join(PROJECT_ROOT, 'packages', 'events'), declarations, { esm: true });
  });
  const localCloud = join(PROJECT_ROOT, 'packages', 'local-cloud');
  withDeclarations(PROJECT_ROOT, join(localCloud, 'tsconfig.build.json'), (declarations) => {
    // It finds the program of a function's process beside itself, which only CommonJS can.
    buildLibrary(localCloud, declarations, { esm: false, engines: { node: LOCAL_CLOUD_NODE } });
  });
  const built = [
    ...(await buildConstructs()),
    ...bundleHandlers(),
    ...compileRuntimes(),
    // The local cloud is a package of its own.
    ...(await buildCommandLine({ outdir: DIST, external: ['@meetbus/local-cloud'] })),
  ];
  writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), licencesOf(built, PROJECT_ROOT));
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
