/** Whether the sender of RealtimeKit's deliveries can be proved, and which deliveries were set aside because it could not. */

import { entryFindings } from '../../../bin/commands/doctor/entries';
import type { LookBack } from '../../../bin/commands/doctor/look-back';
import { entriesOf } from '../../../bin/commands/secrets/entries';
import { noObject } from '../../../bin/commands/secrets/newest';
import { ownerNamed } from '../../../bin/commands/secrets/owners';
import { withSecretStore } from '../../../bin/commands/secrets/store';
import type { Deployment } from '../../../bin/deployment';
import { type Finding, ok, problem, warning } from '../../../bin/findings';
import type { ResultRow } from '../../../bin/insights';

const CHECK = 'RealtimeKit sender';
const SYNC = 'npx meetbus realtimekit webhooks sync';

/** Most organizations that the finding lists. */
const MOST_NAMED = 5;

export async function checkSender(deployment: Deployment, back: LookBack): Promise<Finding[]> {
  const rows = await back.askSaved('set-aside', 'realtimekit');
  const unproved = rows.filter(({ unrecognized }) => unrecognized === 'sender_not_proved');
  return [...(await proofFindings(deployment, unproved.length > 0)), ...setAsideFindings(unproved, back.words)];
}

/** What can prove a sender: tokens in the secret, or the lists of the settings. */
function proofFindings(deployment: Deployment, isInUse: boolean): Promise<Finding[]> {
  return withSecretStore(deployment, ownerNamed('realtimekit'), async (store) => {
    const secret = await store.read();
    if (secret && !secret.isObject) return [problem(CHECK, `${store.name} holds no JSON object.`, noObject(store))];
    const json = secret?.json ?? {};
    const usable = entriesOf(store.owner, json).filter(({ isUsable }) => isUsable);
    return [...entryFindings(CHECK, store.owner, json), provedBy(usable.length, listsOf(deployment), isInUse)];
  });
}

/** The lists of senders in the deployed settings. */
const listsOf = ({ outputs }: Deployment): string[] => [
  ...(outputs.RealtimekitOrganizationIds ? ['organizationIds'] : []),
  ...(outputs.RealtimekitWebhookIds ? ['webhookIds'] : []),
];

function provedBy(tokens: number, lists: readonly string[], isInUse: boolean): Finding {
  const proofs = [
    ...(tokens > 0 ? [`${tokens} URL token${tokens === 1 ? '' : 's'}`] : []),
    ...lists.map((list) => `the setting realtimekit.${list}`),
  ];
  if (proofs.length > 0) return ok(CHECK, `proved by ${proofs.join(' or ')}`);
  const message =
    'It cannot be proved: there is no URL token, and no list of senders in the settings. So its events are set aside.';
  return isInUse ? problem(CHECK, message, SYNC) : warning(CHECK, message, `If you use RealtimeKit: ${SYNC}`);
}

const sumOf = (rows: readonly ResultRow[]): number =>
  rows.reduce((sum, { deliveries = '0' }) => sum + Number(deliveries), 0);

/** How many deliveries of which organizations were set aside. Most come from a webhook of ours whose URL has no token. */
function setAsideFindings(rows: readonly ResultRow[], words: string): Finding[] {
  if (rows.length === 0) return [];
  const organizations = [...Map.groupBy(rows, ({ organizationId = '' }) => organizationId)]
    .map(([id, some]) => ({ id, deliveries: sumOf(some) }))
    .toSorted((a, b) => b.deliveries - a.deliveries);
  const named = organizations.slice(0, MOST_NAMED).map(({ id, deliveries }) => `${id || 'none named'} (${deliveries})`);
  const more = organizations.length > MOST_NAMED ? ', …' : '';
  const [only] = organizations.length === 1 ? organizations : [];
  const bring = `npx meetbus events reprocess --reason sender_not_proved --organization ${only?.id || '<id>'}`;
  return [
    warning(
      CHECK,
      `${sumOf(rows)} deliveries set aside ${words}, of these organizations: ${named.join(', ')}${more}.`,
      `Is one yours? ${SYNC}; then ${bring}. What is not reaches no subscriber.`,
    ),
  ];
}
