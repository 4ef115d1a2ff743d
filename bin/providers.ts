/** The providers that commands know. */
import { LOG_GROUPS_OUTPUT } from '../lib/monitoring/queries';
import { pascalCase } from '../lib/pascal-case';
import { BUILT_IN } from '../providers';
import type { ProviderCli } from '../providers/cli';
import type { Provider } from '../providers/provider';
import type { ProviderRuntime } from '../providers/runtime';
import type { Sandbox } from '../providers/sandbox';
import type { ProviderWords } from './addressed';
import type { Deployment } from './deployment';
import { providersOfProject } from './project-providers';

let known: readonly Provider[] | undefined;

/**
 * The providers that Meetbus brings, and those of the project in the current folder. One of the project replaces the one of its
 * name that Meetbus brings. They have their default settings: what is deployed is read from the stack's outputs.
 *
 * @throws Error that says what to do, if one of the project cannot be loaded
 */
export function knownProviders(): readonly Provider[] {
  known ??= withOwn(
    Object.values(BUILT_IN).map((factory) => factory()),
    providersOfProject(process.cwd()),
  );
  return known;
}

function withOwn(builtIn: readonly Provider[], own: readonly Provider[]): Provider[] {
  const all = new Map([...builtIn, ...own].map((provider) => [provider.name, provider]));
  return [...all.values()];
}

/** The title of a provider; its name if commands do not know it. */
export const titleOf = (name: string): string =>
  knownProviders().find((provider) => provider.name === name)?.title ?? name;

/** The runtimes of the providers, by name. */
export async function readRuntimes(): Promise<ReadonlyMap<string, ProviderRuntime>> {
  const loaded = knownProviders().map(async ({ name, runtime }) => [name, (await runtime()).runtime] as const);
  return new Map(await Promise.all(loaded));
}

/** The sandbox of a provider; undefined if it has none. */
export const readSandbox = async ({ sandbox }: Provider): Promise<Sandbox | undefined> =>
  sandbox && (await sandbox()).sandbox;

/** A provider that commands can play. */
export interface Player {
  readonly provider: Provider;
  readonly sandbox: Sandbox;
}

/** The providers that commands can play. */
export async function readSandboxes(): Promise<readonly Player[]> {
  const read = knownProviders().map(async (provider) => ({ provider, sandbox: await readSandbox(provider) }));
  return (await Promise.all(read)).flatMap(({ provider, sandbox }) => (sandbox ? [{ provider, sandbox }] : []));
}

/** Names of the provider events that have a sample, each once. */
export const sampleEvents = (players: readonly Player[]): string[] => [
  ...new Set(players.flatMap(({ sandbox }) => sandbox.events)),
];

/** A provider's part in the command line; undefined if it has none. */
export const readCli = async ({ cli }: Provider): Promise<ProviderCli | undefined> =>
  cli && ((await cli()).cli as ProviderCli);

/** The parts of all providers in the command line, by name, in the order of the providers. */
export async function readClis(
  providers: readonly Provider[] = knownProviders(),
): Promise<ReadonlyMap<string, ProviderCli>> {
  const read = await Promise.all(providers.map(async (provider) => [provider.name, await readCli(provider)] as const));
  return new Map(read.flatMap(([name, cli]) => (cli ? [[name, cli] as const] : [])));
}

/**
 * The known providers that a deployment has: those with an output of the stack, or with a log group of a verifier. A provider
 * without a secret may have no output.
 */
export const providersOf = ({ outputs }: Pick<Deployment, 'outputs'>): readonly Provider[] => {
  const logGroups = outputs[LOG_GROUPS_OUTPUT.verifiers] ?? '';
  return knownProviders().filter(
    (provider) =>
      outputNamesOf(provider).some((name) => outputs[name] !== undefined) ||
      provider.routes.some(({ id }) => logGroups.includes(`Ingress${id}Logs`)),
  );
};

/**
 * Checks that a deployment has a provider. An older deployment that does not show which providers it has passes.
 *
 * @throws Error that says how to deploy it
 */
export function checkDeployed(deployment: Pick<Deployment, 'outputs' | 'local'>, { name, title }: Provider): void {
  const deployed = providersOf(deployment).map((provider) => provider.name);
  if (deployed.includes(name) || deployment.outputs[LOG_GROUPS_OUTPUT.verifiers] === undefined) return;
  const providers = `"providers":${JSON.stringify([...deployed, name])}`;
  throw new Error(
    deployment.local
      ? `The local cloud runs without ${title}. Start it with -c meetbus='{${providers}}', or add ${name} to your app.`
      : `${title} is not deployed. Add it to the settings, and deploy: ${providers}`,
  );
}

const outputNamesOf = ({ name, secret, outputs = [] }: Provider): string[] => [
  ...(secret ? [`${pascalCase(name)}SecretName`] : []),
  ...outputs.map((output) => output.name),
];

/**
 * What the providers add to the commands; undefined if one cannot be loaded, which stops only the commands that need it: these say
 * what is wrong.
 */
export async function providerWords(): Promise<ProviderWords | undefined> {
  try {
    const commands = [...(await readClis()).values()].flatMap((cli) => cli.commands);
    return {
      names: knownProviders().map(({ name }) => name),
      commands: commands.flatMap(({ name, forDeployment }) => forDeployment.map((command) => `${name} ${command}`)),
    };
  } catch {
    return undefined;
  }
}
