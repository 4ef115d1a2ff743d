/** Runs on a schedule: asks the APIs of providers about what is overdue. */
import type { Context, ScheduledEvent } from 'aws-lambda';
import { createSendToQueue } from '../ingest/queues';
import { readSources } from '../platform/bundled-providers';
import {
  BRING_BACK_SEND_MS,
  createBringBackSqsClient,
  createConsumerDynamoDbClient,
  createSecretsManagerClient,
} from '../platform/clients';
import { apiSecretNameOf, requiredVariable } from '../platform/environment';
import { readJsonSecret } from '../platform/secrets';
import { createRepair } from './repair';

/** Milliseconds before its timeout at which a run stops asking; the next run continues. */
const RESERVE_MS = 20_000;

/** Milliseconds before that in which no request begins: the longest wait and the longest request end within. */
const LAST_CALL_MS = 60_000;

const sources = readSources(__dirname);
const secrets = createSecretsManagerClient();

const repair = createRepair({
  client: createConsumerDynamoDbClient(),
  tableName: requiredVariable('TABLE_NAME'),
  sendToQueue: createSendToQueue(createBringBackSqsClient(), BRING_BACK_SEND_MS),
  readKey: (provider) => readJsonSecret(secrets, apiSecretNameOf(provider)),
  apiUrl: requiredVariable('API_URL'),
  requestsPerRun: Number(requiredVariable('REQUESTS_PER_RUN')),
});

/** @throws the first error, after every provider had its turn */
export const handler = async ({ time }: Pick<ScheduledEvent, 'time'>, context: Context): Promise<void> => {
  const leftMs = context.getRemainingTimeInMillis() - RESERVE_MS;
  const times = { signal: AbortSignal.timeout(leftMs), lastCall: AbortSignal.timeout(leftMs - LAST_CALL_MS) };
  const runs = await Promise.allSettled(sources.map((source) => repair(source, Date.parse(time), times)));
  for (const run of runs) if (run.status === 'rejected') throw run.reason;
};
