/** The runtimes of a consumer, by provider name. */
import type { ProviderRuntime } from '../../providers/runtime';

export type Runtimes = ReadonlyMap<string, ProviderRuntime>;

/**
 * The runtime of a provider.
 *
 * @throws Error if the function was deployed without the provider, or its runtime cannot be loaded: the message is
 *   dead-lettered
 */
export function runtimeOf(runtimes: Runtimes, provider: string): ProviderRuntime {
  const runtime = runtimes.get(provider);
  if (runtime) return runtime;
  throw new Error(
    `The provider ${provider} is not part of this deployment, or its runtime cannot be loaded. Deploy with it, then redrive the message.`,
  );
}
