/**
 * The functions' assets: prebuilt in the npm package, built from source in a clone. They contain the providers'
 * runtimes.
 */
import { hash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type * as Esbuild from 'esbuild';
import { BACKFILLS_FOLDER, type ProviderDeployment, RUNTIMES_FOLDER } from '../lambdas/platform/bundled-providers';
import type { Provider } from '../providers/provider';

const PROJECT_ROOT = join(__dirname, '..');

/** In the package it contains the bundles, beside the compiled `lib/`; in a clone it contains the sources. */
const LAMBDAS = join(PROJECT_ROOT, 'lambdas');

/** The path of a provider's compiled runtime in the npm package. */
export const compiledRuntimeOf = ({ name, runtimeFile }: Pick<Provider, 'name' | 'runtimeFile'>): string =>
  join(dirname(runtimeFile), 'compiled', `${name}.js`);

/** The path of a provider's compiled module that reads its API, in the npm package. */
export const compiledBackfillOf = ({ name, runtimeFile }: Pick<Provider, 'name' | 'runtimeFile'>): string =>
  join(dirname(runtimeFile), 'compiled', `${name}-backfill.js`);

/** Files of a bundle. */
const BUNDLE_FILES = ['index.js', 'index.js.map'] as const;

/** The parts of a function's asset. */
export interface FunctionCode {
  /** Name of the asset's folder. */
  readonly name: string;
  /** Folder of the handler under `lambdas/`. */
  readonly handler: string;
  /** The providers whose runtimes the handler needs. @default none */
  readonly providers?: readonly Provider[];
  /** Whether it also needs the modules that read the providers' APIs. @default false */
  readonly hasBackfills?: boolean;
  /** The settings of the deployment for a single provider. @default nothing */
  readonly deployment?: ProviderDeployment;
}

/** Folders that this synth has made. A folder of an earlier synth may be outdated. */
const made = new Set<string>();

/** The folder with the code of a function. Functions of the same code share it. */
export function codeOf(
  scope: Construct,
  { name, handler, providers = [], hasBackfills = false, deployment }: FunctionCode,
): string {
  // As in CDK, a stack that will not be deployed uses the sources instead of a bundle.
  if (!Stack.of(scope).bundlingRequired) return LAMBDAS;
  const content = JSON.stringify([handler, providers.map(({ name, runtimeFile }) => [name, runtimeFile]), deployment]);
  const folderName = `${name}-${hash('sha256', content).slice(0, 8)}`;
  const folder = join((Stage.of(scope) as Stage).assetOutdir, 'functions', folderName);
  if (made.has(folder)) return folder;
  made.add(folder);
  placeHandler(handler, folder);
  for (const provider of providers) {
    placeRuntime(provider, join(folder, RUNTIMES_FOLDER), deployment);
    if (hasBackfills) placeBackfill(provider, join(folder, BACKFILLS_FOLDER));
  }
  return folder;
}

function placeHandler(handler: string, folder: string): void {
  const shipped = join(LAMBDAS, handler);
  if (existsSync(join(shipped, 'index.js'))) copyBundle(shipped, folder);
  else writeHandler(handler, folder);
}

function copyBundle(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const file of BUNDLE_FILES) copyFileSync(join(from, file), join(to, file));
}

function placeRuntime(provider: Provider, folder: string, deployment?: ProviderDeployment): void {
  const { name } = provider;
  placeModule(provider, 'runtimeFile', compiledRuntimeOf(provider), join(folder, `${name}.js`));
  if (deployment) writeFileSync(join(folder, `${name}.json`), JSON.stringify(deployment));
}

const placeBackfill = (provider: Provider, folder: string): void =>
  placeModule(provider, 'backfillFile', compiledBackfillOf(provider), join(folder, `${provider.name}.js`));

/** Copies a compiled module of a provider, or compiles it. */
function placeModule(provider: Provider, member: 'runtimeFile' | 'backfillFile', compiled: string, file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(compiled)) {
    copyFileSync(compiled, file);
    copyFileSync(`${compiled}.map`, `${file}.map`);
    return;
  }
  try {
    writeRuntime(provider[member] as string, file);
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`The ${member} of the provider ${provider.name} cannot be compiled: ${message}`, { cause: error });
  }
}

/**
 * Bundles a handler into a folder, as `index.js` and its source map.
 *
 * @returns what went into it
 * @throws Error if a source does not compile
 */
export const writeHandler = (handler: string, folder: string): Esbuild.Metafile =>
  write(
    { entryPoints: [`lambdas/${handler}/index.ts`], outfile: `dist/lambdas/${handler}/index.js` },
    join(folder, 'index.js'),
  );

/**
 * Compiles a module of a provider into a file, with its source map beside it.
 *
 * @param source path of the module, without its ending
 * @returns what went into it
 * @throws Error if a source does not compile
 */
export const writeRuntime = (source: string, file: string): Esbuild.Metafile =>
  write({ entryPoints: [source], outfile: `dist/providers/${basename(file)}` }, file);

/** Bundles into a file. The map names its sources from `outfile`: from the real file, the asset's hash would depend on its folder. */
function write(
  options: Pick<Esbuild.BuildOptions, 'outfile'> & { entryPoints: string[] },
  file: string,
): Esbuild.Metafile {
  const { outputFiles, metafile } = esbuildFor(options.entryPoints[0]).buildSync({
    ...BUNDLING,
    ...options,
    absWorkingDir: PROJECT_ROOT,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const folder = join(file, '..');
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileSync(join(folder, basename(path)), contents);
  return metafile;
}

/** Not imported: an app whose providers are all compiled already has no esbuild, and needs none. */
function esbuildFor(file: string | undefined): typeof Esbuild {
  try {
    return require('esbuild');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new Error(`${file} must be bundled, which needs esbuild. Install it: npm install --save-dev esbuild`);
  }
}

const BUNDLING = {
  // AWS updates the SDK in the Lambda runtime; the bundled one is the tested version, and starts faster.
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
} as const satisfies Esbuild.BuildOptions;
