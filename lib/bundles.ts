/** The functions' bundles: ready-made in the npm package, made from source in a clone. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as Esbuild from 'esbuild';

const PROJECT_ROOT = join(__dirname, '..');

/** Beside the compiled `lib/` of the package it holds the bundles, in a clone the sources. */
const LAMBDAS = join(PROJECT_ROOT, 'lambdas');

/**
 * The folder with the bundle of a handler.
 *
 * @param entry path of the handler's file below `lambdas/`, without its ending
 */
export function bundleOf(scope: Construct, entry: string): string {
  const shipped = join(LAMBDAS, entry);
  if (existsSync(shipped)) return shipped;
  // As CDK does it: the sources stand in for a bundle where nobody will deploy this stack.
  if (!Stack.of(scope).bundlingRequired) return LAMBDAS;
  const folder = join((Stage.of(scope) as Stage).assetOutdir, 'functions', entry);
  writeBundle(entry, folder);
  return folder;
}

/**
 * Bundles a handler into a folder, as `index.js` and its source map.
 *
 * @returns what went into it
 * @throws Error where a source does not compile
 */
export function writeBundle(entry: string, folder: string): Esbuild.Metafile {
  // Not imported: who installs the package has no esbuild, and needs none.
  const { buildSync } = require('esbuild') as typeof Esbuild;
  const { outputFiles, metafile } = buildSync({
    ...bundling(entry),
    absWorkingDir: PROJECT_ROOT,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  return metafile;
}

const bundling = (entry: string) =>
  ({
    entryPoints: [`lambdas/${entry}.ts`],
    // The map names its sources from here. Were it the folder written to, the asset's hash would depend on that.
    outfile: `dist/lambdas/${entry}/index.js`,
    // The runtime's own SDK changes under us; a bundled one is the one that was tested, and starts faster.
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    alias: { '@aws-sdk/credential-provider-node': './lambdas/platform/credentials.ts' },
  }) as const satisfies Esbuild.BuildOptions;
