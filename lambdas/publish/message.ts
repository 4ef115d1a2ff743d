/** Reads the message of a verifier. */
import * as z from 'zod/mini';
import { FAMILIES, PROVIDERS } from '../../events';
import type { DeliveryMessage } from '../ingest/delivery-message';

const schema = z.object({
  provider: z.enum(PROVIDERS),
  providerEvent: z.string(),
  family: z.enum(FAMILIES),
  unrecognized: z.optional(z.string()),
  proof: z.optional(z.string()),
  reprocess: z.optional(z.boolean()),
  deliveryId: z.string(),
  eventId: z.string(),
  correlationId: z.string(),
  receivedTime: z.string(),
  traceHeader: z.optional(z.string()),
  body: z.union([z.object({ base64: z.string() }), z.object({ bucket: z.string(), key: z.string() })]),
});

/**
 * The message in an SQS body.
 *
 * @throws Error for a message that no verifier of this version has sent; it ends in the dead-letter queue
 */
export function parseMessage(text: string): DeliveryMessage {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'message').join(', ');
  throw new Error(`The message is not a delivery; wrong at: ${paths}.`);
}
