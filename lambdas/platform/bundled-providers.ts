/**
 * The providers whose compiled runtimes are in the asset of a function, in `providers/`: `<name>.js`, and in a verifier
 * `<name>.json` with the settings of the deployment. Settings are in the asset, not in the environment, because AWS
 * updates code and environment in two calls, and in between the code would run with the settings of another version.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
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
 * The runtimes beside a function, by the name of their provider.
 *
 * @param folder of the function's code
 */
export function readRuntimes(folder: string): ReadonlyMap<string, ProviderRuntime> {
  const names = readdirSync(join(folder, RUNTIMES_FOLDER))
    .filter((file) => file.endsWith('.js'))
    .map((file) => basename(file, '.js'));
  return new Map(names.map((name) => [name, require(join(folder, RUNTIMES_FOLDER, `${name}.js`)).runtime]));
}

/**
 * The one provider of a verifier.
 *
 * @param folder of the function's code
 * @throws Error if there is none: the Meetbus construct did not deploy this function
 */
export function readProvider(folder: string): BundledProvider {
  const [[name, runtime] = []] = [...readRuntimes(folder)];
  if (name === undefined || runtime === undefined) {
    throw new Error(`There is no provider in ${RUNTIMES_FOLDER}/. Deploy the function with the Meetbus construct.`);
  }
  const deployment = JSON.parse(readFileSync(join(folder, RUNTIMES_FOLDER, `${name}.json`), 'utf8'));
  return { name, runtime, ...withOverrides(name, deployment as ProviderDeployment) };
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
