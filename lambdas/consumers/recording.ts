/** Consumer of the recording family: recordings, media objects and uploads. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('recording');
