/** Whether the verifiers of Recall.ai have what they need to prove deliveries. */
import type { Deployment } from '../../deployment';
import { type Finding, ok, problem, warning } from '../../findings';
import { type Entry, entriesOf } from '../secrets/entries';
import { withSecretStore } from '../secrets/store';

const RETIRE = 'npx meetbus secrets retire <fingerprint>';
const REPLACE = `npx meetbus secrets add token --generate; once no bot uses the weak one any more: ${RETIRE}`;

const namesOf = (entries: readonly Entry[]): string =>
  entries.map(({ kind, fingerprint }) => `${kind} ${fingerprint}`).join(', ');

export function checkSecret(deployment: Deployment): Promise<Finding[]> {
  return withSecretStore(deployment, 'recall', async (store) => {
    const secret = await store.read();
    if (!secret) {
      const remedy = 'Set it up: npx meetbus secrets set';
      return [problem('secret', `There is no secret ${store.name}, so Recall.ai is answered 503.`, remedy)];
    }
    if (!secret.isObject) {
      const remedy = 'Look at what it holds, then set it up: npx meetbus secrets set';
      return [problem('secret', `The secret ${store.name} holds no JSON object: verifiers cannot read it.`, remedy)];
    }
    const entries = entriesOf(secret.json);
    const ignored = entries.filter(({ isUsable }) => !isUsable);
    const weak = entries.filter(({ isWeak }) => isWeak);
    const hasSigningSecret = entries.some(({ kind, isUsable }) => isUsable && kind === 'signing-secret');
    return [
      ...(ignored.length > 0 ? [problem('secret', `Not usable: ${namesOf(ignored)}.`, RETIRE)] : []),
      ...(weak.length > 0 ? [warning('secret', `Easy to guess, but taken: ${namesOf(weak)}.`, REPLACE)] : []),
      hasSigningSecret
        ? ok('secret', `${entries.length - ignored.length} usable entries`)
        : problem('secret', 'There is no usable signing secret.', 'npx meetbus secrets add signing-secret'),
    ];
  });
}
