/** Secrets of a provider, cached: the last good ones serve while Secrets Manager does not answer. */

import { LastGood } from '../../providers/kit/last-good';
import { createSecretsManagerClient } from './clients';
import { describeError, logger } from './logger';
import { METRIC } from './metric-names';
import { count } from './metrics';
import { readJsonSecret } from './secrets';

const FIVE_MINUTES_MS = 5 * 60_000;

interface Options<Secret> {
  readonly name: string;
  /** @throws NotConfiguredError where the JSON holds nothing usable */
  readonly parse: (json: unknown) => Secret;
  /** The dimension `source` of the metrics. */
  readonly source: string;
  /** Milliseconds that Secrets Manager has for an answer. */
  readonly timeoutMs?: number;
  /** Where what is needed of the secret is found while Secrets Manager has none, also across cold starts. */
  readonly store?: SecretStore<Secret>;
}

/** Keeps what is needed of a secret. */
export interface SecretStore<Secret> {
  readonly read: () => Promise<Secret | undefined>;
  readonly write: (secret: Secret) => Promise<void>;
}

/** The secret under that name in Secrets Manager, cached; the last good one outlives an outage. */
export function loadedSecret<Secret extends { readonly ignored: readonly string[] }>({
  name,
  parse,
  source,
  timeoutMs,
  store,
}: Options<Secret>): LastGood<Secret> {
  const client = createSecretsManagerClient(timeoutMs);
  return new LastGood({
    ...(store && { fallback: store.read }),
    load: async () => {
      const secret = parse(await readJsonSecret(client, name));
      // It is a help for later, for which no delivery waits.
      store?.write(secret).catch((error: unknown) => {
        logger.warn('secret_store_unavailable', { secretName: name, error: describeError(error) });
      });
      for (const why of secret.ignored) {
        logger.warn('secret_entry_ignored', { secretName: name, why });
        count(METRIC.ignoredEntry, { source });
      }
      return secret;
    },
    maxAgeMs: FIVE_MINUTES_MS,
    onSuccess: () => count(METRIC.load, { source, result: 'ok' }),
    onFailure: (error) => {
      count(METRIC.load, { source, result: 'failed' });
      logger.error('secret_unavailable', { secretName: name, error: describeError(error) });
    },
  });
}
