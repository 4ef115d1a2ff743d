/** The newest values of a secret, and what to do where it has none. No message holds anything of a value. */
import type { SecretEntry } from '../../../providers/provider';
import type { Deployment } from '../../deployment';
import { isUsable, valuesOf } from './entries';
import { addCommandOf, type SecretOwner, setUp } from './owners';
import { type SecretStore, type StoredSecret, withSecretStore } from './store';

/** The newest value of a kind that passes a check; without a check, the newest that verifiers accept. */
export type Newest = (entry: SecretEntry, isFit?: (value: string) => boolean) => string;

/**
 * Reads a secret of a deployment once.
 *
 * @returns a function that throws an Error that says what to do, where there is no such value
 */
export const readNewest = (deployment: Deployment, owner: SecretOwner): Promise<Newest> =>
  withSecretStore(deployment, owner, async (store) => {
    const secret = await store.read();
    return (entry, isFit = (value) => isUsable(entry, value)) => {
      const value = valuesOf(secret?.json ?? {}, entry).findLast(isFit);
      if (value === undefined) throw new Error(whatIsMissing(store, secret, entry));
      return value;
    };
  });

type Named = Pick<SecretStore, 'name' | 'owner'>;

/** What to do where there is no secret. */
export const noSecret = ({ name, owner }: Named): string => `There is no secret ${name}. Set it up: ${setUp(owner)}`;

/** What to do where the secret holds something that nobody can read. */
export const noObject = ({ name, owner }: Named): string =>
  `The secret ${name} holds no JSON object, and Meetbus reads nothing else. Look at what it holds, then set it up: ` +
  `${setUp(owner)} (what it holds now stays as its previous version).`;

function whatIsMissing(store: SecretStore, secret: StoredSecret | undefined, entry: SecretEntry): string {
  if (!secret) return noSecret(store);
  if (!secret.isObject) return noObject(store);
  const add = addCommandOf(store.owner, entry);
  return entry.prompt === undefined
    ? `The secret ${store.name} has no ${entry.title} that is hard to guess. Make one up: ${add} --generate`
    : `The secret ${store.name} has no usable ${entry.title}. Add the one of ${store.owner.title}: ${add}`;
}
