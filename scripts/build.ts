/** `npm run build`: writes `dist/`, the code of the npm package. `npm pack` runs it first. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type BuildOptions, buildSync, type Metafile } from 'esbuild';
import { writeBundle } from '../lib/bundles';
import { dependencies, engines, peerDependencies } from '../package.json';
import { withMeanings } from './declarations';
import { licencesOf } from './licences';

const PROJECT_ROOT = join(__dirname, '..');
const DIST = join(PROJECT_ROOT, 'dist');

/** Entry point of the contract. */
const CONTRACT = 'packages/events/src/index.ts';

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

/** The constructs and the contract. What they use at run time is installed beside them. */
function buildLibraries(): Metafile[] {
  const external = [...Object.keys({ ...dependencies, ...peerDependencies }), 'esbuild'];
  const libraries = { ...OPTIONS, external } as const;
  const cjs = buildSync({
    ...libraries,
    entryPoints: { 'lib/index': 'lib/index.ts', 'events/index': CONTRACT },
    format: 'cjs',
  });
  // As an ES module too: only from that does a subscriber's bundler leave out what it does not use.
  const esm = buildSync({
    ...libraries,
    entryPoints: { 'events/index': CONTRACT },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  });
  writeFileSync(join(DIST, 'events', 'index.d.mts'), "export * from './index.js';\n");
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

/** The declarations of both entry points, and of what they speak of: the rest needs packages that nobody installs. */
function writeDeclarations(): void {
  const folder = mkdtempSync(join(tmpdir(), 'meetbus-declarations-'));
  try {
    execFileSync('tsc', ['--project', 'tsconfig.build.json', '--outDir', folder], {
      cwd: PROJECT_ROOT,
      stdio: 'inherit',
    });
    const reached = new Set<string>();
    for (const entry of ['lib/index.d.ts', CONTRACT.replace('.ts', '.d.ts')])
      reach(join(folder, entry), folder, reached);
    for (const file of reached) {
      const target = join(DIST, shippedAs(relative(folder, file)));
      mkdirSync(dirname(target), { recursive: true });
      const toContract = relative(dirname(target), join(DIST, 'events'));
      const text = readFileSync(file, 'utf8').replaceAll(/(["'])@meetbus\/events\1/g, `'${toContract}'`);
      writeFileSync(target, withMeanings(text));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Where a declaration is in the package: the contract's stand in `events/`. */
const shippedAs = (file: string): string => file.replace(`${dirname(CONTRACT)}/`, 'events/');

function reach(file: string, folder: string, reached: Set<string>): void {
  if (reached.has(file)) return;
  reached.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()["'](\.[^"']+)["']/g)) {
    const target = join(dirname(file), path);
    reach(globSync([`${target}.d.ts`, `${target}/index.d.ts`])[0] ?? target, folder, reached);
  }
}

rmSync(DIST, { recursive: true, force: true });
writeDeclarations();
const built = [...buildLibraries(), ...bundleHandlers(), buildCommandLine()];
writeFileSync(join(DIST, 'THIRD-PARTY-LICENSES.txt'), licencesOf(built, PROJECT_ROOT));
