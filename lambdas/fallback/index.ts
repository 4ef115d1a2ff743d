/** Each minute: brings deliveries that their queue did not take from the bucket to the queue. */
import { createBringBack } from '../ingest/bring-back';

export const handler = createBringBack();
