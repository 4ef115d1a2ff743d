/** The objects of S3's buckets. */
import type { StoredObject } from '../s3/s3-service';
import type { Section } from './section';

interface ObjectRecord extends Omit<StoredObject, 'body' | 'lastModified'> {
  readonly bucket: string;
  readonly key: string;
  /** In base64. */
  readonly body: string;
  /** ISO 8601. */
  readonly lastModified: string;
}

export const objectSection: Section<ObjectRecord> = {
  *save({ buckets }) {
    for (const bucket of buckets.names()) {
      for (const [key, { body, lastModified, ...object }] of buckets.get(bucket)) {
        yield {
          bucket,
          key,
          ...object,
          body: body.read().toString('base64'),
          lastModified: lastModified.toISOString(),
        };
      }
    }
  },

  restore({ buckets }, records) {
    for (const { bucket, key, body, lastModified, ...object } of records) {
      buckets.create(bucket);
      buckets.get(bucket).set(key, {
        ...object,
        body: buckets.keep(Buffer.from(body, 'base64')),
        lastModified: new Date(lastModified),
      });
    }
    return [];
  },
};
