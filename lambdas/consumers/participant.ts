/** Consumer of the participant family: participants and chat. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('participant');
