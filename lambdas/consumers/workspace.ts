/** Consumer of the workspace family: calendars and Slack. */
import { createConsumer } from '../publish/consumer';

export const handler = createConsumer('workspace');
