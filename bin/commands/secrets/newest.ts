/** The newest values of the secret of Recall.ai, and what to do where it lacks one. No message holds anything of a value. */
import type { Deployment } from '../../deployment';
import { KINDS, type Kind, valuesOf } from './entries';
import { type StoredSecret, withSecretStore } from './store';

/** Tells the newest value of a kind that fits; without a check, one that verifiers take. */
export type Newest = (kind: Kind, isFit?: (value: string) => boolean) => string;

/**
 * Reads the secret of a deployment once.
 *
 * @returns a function that throws an Error that says what to do, where there is no such value
 */
export const readNewest = (deployment: Deployment): Promise<Newest> =>
  withSecretStore(deployment, async (store) => {
    const secret = await store.read();
    return (kind, isFit = KINDS[kind].isUsable) => {
      const value = valuesOf(secret?.json ?? {}, kind).findLast(isFit);
      if (value === undefined) throw new Error(whatIsMissing(store.name, secret, kind));
      return value;
    };
  });

/** What to do where there is no secret. */
export const noSecret = (name: string): string => `There is no secret ${name}. Set it up: npx meetbus secrets set`;

/** What to do where the secret holds something that nobody can read. */
export const noObject = (name: string): string =>
  `The secret ${name} holds no JSON object, and Meetbus reads nothing else. Look at what it holds, then set it up: ` +
  'npx meetbus secrets set (what it holds now stays as its previous version).';

function whatIsMissing(name: string, secret: StoredSecret | undefined, kind: Kind): string {
  if (!secret) return noSecret(name);
  if (!secret.isObject) return noObject(name);
  return kind === 'token'
    ? `The secret ${name} has no real-time token that is hard to guess. Make one up: npx meetbus secrets add token --generate`
    : `The secret ${name} has no usable signing secret. Add the one of Recall.ai: npx meetbus secrets add signing-secret`;
}
