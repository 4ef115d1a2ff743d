/** The providers that commands know. */
import { BUILT_IN } from '../providers';
import type { Provider } from '../providers/provider';
import type { ProviderRuntime } from '../providers/runtime';

/** The providers, with their default settings: what is deployed is read from the stack's outputs. */
export const PROVIDERS: readonly Provider[] = Object.values(BUILT_IN).map((factory) => factory());

/** What people call a provider; its name where commands do not know it. */
export const titleOf = (name: string): string => PROVIDERS.find((provider) => provider.name === name)?.title ?? name;

/** The runtimes of the providers, by name. */
export async function readRuntimes(): Promise<ReadonlyMap<string, ProviderRuntime>> {
  const loaded = PROVIDERS.map(async ({ name, runtime }) => [name, (await runtime()).runtime] as const);
  return new Map(await Promise.all(loaded));
}
