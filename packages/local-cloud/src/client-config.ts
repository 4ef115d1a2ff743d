import { LOCAL_REGION } from './service';

/**
 * What an SDK client needs to reach the local cloud at its AWS endpoint. Any credentials do: they are an administrator's, to whom
 * nothing but the policies of resources denies anything.
 */
export const localClientConfig = (awsUrl: string) => ({
  endpoint: awsUrl,
  region: LOCAL_REGION,
  // S3 would else put the bucket into the host name.
  forcePathStyle: true as const,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
