/** Consumer of the unrecognized family: deliveries that Meetbus does not know. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('unrecognized');
