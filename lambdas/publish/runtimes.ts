/** The runtimes that a consumer has, by the name of their provider. */
import type { ProviderRuntime } from '../../providers/runtime';

export type Runtimes = ReadonlyMap<string, ProviderRuntime>;

/**
 * The runtime of a provider.
 *
 * @throws Error where the function was deployed without the provider: the message ends in the dead-letter queue
 */
export function runtimeOf(runtimes: Runtimes, provider: string): ProviderRuntime {
  const runtime = runtimes.get(provider);
  if (runtime) return runtime;
  throw new Error(`The provider ${provider} is not part of this deployment. Deploy with it, then redrive the message.`);
}
