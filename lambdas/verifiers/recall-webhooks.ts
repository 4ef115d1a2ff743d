/** `POST /recall/webhooks`: Recall.ai dashboard webhooks, proved by their signature. */

import { recallIntake } from '../../providers/recall/intake';
import { recallSecrets, verifyWebhook } from '../../providers/recall/verify';
import { createVerifier } from '../ingest/verifier';
import { requiredVariable } from '../platform/environment';

const secrets = recallSecrets(requiredVariable('RECALL_SECRET_NAME'));

export const handler = createVerifier({
  provider: recallIntake,
  verify: (delivery) => verifyWebhook(secrets, delivery),
});
