/** The newest values of a secret, and what to do where it lacks one. No message holds anything of a value. */
import type { Deployment } from '../../deployment';
import { KINDS, type Kind, type SecretOwner, valuesOf } from './entries';
import { type SecretStore, type StoredSecret, withSecretStore } from './store';

/** Tells the newest value of a kind that fits; without a check, one that verifiers take. */
export type Newest = (kind: Kind, isFit?: (value: string) => boolean) => string;

/**
 * Reads a secret of a deployment once.
 *
 * @returns a function that throws an Error that says what to do, where there is no such value
 */
export const readNewest = (deployment: Deployment, owner: SecretOwner): Promise<Newest> =>
  withSecretStore(deployment, owner, async (store) => {
    const secret = await store.read();
    return (kind, isFit = KINDS[kind].isUsable) => {
      const value = valuesOf(secret?.json ?? {}, kind).findLast(isFit);
      if (value === undefined) throw new Error(whatIsMissing(store, secret, kind));
      return value;
    };
  });

/** What to do where there is no secret. */
export const noSecret = ({ name, owner }: Pick<SecretStore, 'name' | 'owner'>): string =>
  `There is no secret ${name}. Set it up: ${setUp(owner)}`;

/** What to do where the secret holds something that nobody can read. */
export const noObject = ({ name, owner }: Pick<SecretStore, 'name' | 'owner'>): string =>
  `The secret ${name} holds no JSON object, and Meetbus reads nothing else. Look at what it holds, then set it up: ` +
  `${setUp(owner)} (what it holds now stays as its previous version).`;

/** The command that sets a secret up. */
export const setUp = (owner: SecretOwner): string => `npx meetbus secrets set${owner === 'recall' ? '' : ` ${owner}`}`;

/** What to do where the secret has no entry of a kind. */
const MISSING: Readonly<Record<Kind, string>> = {
  'signing-secret': 'has no usable signing secret. Add the one of Recall.ai: npx meetbus secrets add signing-secret',
  token: 'has no real-time token that is hard to guess. Make one up: npx meetbus secrets add token --generate',
  'url-token': 'has no URL token that is hard to guess. Make one up: npx meetbus secrets add url-token --generate',
};

function whatIsMissing(store: SecretStore, secret: StoredSecret | undefined, kind: Kind): string {
  if (!secret) return noSecret(store);
  return secret.isObject ? `The secret ${store.name} ${MISSING[kind]}` : noObject(store);
}
