/** Builds a package of the workspace for npm. Its `exports` name TypeScript sources here and compiled files there. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type BuildOptions, buildSync } from 'esbuild';
import { copyDeclarations } from './declarations';

const PROJECT_ROOT = join(__dirname, '..');

/** What a build reads of a package's `package.json`. */
interface Manifest {
  readonly engines: { readonly node: string };
  /** Source file of each entry point, by its subpath. */
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Writes `<folder>/dist`: each entry point as CommonJS and as an ES module, with declarations, and the package's
 * manifest, README and licence. `npm pack <folder>/dist` makes the tarball.
 *
 * @param folder folder of the package; its sources are in `src/`
 * @param declarations folder with the declarations of the whole project
 */
export function buildLibrary(folder: string, declarations: string): void {
  const dist = join(folder, 'dist');
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
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
  // As an ES module too: a bundler drops unused code only from that.
  buildSync({ ...options, format: 'esm', outExtension: { '.js': '.mjs' } });

  const names = Object.values(manifest.exports).map((source) => basename(source, '.ts'));
  copyDeclarations(declarations, names, relative(PROJECT_ROOT, join(folder, 'src')), dist);
  for (const name of names) writeFileSync(join(dist, `${name}.d.mts`), `export * from './${name}.js';\n`);
  for (const file of [join(PROJECT_ROOT, 'LICENSE'), join(folder, 'README.md')])
    cpSync(file, join(dist, basename(file)));
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`);
}

/** The manifest with entry points that are compiled files. */
function published(manifest: Manifest): object {
  const entries = Object.entries(manifest.exports).map(([subpath, source]) => [
    subpath,
    compiledEntry(basename(source, '.ts')),
  ]);
  // `main` and `types` are for tools that do not read `exports`.
  const main = basename(manifest.exports['.'] ?? '', '.ts');
  return {
    ...manifest,
    ...(main && { main: `./${main}.js`, types: `./${main}.d.ts` }),
    exports: { ...Object.fromEntries(entries), './package.json': './package.json' },
  };
}

const compiledEntry = (name: string) => ({
  import: { types: `./${name}.d.mts`, default: `./${name}.mjs` },
  require: { types: `./${name}.d.ts`, default: `./${name}.js` },
});
