/** The bucket of Meetbus: bodies too large for their message or event, and messages that their queue did not accept. */
import { hash } from 'node:crypto';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Where an object is. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

/** Where an object is, and the SHA-256 of its bytes in hexadecimal, which reveals a changed object. */
export interface SealedLocation extends ObjectLocation {
  /** Absent in messages of earlier versions. */
  readonly sha256?: string | undefined;
}

/**
 * Key prefixes of the bucket. `deliveries/` holds bodies as received, with credentials, and `fallback/` holds messages
 * that their queue did not accept: only Meetbus may read both. `raw/` holds bodies of meeting events without
 * credentials, which subscribers may read; `unrecognized/` holds those of `event.unrecognized`, which subscribers never
 * see.
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
 * @throws the SDK's AccessDenied if the object has expired: S3 reports a missing key only to callers that may list
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
 * The stored bytes, if their digest matches. A message of an earlier version has no digest: it may have waited in a
 * dead-letter queue for 14 days, and is read without the check.
 *
 * @throws Error that names the object if its bytes have changed; and what {@link getObject} throws
 */
export async function getSealed(client: S3Client, { sha256, ...location }: SealedLocation): Promise<Buffer> {
  const body = await getObject(client, location);
  if (sha256 === undefined || hash('sha256', body) === sha256) return body;
  throw new Error(
    `The object ${location.key} is not the one that was stored: its SHA-256 is another. Find out who may write to the bucket.`,
  );
}
