/** Reads an object of the bucket for a command; the object may be gone. */
import type { S3Client } from '@aws-sdk/client-s3';
import { getObject, type ObjectLocation } from '../lambdas/platform/object-store';

/**
 * The stored bytes; undefined if the object is gone, or if reading it is not allowed. Without the permission to list
 * the bucket, S3 reports the second in both cases.
 */
export async function getObjectIfThere(client: S3Client, location: ObjectLocation): Promise<Buffer | undefined> {
  try {
    return await getObject(client, location);
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'AccessDenied'].includes(error.name)) return undefined;
    throw error;
  }
}
