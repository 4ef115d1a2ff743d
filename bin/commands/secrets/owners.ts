/** The providers that have a secret, and the kinds of entries in it. */
import { pascalCase } from '../../../lib/pascal-case';
import type { Provider, ProviderSecret, SecretEntry } from '../../../providers/provider';
import { type Deployment, outputOf } from '../../deployment';
import { didYouMean, sentences } from '../../did-you-mean';
import { checkDeployed, knownProviders } from '../../providers';
import { UsageError } from '../../usage';

/** A provider that has a secret. */
export type SecretOwner = Provider & { readonly secret: ProviderSecret };

/** Whether a provider has a secret. */
export const hasSecret = (provider: Provider): provider is SecretOwner => provider.secret !== undefined;

/** The known providers that have a secret. */
export const secretOwners = (): SecretOwner[] => knownProviders().filter(hasSecret);

/** The provider of that name, which has a secret. */
export function ownerNamed(name: string): SecretOwner {
  const owner = secretOwners().find((one) => one.name === name);
  if (!owner) throw new Error(`There is no provider ${name} with a secret.`);
  return owner;
}

/** Output of the stack with the name of a provider's secret. */
const outputNameOf = ({ name }: Provider): string => `${pascalCase(name)}SecretName`;

const secretNameIn = ({ local, outputs }: Deployment, owner: SecretOwner): string | undefined =>
  local?.providers[owner.name]?.secretName ?? outputs[outputNameOf(owner)];

/** @throws Error that says what to do, where the deployment does not have the provider, or is older */
export function secretNameOf(deployment: Deployment, owner: SecretOwner): string {
  checkDeployed(deployment, owner);
  return secretNameIn(deployment, owner) ?? outputOf(deployment, outputNameOf(owner));
}

/**
 * The providers of a deployment that have a secret, in the order of the known ones.
 *
 * @throws Error that says what to do, where there is none
 */
export function ownersOf(deployment: Deployment): SecretOwner[] {
  const owners = secretOwners();
  const own = owners.filter((owner) => secretNameIn(deployment, owner) !== undefined);
  if (own.length === 0 && owners[0]) secretNameOf(deployment, owners[0]);
  return own;
}

/** The kinds of entries of all secrets, each name once. */
export const kindNames = (): string[] => [
  ...new Set(secretOwners().flatMap(({ secret }) => secret.entries.map(({ kind }) => kind))),
];

const ownersWith = (kind: string): SecretOwner[] => secretOwners().filter((owner) => entryNamed(owner, kind));

const entryNamed = ({ secret }: SecretOwner, kind: string): SecretEntry | undefined =>
  secret.entries.find((entry) => entry.kind === kind);

/** The kind of entry of that name in the secret of a provider. */
export function entryOf(owner: SecretOwner, kind: string): SecretEntry {
  const entry = entryNamed(owner, kind);
  if (entry) return entry;
  const kinds = owner.secret.entries.map((one) => one.kind);
  const all = `It has: ${kinds.join(', ')}.`;
  throw new UsageError(
    sentences(`The secret of ${owner.title} does not have the kind ${kind}.`, didYouMean(kind, kinds), all),
  );
}

/**
 * The provider whose secret has entries of a kind.
 *
 * @param name of the provider; it may be left out where one alone has the kind
 */
export function ownerOfKind(kind: string, name: string | undefined): SecretOwner {
  if (name !== undefined) return ownerNamed(name);
  const [owner, ...others] = ownersWith(kind);
  if (!owner) throw new UsageError(`No secret has the kind ${kind}.`);
  if (others.length === 0) return owner;
  const names = [owner, ...others].map((one) => one.name).join(', ');
  throw new UsageError(
    `Several providers have the kind ${kind}: ${names}. Say whose: npx meetbus secrets add ${kind} <provider>`,
  );
}

/** The command that sets a secret up. Without a name, it is for the first known provider. */
export const setUp = ({ name }: Pick<Provider, 'name'>): string =>
  `npx meetbus secrets set${name === secretOwners()[0]?.name ? '' : ` ${name}`}`;

/** The command that adds an entry. */
export const addCommandOf = ({ name }: Pick<Provider, 'name'>, { kind }: SecretEntry): string =>
  `npx meetbus secrets add ${kind}${ownersWith(kind).length > 1 ? ` ${name}` : ''}`;
