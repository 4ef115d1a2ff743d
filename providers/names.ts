/** Names of the providers that Meetbus brings. */
import { BUILT_IN } from '.';

/** Name of a provider that Meetbus brings. An app may have others. */
export type ProviderName = keyof typeof BUILT_IN;

/** Every {@link ProviderName}. */
export const PROVIDERS = Object.keys(BUILT_IN) as readonly ProviderName[];
