/** Who sent a genuine delivery of RealtimeKit, and whether the operator trusts them. */
import { parseBody } from '../kit/body';
import { areListed } from '../kit/trusted';
import { idsAt } from '../kit/values';
import type { Delivery } from '../runtime';
import { headerValues } from './headers';

/** The senders that the operator trusts without a token in the URL. An empty list trusts nobody. */
export interface BelievedSenders {
  readonly organizationIds: readonly string[];
  readonly webhookIds: readonly string[];
}

/** Paths of the organization's id in the payloads of the various events. */
const ORGANIZATION_ID_PATHS = [
  ['meeting', 'organizedBy', 'id'],
  ['organizedBy', 'id'],
  ['recording', 'organizationId'],
  ['organizationId'],
] as const;

/** Ids of the organizations in a body; normally there is one. */
export const organizationsIn = (body: unknown): string[] => idsAt(body, ORGANIZATION_ID_PATHS);

/** The sender that a genuine delivery names: organizations are signed, webhooks are not. */
interface Sender {
  readonly organizations: readonly string[];
  readonly webhooks: readonly string[];
}

/** The sender of a delivery. */
export const senderOf = (delivery: Delivery): Sender => ({
  organizations: organizationsIn(parseBody(delivery.body)),
  webhooks: headerValues(delivery, 'webhook-id'),
});

/** Whether the operator's lists contain a sender. If both lists are set, both must contain it. */
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
