/** Consumer of the transcript family: transcripts. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('transcript');
