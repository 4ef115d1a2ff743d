/** The consumer of one family's queue. It publishes events of every provider whose runtime is in its asset. */
import { readRuntimes } from '../platform/bundled-providers';
import { describeError, logger } from '../platform/logger';
import { createConsumer } from '../publish/consumer';

const runtimes = readRuntimes(__dirname, (provider, error) =>
  logger.error('runtime_unavailable', { provider, error: describeError(error) }),
);

export const handler = createConsumer(runtimes);
