/** Bundles the page with esbuild: in a clone when the console starts, and for the npm package when that is built. */
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';

/** The script and the style of the page. */
export interface BundledPage {
  readonly 'page.js': Uint8Array;
  readonly 'page.css': Uint8Array;
  readonly metafile: Metafile;
}

/** Bundles `page/main.tsx` with the style that it imports. Browsers from 2024 on can run it. */
export async function bundlePage(): Promise<BundledPage> {
  const { outputFiles, metafile } = await build({
    entryPoints: { page: join(__dirname, 'page', 'main.tsx') },
    outdir: 'out',
    absWorkingDir: join(__dirname, '..', '..'),
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    target: ['chrome120', 'firefox120', 'safari17'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    metafile: true,
  });
  const fileOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.contents ?? new Uint8Array();
  return { 'page.js': fileOf('.js'), 'page.css': fileOf('.css'), metafile };
}
