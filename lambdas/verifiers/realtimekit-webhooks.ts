/** `POST /realtimekit/webhooks`: Cloudflare RealtimeKit webhooks, proved by their signature. */
import { createVerifier } from '../ingest/verifier';
import { listVariable, requiredVariable } from '../platform/environment';
import { realtimekitIntake } from '../providers/realtimekit/intake';
import { realtimekitKeys, verifyWebhook } from '../providers/realtimekit/verify';

const keys = realtimekitKeys(requiredVariable('REALTIMEKIT_KEY_URL'), requiredVariable('TABLE_NAME'));
const allowedSenders = {
  organizationIds: listVariable('REALTIMEKIT_ORGANIZATION_IDS'),
  webhookIds: listVariable('REALTIMEKIT_WEBHOOK_IDS'),
};

export const handler = createVerifier({
  provider: realtimekitIntake,
  verify: (delivery) => verifyWebhook(keys, delivery, allowedSenders),
});
