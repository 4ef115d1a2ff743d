/** Builds a package of the workspace for npm. Its `exports` name TypeScript sources here and compiled files there. */
import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { copyDeclarations } from './declarations';

const PROJECT_ROOT = join(__dirname, '..');

/** What a build reads of a package's `package.json`. */
interface Manifest {
  readonly engines: { readonly node: string };
  /** Source file of each entry point, by its subpath. A pattern is only for this repository, and is not published. */
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The options of a package. */
interface LibraryOptions {
  /** Also write ES modules, because a bundler drops unused code only from them. */
  readonly esm: boolean;
  /** The `engines` to publish, if an older Node.js must install the workspace without a warning. */
  readonly engines?: Manifest['engines'];
}

/**
 * Writes `<folder>/dist`: each entry point as CommonJS, and as an ES module where wanted, with declarations, and the
 * package's manifest, README and licence. `npm pack <folder>/dist` makes the tarball.
 *
 * @param folder folder of the package; its sources are in `src/`. Its `.cjs` files are programs that the code starts
 * @param declarations folder with the declarations of the package
 */
export function buildLibrary(folder: string, declarations: string, { esm, engines }: LibraryOptions): void {
  const dist = join(folder, 'dist');
  const manifest = readManifest(folder, engines);
  const options = {
    absWorkingDir: folder,
    entryPoints: Object.values(manifest.exports),
    outdir: 'dist',
    bundle: true,
    // Dependencies are installed beside the package.
    packages: 'external',
    platform: 'node',
    target: manifest.engines.node.replace('>=', 'node'),
    legalComments: 'none',
  } as const satisfies BuildOptions;

  rmSync(dist, { recursive: true, force: true });
  buildSync({ ...options, format: 'cjs' });
  if (esm) buildSync({ ...options, format: 'esm', outExtension: { '.js': '.mjs' } });

  const names = Object.values(manifest.exports).map((source) => basename(source, '.ts'));
  copyDeclarations(declarations, names, relative(PROJECT_ROOT, join(folder, 'src')), dist);
  if (esm) for (const name of names) writeFileSync(join(dist, `${name}.d.mts`), `export * from './${name}.js';\n`);
  const programs = globSync('src/**/*.cjs', { cwd: folder }).map((file) => join(folder, file));
  for (const file of [join(PROJECT_ROOT, 'LICENSE'), join(folder, 'README.md'), ...programs])
    cpSync(file, join(dist, basename(file)));
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published(manifest, esm), null, 2)}\n`);
}

function readManifest(folder: string, engines: Manifest['engines'] | undefined): Manifest {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
  const entries = Object.entries(manifest.exports).filter(([subpath]) => !subpath.includes('*'));
  return { ...manifest, ...(engines && { engines }), exports: Object.fromEntries(entries) };
}

/** The manifest with entry points that are compiled files. */
function published(manifest: Manifest, esm: boolean): object {
  const entries = Object.entries(manifest.exports).map(([subpath, source]) => [
    subpath,
    compiledEntry(basename(source, '.ts'), esm),
  ]);
  // `main` and `types` are for tools that do not read `exports`.
  const main = basename(manifest.exports['.'] ?? '', '.ts');
  return {
    ...manifest,
    ...(main && { main: `./${main}.js`, types: `./${main}.d.ts` }),
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
  };
}

function compiledEntry(name: string, esm: boolean): object {
  const require = { types: `./${name}.d.ts`, default: `./${name}.js` };
  return esm ? { import: { types: `./${name}.d.mts`, default: `./${name}.mjs` }, require } : require;
}
