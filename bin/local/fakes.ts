/** Fakes of the providers for the local cloud: each gets a made-up secret, and a fake of its server where it has one. */
import type { FakeContext, RunningFake, StartFake } from '@meetbus/local-cloud';
import { type ProviderDeployment, readDeployments } from '../../lambdas/platform/bundled-providers';
import { OPTIONS_VARIABLE } from '../../lambdas/platform/environment';
import { FAILINGS, type Failing, FrontServer } from '../../providers/kit/sandbox/front-server';
import { secretWith } from '../../providers/kit/secret-form';
import type { Provider } from '../../providers/provider';
import { knownProviders, readSandbox } from '../providers';

/** Options of runtimes, by provider. */
export type ProviderOptions = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The resources of a provider in the local cloud. */
export interface LocalProvider {
  /** Name of its secret. */
  readonly secretName?: string;
  /** Name of the secret with the private key of its fake server; absent if no fake server runs. */
  readonly keySecretName?: string;
  /** Options that replace those of the deployment, such as the URL of the fake server. */
  readonly options?: ProviderOptions[string];
}

/** The resources of the app's providers in the local cloud, by name. */
export type LocalProviders = Readonly<Record<string, LocalProvider>>;

/** Name of the secret with the private key of a fake server. */
const keySecretOf = (provider: string): string => `meetbus/local/${provider}-private-key`;

/**
 * The fakes, and their resources once they run.
 *
 * @param given options that replace those of the deployment. With the URL of a server among them, no fake of it runs.
 */
export function createFakes(given: ProviderOptions = {}): {
  readonly start: readonly StartFake[];
  readonly providers: LocalProviders;
} {
  const providers: Record<string, LocalProvider> = {};
  const startFake =
    (provider: Provider): StartFake =>
    async (context) => {
      const deployment = deploymentOf(provider, context);
      if (!deployment) return {};
      const { secretName } = deployment;
      const { makeUpSecret, server } = (await readSandbox(provider)) ?? {};
      if (secretName !== undefined && makeUpSecret) {
        context.secret(secretName, () => JSON.stringify(secretWith(provider.secret?.entries ?? [], makeUpSecret())));
      }
      const options = given[provider.name] ?? {};
      if (!server || server.option in options) {
        providers[provider.name] = { ...(secretName && { secretName }), options };
        return environmentOf(providers);
      }
      const keySecretName = keySecretOf(provider.name);
      const front = await FrontServer.start(server, context.secret(keySecretName, server.makeKey));
      const withUrl = { ...options, [server.option]: front.url };
      providers[provider.name] = { ...(secretName && { secretName }), keySecretName, options: withUrl };
      return {
        ...environmentOf(providers),
        breakable: { name: provider.name, ways: FAILINGS, break: (way) => front.fail(way as Failing | undefined) },
        close: () => front.close(),
      };
    };
  return { start: knownProviders().map(startFake), providers };
}

/** The deployment of a provider, from the asset of its verifiers; undefined if the app does not have the provider. */
function deploymentOf({ name }: Provider, { codeFolders }: FakeContext): ProviderDeployment | undefined {
  for (const folder of codeFolders()) {
    const deployment = readDeployments(folder).get(name);
    if (deployment) return deployment;
  }
  return undefined;
}

/** One variable has the options of all providers, so each fake adds its own. */
function environmentOf(providers: LocalProviders): RunningFake {
  const options = Object.entries(providers).map(([name, { options: own }]) => [name, own]);
  return { environment: { [OPTIONS_VARIABLE]: JSON.stringify(Object.fromEntries(options)) } };
}
