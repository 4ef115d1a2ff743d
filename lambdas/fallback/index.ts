/** Runs each minute: sends stored deliveries from the bucket to their queues. */
import { createBringBack } from '../ingest/bring-back';

export const handler = createBringBack();
