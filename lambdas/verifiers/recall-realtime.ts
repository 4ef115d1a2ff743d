/** `POST /recall/realtime`: Recall.ai real-time endpoints, proved by their signature or by the token of their URL. */

import { recallIntake } from '../../providers/recall/intake';
import { recallSecrets, verifyRealtime } from '../../providers/recall/verify';
import { createVerifier } from '../ingest/verifier';
import { requiredVariable } from '../platform/environment';

const secrets = recallSecrets(requiredVariable('RECALL_SECRET_NAME'));
const requireSignature = process.env.RECALL_REQUIRE_SIGNATURE === 'true';

export const handler = createVerifier({
  provider: recallIntake,
  verify: (delivery) => verifyRealtime(secrets, delivery, requireSignature),
});
