/**
 * Settings of an SDK client for the local cloud. Any credentials work: the local cloud treats the caller as an administrator,
 * so only resource policies can deny a call.
 *
 * @param awsUrl URL of the AWS endpoint
 */
export const localClientConfig = (awsUrl: string) => ({
  endpoint: awsUrl,
  region: 'us-east-1',
  // Otherwise S3 clients put the bucket into the host name.
  forcePathStyle: true as const,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});
