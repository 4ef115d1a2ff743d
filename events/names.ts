/** The names that stand in a meeting event beside its type. */

/** The providers whose deliveries become meeting events. */
export const PROVIDERS = ['recall', 'realtimekit'] as const;

/** Name of a provider. */
export type ProviderName = (typeof PROVIDERS)[number];

/** Version of the contract. Within one version fields are only ever added. */
export const CONTRACT_VERSION = 1;

/** EventBridge `source`, and CloudEvents `source`, of a provider's events. */
export const sourceOf = (provider: ProviderName): string => `meetbus.${provider}`;

/** CloudEvents `dataschema` of a type. */
export const dataSchemaOf = (type: string): string => `urn:meetbus:schema:${type}:${CONTRACT_VERSION}`;
