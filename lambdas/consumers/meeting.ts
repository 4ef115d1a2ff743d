/** Consumer of the meeting family: meetings and livestreams. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('meeting');
