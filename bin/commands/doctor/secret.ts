/** Checks the secrets of providers that bring no check of their own. */
import type { ProviderCli } from '../../../providers/cli';
import type { Provider } from '../../../providers/provider';
import { type Finding, ok, problem, warning } from '../../findings';
import { entriesOf } from '../secrets/entries';
import { addCommandOf, hasSecret, setUp } from '../secrets/owners';
import { type SecretStore, withSecretStore } from '../secrets/store';
import type { NamedCheck } from './checks';
import { entryFindings } from './entries';

/**
 * A check for each secret.
 *
 * @param clis parts of the providers in the command line, by name. One with a check about the secret needs no other
 */
export const secretChecksOf = (
  providers: readonly Provider[],
  clis: ReadonlyMap<string, ProviderCli>,
): readonly NamedCheck[] =>
  providers
    .filter(hasSecret)
    .filter(({ name }) => Object.values(clis.get(name)?.checks ?? {}).every(({ about }) => about !== 'secret'))
    .map((owner) => {
      const name = `secret of ${owner.title}`;
      return { name, look: (deployment) => withSecretStore(deployment, owner, (store) => findingsOf(name, store)) };
    });

async function findingsOf(check: string, store: SecretStore): Promise<Finding[]> {
  const { owner, name } = store;
  const wrong = owner.secret.isRequired ? problem : warning;
  const secret = await store.read();
  if (!secret) {
    const answered = owner.secret.isRequired ? `, so ${owner.title} is answered 503` : '';
    return [wrong(check, `There is no secret ${name}${answered}.`, `Set it up: ${setUp(owner)}`)];
  }
  if (!secret.isObject) {
    const remedy = `Look at what it holds, then set it up: ${setUp(owner)}`;
    return [problem(check, `The secret ${name} holds no JSON object: verifiers cannot read it.`, remedy)];
  }
  const usable = entriesOf(owner, secret.json).filter(({ isUsable }) => isUsable);
  const missing = owner.secret.entries.filter(({ kind }) => usable.every((entry) => entry.kind !== kind));
  // A kind that says what happens without it may be missing, as long as something is there.
  const needed = missing.filter(({ withoutAny }) => withoutAny === undefined || usable.length === 0);
  return [
    ...entryFindings(check, owner, secret.json),
    ...needed.map((entry) => wrong(check, `There is no usable ${entry.title}.`, addCommandOf(owner, entry))),
    ...(needed.length === 0 ? [ok(check, `${usable.length} usable entries`)] : []),
  ];
}
