/** Reads an object of the bucket, as commands do: it may be gone. */
import type { S3Client } from '@aws-sdk/client-s3';
import { getObject, type ObjectLocation } from '../lambdas/platform/object-store';

/**
 * The stored bytes; undefined where they cannot be had: the object is gone, or reading it is not allowed. Who may not list the
 * bucket is told the second of both.
 */
export async function getObjectIfThere(client: S3Client, location: ObjectLocation): Promise<Buffer | undefined> {
  try {
    return await getObject(client, location);
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'AccessDenied'].includes(error.name)) return undefined;
    throw error;
  }
}
