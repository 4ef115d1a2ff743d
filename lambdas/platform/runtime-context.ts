/** The context that a verifier passes to the runtime of its provider: caches, records, metrics and logs. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { JsonObject } from '../../providers/kit/values';
import type { RuntimeContext, SecretReader } from '../../providers/runtime';
import type { BundledProvider } from './bundled-providers';
import { createCache, type MeasuredSource } from './cache';
import { createSecretsManagerClient, createVerifierDynamoDbClient } from './clients';
import { requiredVariable } from './environment';
import { describeError, logger } from './logger';
import { METRIC } from './metric-names';
import { count } from './metrics';
import { createRecordStore } from './record-store';
import { readJsonSecret } from './secrets';

const FIVE_MINUTES_MS = 5 * 60_000;

/** Milliseconds for the record of a secret: it is looked for after Secrets Manager has already used up some of the delivery's time. */
const RECORD_MS = 500;

/** Makes the context of a provider's runtime. */
export function createRuntimeContext({ name: provider, options, secretName }: BundledProvider): RuntimeContext<never> {
  const records = createRecordStore(createVerifierDynamoDbClient(), requiredVariable('TABLE_NAME'), provider);
  return {
    // Each runtime knows the options that its own definition passes.
    options: options as never,
    records,
    secret: (reader) => createCache(secretSource(reader, secretName, provider, records)),
    cached: (name, source) =>
      createCache({
        ...source,
        metricSource: `${provider}-${name}`,
        onFailure: (error) => logger.error('public_key_unavailable', { error: describeError(error) }),
      }),
    count: (metric) => count(metric, { provider }),
    warn: (message, details) => logger.warn(message, withDescribedErrors(details)),
    describe: describeError,
  };
}

/** The details with their errors described: the logger would write the messages of parse errors, which quote the text. */
const withDescribedErrors = (details: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, value instanceof Error ? describeError(value) : value]),
  );

/** The secret of a provider in Secrets Manager. */
function secretSource<Secret>(
  { parse, timeoutMs, keep }: SecretReader<Secret>,
  secretName: string | undefined,
  provider: string,
  records: RuntimeContext['records'],
): MeasuredSource<Secret> {
  if (secretName === undefined) throw new Error(`The provider ${provider} has no secret: define one, with a name.`);
  const client = createSecretsManagerClient(timeoutMs);
  const metricSource = `${provider}-secret`;
  return {
    metricSource,
    maxAgeMs: FIVE_MINUTES_MS,
    ...(keep && {
      fallback: async () => {
        const tooLate = sleep(RECORD_MS, undefined, { ref: false });
        const record = await Promise.race([records.read(keep.as), tooLate]);
        return record && keep.fromRecord(record);
      },
    }),
    load: async () => {
      const secret = parse(await readJsonSecret(client, secretName));
      // Only later cold starts need it, so no delivery waits for it.
      if (keep) {
        records.write(keep.as, keep.toRecord(secret), keep.unlessSame).catch((error: unknown) => {
          logger.warn('secret_store_unavailable', { secretName, error: describeError(error) });
        });
      }
      for (const why of secret.ignored) {
        logger.warn('secret_entry_ignored', { secretName, why });
        count(METRIC.ignoredEntry, { source: metricSource });
      }
      return secret;
    },
    onFailure: (error) => logger.error('secret_unavailable', { secretName, error: describeError(error) }),
  };
}
