/** The bucket of Meetbus: bodies that are too large to travel, and messages that their queue did not take. */
import { hash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Where an object is. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

/** Where an object is, and the SHA-256 of its bytes, in hexadecimal, by which a changed one is told. */
export interface SealedLocation extends ObjectLocation {
  /** Absent in messages of versions that did not tell it. */
  readonly sha256?: string | undefined;
}

/**
 * Key prefixes of the bucket. `deliveries/` holds bodies as they came, credentials included, and `fallback/` messages
 * that their queue did not take: both are for Meetbus alone. `raw/` holds bodies of meeting events without credentials,
 * and may be opened to subscribers; `unrecognized/` those of `event.unrecognized`, which subscribers never see.
 */
export const OBJECT_PREFIX = {
  deliveries: 'deliveries/',
  raw: 'raw/',
  unrecognized: 'unrecognized/',
  fallback: 'fallback/',
} as const;

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

/** The location of these bytes, sealed with their digest. */
export const seal = (location: ObjectLocation, body: Buffer): SealedLocation => ({
  ...location,
  sha256: hash('sha256', body),
});

/**
 * The stored bytes, if they are still those that were stored. A message of a version before the digest has none: it may
 * have waited in a dead-letter queue for 14 days, and is read as it was then.
 *
 * @throws Error that names the object where its bytes are others; and what {@link getObject} throws
 */
export async function getSealed(client: S3Client, { sha256, ...location }: SealedLocation): Promise<Buffer> {
  const body = await getObject(client, location);
  if (sha256 === undefined || hash('sha256', body) === sha256) return body;
  throw new Error(
    `The object ${location.key} is not the one that was stored: its SHA-256 is another. Find out who may write to the bucket.`,
  );
}
