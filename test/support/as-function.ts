/** A function of the stack as AWS sees it: what a test does with its credentials, the function could have done itself. */
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { synthesizedResources } from './assembly';

/**
 * Clients with the credentials of a function.
 *
 * @param id beginning of its logical id
 */
export function clientsAs(id: string, { awsUrl: endpoint }: { readonly awsUrl: string }) {
  const [logicalId] = synthesizedResources('AWS::Lambda::Function').find(([one]) => one.startsWith(id)) ?? [];
  if (logicalId === undefined) throw new Error(`There is no function ${id}.`);
  // The local cloud knows a function by its access key id, which is its name.
  const credentials = { accessKeyId: `Meetbus-${logicalId}`, secretAccessKey: 'test' };
  const config = { endpoint, region: 'us-east-1', forcePathStyle: true, credentials };
  return { s3: new S3Client(config), sqs: new SQSClient(config) };
}
