/** How the two Recall.ai routes prove a delivery. */
import { createSecretsManagerClient } from '../../platform/clients';
import { LastGood } from '../../platform/last-good';
import { describeError, logger } from '../../platform/logger';
import { LOAD_SOURCE, METRIC } from '../../platform/metric-names';
import { count } from '../../platform/metrics';
import { readJsonSecret } from '../../platform/secrets';
import { verifyWithFreshKeys } from '../fresh-keys';
import type { Delivery, Verification } from '../provider';
import { parseRecallSecrets, type RecallSecrets } from './secrets';
import { isSigned, verifySignature } from './signature';
import { verifyToken } from './token';

const FIVE_MINUTES_MS = 5 * 60_000;

/** The secrets under that name in Secrets Manager, cached; the last good ones outlive an outage. */
export function recallSecrets(secretName: string): LastGood<RecallSecrets> {
  const client = createSecretsManagerClient();
  return new LastGood({
    load: async () => {
      const secrets = parseRecallSecrets(await readJsonSecret(client, secretName));
      const { ignored } = secrets;
      if (ignored > 0) logger.warn('secret_entries_ignored', { secretName, ignored });
      return secrets;
    },
    maxAgeMs: FIVE_MINUTES_MS,
    onSuccess: () => count(METRIC.load, { source: LOAD_SOURCE.recallSecret, result: 'ok' }),
    onFailure: (error) => {
      count(METRIC.load, { source: LOAD_SOURCE.recallSecret, result: 'failed' });
      logger.error('secret_unavailable', { secretName, error: describeError(error) });
    },
  });
}

/** Dashboard webhooks: only a signature proves them. */
export const verifyWebhook = (secrets: LastGood<RecallSecrets>, delivery: Delivery): Promise<Verification> =>
  verifyWithFreshKeys(secrets, ({ signingKeys }) => verifySignature(delivery, signingKeys, delivery.receivedAt));

/**
 * Real-time endpoints: the signature where its headers are there, else the token. A signed delivery falls back to its
 * token while no signing secret is configured, because Recall begins to sign as soon as a workspace has a secret, and
 * an operator who has not brought it over yet would lose every stream. Without a token too it is not refused for good:
 * nobody can say yet that it is wrong.
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
