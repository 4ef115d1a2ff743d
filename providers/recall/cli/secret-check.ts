/** Whether Recall.ai's secret holds what its verifiers need. */

import { entryFindings, RETIRE } from '../../../bin/commands/doctor/entries';
import { entriesOf } from '../../../bin/commands/secrets/entries';
import { ownerNamed } from '../../../bin/commands/secrets/owners';
import { withSecretStore } from '../../../bin/commands/secrets/store';
import type { Deployment } from '../../../bin/deployment';
import { type Finding, ok, problem } from '../../../bin/findings';
import { SIGNING_SECRET } from '../secrets';

const REPLACE = `npx meetbus secrets add token --generate; once no bot uses the weak one any more: ${RETIRE}`;

export function checkSecret(deployment: Deployment): Promise<Finding[]> {
  return withSecretStore(deployment, ownerNamed('recall'), async (store) => {
    const secret = await store.read();
    if (!secret) {
      const remedy = 'Set it up: npx meetbus secrets set';
      return [problem('secret', `There is no secret ${store.name}, so Recall.ai is answered 503.`, remedy)];
    }
    if (!secret.isObject) {
      const remedy = 'Look at what it holds, then set it up: npx meetbus secrets set';
      return [problem('secret', `The secret ${store.name} holds no JSON object: verifiers cannot read it.`, remedy)];
    }
    const entries = entriesOf(store.owner, secret.json);
    const usable = entries.filter(({ isUsable }) => isUsable);
    return [
      ...entryFindings('secret', entries, REPLACE),
      usable.some(({ kind }) => kind === SIGNING_SECRET.kind)
        ? ok('secret', `${usable.length} usable entries`)
        : problem('secret', 'There is no usable signing secret.', 'npx meetbus secrets add signing-secret'),
    ];
  });
}
