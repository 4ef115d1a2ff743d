/** Consumer of the bot family: bots and real-time endpoints. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('bot');
