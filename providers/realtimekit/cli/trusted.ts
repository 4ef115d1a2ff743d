/** Organizations that the settings trust without a token in the URL. */
import type { Deployment } from '../../../bin/deployment';
import { EVERYONE } from '../../kit/trusted';

/**
 * The organizations that a deployment trusts. It is none where webhooks are listed: both lists must name the sender, and an
 * archived event does not say its webhook.
 */
export function trustedIn({ outputs }: Deployment): readonly string[] {
  const { RealtimekitOrganizationIds: organizationIds, RealtimekitWebhookIds: webhookIds } = outputs;
  const organizations = organizationIds?.split(',');
  if (webhookIds === undefined) return organizations ?? [];
  return webhookIds.split(',').includes(EVERYONE) ? (organizations ?? [EVERYONE]) : [];
}
