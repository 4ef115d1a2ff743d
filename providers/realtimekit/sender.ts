/** Who has sent a genuine delivery of RealtimeKit, and whether the operator believes them. */
import { parseBody } from '../kit/body';
import { idsAt } from '../kit/values';
import type { Delivery } from '../runtime';
import { headerValues } from './headers';

/** The senders that the operator believes without a token in the URL. A list that is empty believes nobody. */
export interface BelievedSenders {
  readonly organizationIds: readonly string[];
  readonly webhookIds: readonly string[];
}

/** Stands in a list for every sender. */
export const EVERYONE = '*';

/** Where the payloads of the various events keep the id of the organization whose meeting it is. */
const ORGANIZATION_ID_PATHS = [
  ['meeting', 'organizedBy', 'id'],
  ['organizedBy', 'id'],
  ['recording', 'organizationId'],
  ['organizationId'],
] as const;

/** Ids of the organizations that a body names; they should be one. */
export const organizationsIn = (body: unknown): string[] => idsAt(body, ORGANIZATION_ID_PATHS);

/** Who a genuine delivery says has sent it: organizations are signed, webhooks are not. */
interface Sender {
  readonly organizations: readonly string[];
  readonly webhooks: readonly string[];
}

/** The sender of a delivery. */
export const senderOf = (delivery: Delivery): Sender => ({
  organizations: organizationsIn(parseBody(delivery.body)),
  webhooks: headerValues(delivery, 'webhook-id'),
});

/** Whether the operator's lists name a sender: where there are two, both must. */
export function isBelieved(
  { organizations, webhooks }: Sender,
  { organizationIds, webhookIds }: BelievedSenders,
): boolean {
  const verdicts = [
    ...(organizationIds.length > 0 ? [areListed(organizationIds, organizations)] : []),
    ...(webhookIds.length > 0 ? [areListed(webhookIds, webhooks)] : []),
  ];
  return verdicts.length > 0 && verdicts.every(Boolean);
}

/** Whether a list names all of some ids, and there is one. */
export const areListed = (list: readonly string[], ids: readonly string[]): boolean =>
  list.includes(EVERYONE) || (ids.length > 0 && ids.every((id) => list.includes(id)));
