/**
 * `POST /realtimekit/webhooks` and `POST /realtimekit/webhooks/{token}`: Cloudflare RealtimeKit webhooks, proved by their
 * signature, and their sender by the token.
 */

import { realtimekitIntake } from '../../providers/realtimekit/intake';
import { REALTIMEKIT_SECRET_NAME } from '../../providers/realtimekit/secrets';
import { realtimekitKeys, realtimekitSecrets, verifyWebhook } from '../../providers/realtimekit/verify';
import { createVerifier } from '../ingest/verifier';
import { listVariable, newVariable, requiredVariable } from '../platform/environment';

const tableName = requiredVariable('TABLE_NAME');
const sources = {
  keys: realtimekitKeys(requiredVariable('REALTIMEKIT_KEY_URL'), tableName),
  secrets: realtimekitSecrets(newVariable('REALTIMEKIT_SECRET_NAME', REALTIMEKIT_SECRET_NAME), tableName),
  believed: {
    organizationIds: listVariable('REALTIMEKIT_ORGANIZATION_IDS'),
    webhookIds: listVariable('REALTIMEKIT_WEBHOOK_IDS'),
  },
};

export const handler = createVerifier({
  provider: realtimekitIntake,
  verify: (delivery) => verifyWebhook(sources, delivery),
});
