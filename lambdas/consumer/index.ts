/** The consumer of one family's queue. It publishes events of every provider whose runtime is in its asset. */
import { readRuntimes } from '../platform/bundled-providers';
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer(readRuntimes(__dirname));
