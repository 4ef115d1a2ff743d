/**
 * The providers whose compiled runtimes are in the asset of a function, in `providers/`: `<name>.js`, and in a verifier
 * `<name>.json` with the settings of the deployment. Settings are in the asset, not in the environment, because AWS
 * updates code and environment in two calls, and in between the code would run with the settings of another version.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ProviderBackfill } from '../../providers/backfill';
import type { ProviderRuntime } from '../../providers/runtime';
import { OPTIONS_VARIABLE } from './environment';

/** The settings of a deployment for a verifier, in `<name>.json`. */
export interface ProviderDeployment {
  /** Options for the runtime. */
  readonly options: unknown;
  /** Name of the provider's secret in Secrets Manager; absent if it has none. */
  readonly secretName?: string | undefined;
}

/** A provider with its runtime. */
export interface BundledProvider extends ProviderDeployment {
  readonly name: string;
  readonly runtime: ProviderRuntime;
}

/** Folder of the runtimes, in the folder of the function's code. */
export const RUNTIMES_FOLDER = 'providers';

/**
 * The runtimes beside a function, by the name of their provider. One that cannot be loaded is left out, so that it stops
 * no events of other providers.
 *
 * @param folder of the function's code
 * @param onFailure called with the name of the provider and the error; constructs import this module, and have no logger
 */
export function readRuntimes(
  folder: string,
  onFailure: (provider: string, error: unknown) => void,
): ReadonlyMap<string, ProviderRuntime> {
  const runtimes = new Map<string, ProviderRuntime>();
  for (const name of namesIn(folder)) {
    try {
      runtimes.set(name, readRuntime(folder, name));
    } catch (error) {
      onFailure(name, error);
    }
  }
  return runtimes;
}

/**
 * The one provider of a verifier.
 *
 * @param folder of the function's code
 * @throws Error if there is none: the Meetbus construct did not deploy this function; and if it cannot be loaded
 */
export function readProvider(folder: string): BundledProvider {
  const [name] = namesIn(folder);
  if (name === undefined) {
    throw new Error(`There is no provider in ${RUNTIMES_FOLDER}/. Deploy the function with the Meetbus construct.`);
  }
  const deployment = JSON.parse(readFileSync(join(folder, RUNTIMES_FOLDER, `${name}.json`), 'utf8'));
  return { name, runtime: readRuntime(folder, name), ...withOverrides(name, deployment as ProviderDeployment) };
}

/** Folder of the modules that read the APIs of providers, in the folder of the function's code. */
export const BACKFILLS_FOLDER = 'backfills';

/**
 * The providers whose APIs a function reads.
 *
 * @param folder of the function's code
 * @throws what a module throws: no provider is repaired then, and the alarm on the function's errors fires
 */
export const readSources = (folder: string): Source[] =>
  namesIn(folder).map((name) => {
    const { backfill } = require(join(folder, BACKFILLS_FOLDER, `${name}.js`)) as { backfill: ProviderBackfill };
    return { name, runtime: readRuntime(folder, name), backfill };
  });

/** A provider whose API is read. */
export interface Source {
  readonly name: string;
  readonly runtime: ProviderRuntime;
  readonly backfill: ProviderBackfill;
}

/** The names of the providers whose runtimes are beside a function. */
const namesIn = (folder: string): string[] =>
  readdirSync(join(folder, RUNTIMES_FOLDER))
    .filter((file) => file.endsWith('.js'))
    .map((file) => basename(file, '.js'));

/** @throws what the module throws, and Error if it exports no runtime */
function readRuntime(folder: string, name: string): ProviderRuntime {
  const { runtime } = require(join(folder, RUNTIMES_FOLDER, `${name}.js`));
  if (typeof runtime === 'object' && runtime !== null) return runtime;
  throw new Error(`The module of the provider ${name} exports no object "runtime".`);
}

/**
 * The settings of a deployment for the providers in a function's asset, by name. It loads no runtime.
 *
 * @param folder of the function's code
 */
export function readDeployments(folder: string): ReadonlyMap<string, ProviderDeployment> {
  const runtimes = join(folder, RUNTIMES_FOLDER);
  const files = existsSync(runtimes) ? readdirSync(runtimes).filter((file) => file.endsWith('.json')) : [];
  return new Map(
    files.map((file) => [basename(file, '.json'), JSON.parse(readFileSync(join(runtimes, file), 'utf8'))]),
  );
}

/** A deployment, with options from the environment: the local cloud uses them to replace URLs. */
function withOverrides(name: string, { options, ...rest }: ProviderDeployment): ProviderDeployment {
  const overrides = JSON.parse(process.env[OPTIONS_VARIABLE] || '{}')[name];
  return { ...rest, options: { ...(options as object), ...overrides } };
}
