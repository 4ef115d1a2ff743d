/** The function behind the queue of one family. It publishes events of every provider whose runtime lies beside it. */
import { readRuntimes } from '../platform/bundled-providers';
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer(readRuntimes(__dirname));
