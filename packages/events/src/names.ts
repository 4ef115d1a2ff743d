/** Names and versions in a meeting event, besides its type. */

/** An open list: editors offer the known values, and any other text is valid too. */
export type Open<Known extends string> = Known | (string & {});

/** What proved to Meetbus that an event is genuine. `reconciled`: it was read from the provider's API, no webhook came. */
export const PROOFS = ['signature', 'token', 'jwt', 'reconciled'] as const;

/** One of {@link PROOFS}. */
export type Proof = (typeof PROOFS)[number];

/** Version of the contract. Within one version, fields are only added. */
export const CONTRACT_VERSION = 1;

/** EventBridge `source`, and CloudEvents `source`, of a provider's events. */
export const sourceOf = <Provider extends string>(provider: Provider): `meetbus.${Provider}` => `meetbus.${provider}`;

/** CloudEvents `dataschema` of a type. */
export const dataSchemaOf = (type: string): string => `urn:meetbus:schema:${type}:${CONTRACT_VERSION}`;
