/** Checks the secrets of providers that bring no part for the command line, and so no check of their own. */
import type { Provider } from '../../../providers/provider';
import { type Finding, ok, problem, warning } from '../../findings';
import { entriesOf } from '../secrets/entries';
import { addCommandOf, hasSecret, type SecretOwner, setUp } from '../secrets/owners';
import { withSecretStore } from '../secrets/store';
import type { NamedCheck } from './checks';
import { entryFindings, RETIRE } from './entries';

/** A check for each secret. */
export const secretChecksOf = (providers: readonly Provider[]): readonly NamedCheck[] =>
  providers
    .filter(hasSecret)
    .filter(({ cli }) => cli === undefined)
    .map((owner) => {
      const name = `secret of ${owner.title}`;
      return {
        name,
        look: (deployment) => withSecretStore(deployment, owner, (store) => findingsOf(name, owner, store)),
      };
    });

async function findingsOf(
  check: string,
  owner: SecretOwner,
  store: Parameters<Parameters<typeof withSecretStore>[2]>[0],
): Promise<Finding[]> {
  const wrong = owner.secret.isRequired ? problem : warning;
  const secret = await store.read();
  if (!secret) return [wrong(check, `There is no secret ${store.name}.`, setUp(owner))];
  if (!secret.isObject) {
    return [problem(check, `The secret ${store.name} holds no JSON object: verifiers cannot read it.`, setUp(owner))];
  }
  const entries = entriesOf(owner, secret.json);
  const usable = entries.filter(({ isUsable }) => isUsable).length;
  const [kind] = owner.secret.entries;
  const add = kind ? addCommandOf(owner, kind) : setUp(owner);
  return [
    ...entryFindings(check, entries, `${add}; then ${RETIRE}`),
    usable > 0 ? ok(check, `${usable} usable entries`) : wrong(check, 'There is no usable entry.', add),
  ];
}
