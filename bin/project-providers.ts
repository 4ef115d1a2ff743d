/**
 * The providers that a project brings. Its package.json names their modules: `"meetbus": { "providers": ["./providers/acme"] }`.
 * Each module exports what `defineProvider` makes.
 */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import type * as Esbuild from 'esbuild';
import * as z from 'zod';
import type { Provider, ProviderFactory } from '../providers/provider';
import { messageOf } from './errors';

const MANIFEST = 'package.json';

const manifestSchema = z.object({
  meetbus: z.object({ providers: z.array(z.string()).default([]) }).prefault({}),
});

/**
 * Makes the providers of the project that a folder belongs to, with their default settings.
 *
 * @param folder its nearest package.json, in it or above it, is the project's
 * @throws Error that says what to do, if one cannot be loaded
 */
export function providersOfProject(folder: string): Provider[] {
  const manifest = manifestOf(resolve(folder));
  if (manifest === undefined) return [];
  const factories = modulesIn(manifest).flatMap((module) => factoriesIn(loadModule(module, manifest), module));
  const names = factories.map(({ provider }) => provider);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${manifest} names two providers that are called ${twice}. Rename one.`);
  return factories.map(made);
}

function manifestOf(folder: string): string | undefined {
  const file = join(folder, MANIFEST);
  if (existsSync(file)) return file;
  const above = dirname(folder);
  return above === folder ? undefined : manifestOf(above);
}

function modulesIn(manifest: string): readonly string[] {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(manifest, 'utf8'));
  } catch (error) {
    throw new Error(`${manifest} cannot be read: ${messageOf(error)}`);
  }
  const parsed = manifestSchema.safeParse(json);
  if (parsed.success) return parsed.data.meetbus.providers;
  throw new Error(
    `${manifest}: meetbus.providers must be a list of modules, such as {"meetbus":{"providers":["./providers/acme"]}}.`,
  );
}

/** Loads a module as the project itself would. TypeScript is compiled first, because an installed command runs without a loader. */
function loadModule(module: string, manifest: string): unknown {
  const file = fileOf(module, manifest);
  try {
    return isTypeScript(file) ? compiled(file, manifest) : createRequire(manifest)(file);
  } catch (error) {
    throw new Error(`The provider ${module}, named in ${manifest}, cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

const isTypeScript = (file: string): boolean => /\.[cm]?ts$/.test(file);

function fileOf(module: string, manifest: string): string {
  const path = resolve(dirname(manifest), module);
  const source = ['.ts', '/index.ts'].map((end) => path + end).find(existsSync);
  if (source !== undefined) return source;
  try {
    return createRequire(manifest).resolve(module);
  } catch {
    const hint = 'A file or folder of the project begins with "./".';
    throw new Error(`There is no module ${module}, which ${manifest} names in meetbus.providers. ${hint}`);
  }
}

/** Compiles a module with the esbuild of the project, and runs it. Files of the project go into it; packages are required. */
function compiled(file: string, manifest: string): unknown {
  const { outputFiles } = esbuildOf(manifest).buildSync({
    entryPoints: [file],
    absWorkingDir: dirname(manifest),
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    // The code runs without a file of its own, from which it could import.
    supported: { 'dynamic-import': false },
    define: {
      'import.meta.dirname': JSON.stringify(dirname(file)),
      'import.meta.filename': JSON.stringify(file),
      'import.meta.url': JSON.stringify(pathToFileURL(file).href),
    },
    write: false,
    logLevel: 'silent',
  });
  const code = outputFiles[0]?.text ?? '';
  const run = compileFunction(code, ['module', 'exports', 'require', '__filename', '__dirname'], { filename: file });
  const module = { exports: {} };
  run(module, module.exports, createRequire(file), file, dirname(file));
  return module.exports;
}

function esbuildOf(manifest: string): typeof Esbuild {
  const require = createRequire(manifest);
  try {
    require.resolve('esbuild');
  } catch {
    throw new Error('It is TypeScript, which needs esbuild. Install it: npm install --save-dev esbuild');
  }
  return require('esbuild');
}

type Factory = ProviderFactory<unknown>;

const isFactory = (value: unknown): value is Factory =>
  typeof value === 'function' && 'provider' in value && 'settings' in value && 'from' in value;

/** What a module exports that makes a provider, each once. */
function factoriesIn(exported: unknown, module: string): Factory[] {
  const found = [exported, ...Object.values(exported ?? {})].filter(isFactory);
  if (found.length > 0) return [...new Set(found)];
  throw new Error(`${module} exports no provider. Export what defineProvider makes.`);
}

function made(factory: Factory): Provider {
  try {
    return factory();
  } catch (error) {
    const remedy = 'Commands make it without settings: give each setting a default.';
    throw new Error(
      `The provider ${factory.provider} cannot be made: ${messageOf(error).replace(/\.?$/, '.')} ${remedy}`,
    );
  }
}
