/** Reads the message of a verifier, and the raw body that it contains or refers to. */
import { gunzipSync } from 'node:zlib';
import type { S3Client } from '@aws-sdk/client-s3';
import { FAMILIES } from '@meetbus/events';
import * as z from 'zod/mini';
import { type DeliveryMessage, isProviderName, type MessageBody } from '../ingest/delivery-message';
import { getSealed } from '../platform/object-store';

const schema = z.object({
  provider: z.string().check(z.refine(isProviderName)),
  providerEvent: z.string(),
  family: z.enum(FAMILIES),
  unrecognized: z.optional(z.string()),
  proof: z.optional(z.string()),
  reprocess: z.optional(z.string()),
  deliveryId: z.string(),
  eventId: z.string(),
  correlationId: z.string(),
  receivedTime: z.string(),
  traceHeader: z.optional(z.string()),
  body: z.union([
    z.object({ base64: z.string() }),
    z.object({ gzip: z.string() }),
    z.object({ bucket: z.string(), key: z.string(), sha256: z.optional(z.string()) }),
  ]),
});

/**
 * The message in an SQS body.
 *
 * @throws Error for a message that no verifier of this version has sent; it is dead-lettered
 */
export function parseMessage(text: string): DeliveryMessage {
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const paths = parsed.error.issues.map(({ path }) => path.join('.') || 'message').join(', ');
  throw new Error(`The message is not a delivery; wrong at: ${paths}.`);
}

/** Whether the body may have several megabytes: it is in the bucket, or compressed. */
export const isLarge = ({ body }: DeliveryMessage): boolean => !('base64' in body);

/** API Gateway accepts no larger body; a message whose body would expand beyond this is not from a verifier. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/**
 * The raw body of a message.
 *
 * @throws Error if it is in the bucket and was changed there, or cannot be read; the message is dead-lettered
 */
export async function bodyOf(s3: S3Client, body: MessageBody): Promise<Buffer> {
  if ('base64' in body) return Buffer.from(body.base64, 'base64');
  if ('gzip' in body) return gunzipSync(Buffer.from(body.gzip, 'base64'), { maxOutputLength: MAX_BODY_BYTES });
  return getSealed(s3, body);
}
