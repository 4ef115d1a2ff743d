/** How the two Recall.ai routes prove a delivery. */

import { loadedSecret } from '../../lambdas/platform/loaded-secret';
import { LOAD_SOURCE } from '../../lambdas/platform/metric-names';
import { verifyWithFreshKeys } from '../kit/fresh-keys';
import type { LastGood } from '../kit/last-good';
import type { Delivery, Verification } from '../provider';
import { parseRecallSecrets, type RecallSecrets } from './secrets';
import { isSigned, verifySignature } from './signature';
import { verifyToken } from './token';

/** The secrets under that name in Secrets Manager. */
export const recallSecrets = (name: string): LastGood<RecallSecrets> =>
  loadedSecret({ name, parse: parseRecallSecrets, source: LOAD_SOURCE.recallSecret });

/** Dashboard webhooks: only a signature proves them. */
export const verifyWebhook = (secrets: LastGood<RecallSecrets>, delivery: Delivery): Promise<Verification> =>
  verifyWithFreshKeys(secrets, ({ signingKeys }) => verifySignature(delivery, signingKeys, delivery.receivedAt));

/**
 * Real-time endpoints: the signature where its headers are there, else the token, which proves live events alone. A signed
 * delivery falls back to its token while no signing secret is configured, because Recall.ai begins to sign as soon as a
 * workspace has a secret, and an operator who has not brought it over yet would lose every stream. Without a token too it
 * is not refused for good: nobody can say yet that it is wrong.
 *
 * @param requireSignature refuse a token without a signature
 */
export const verifyRealtime = (
  secrets: LastGood<RecallSecrets>,
  delivery: Delivery,
  requireSignature: boolean,
): Promise<Verification> =>
  verifyWithFreshKeys(secrets, ({ signingKeys, realtimeTokens }) => {
    const canFallBack = signingKeys.length === 0 && delivery.query.has('token');
    const bySignature = requireSignature || (isSigned(delivery) && !canFallBack);
    return bySignature
      ? verifySignature(delivery, signingKeys, delivery.receivedAt)
      : verifyToken(delivery, realtimeTokens);
  });
