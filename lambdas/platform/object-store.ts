/** Bodies that are too large to travel, kept in the claim-check bucket. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Where an object is. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

/**
 * Key prefixes of the bucket. `deliveries/` holds bodies as they came, credentials included, and is for Meetbus alone;
 * `raw/` holds bodies without credentials, and may be opened to subscribers.
 */
export const OBJECT_PREFIX = { deliveries: 'deliveries/', raw: 'raw/' } as const;

/** Stores bytes; the same key again replaces them. */
export async function putObject(client: S3Client, { bucket, key }: ObjectLocation, body: Buffer): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentLength: body.length }));
}

/**
 * The stored bytes.
 *
 * @throws the SDK's AccessDenied where the object has expired: S3 tells only who may list that a key is missing
 */
export async function getObject(client: S3Client, { bucket, key }: ObjectLocation): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}
