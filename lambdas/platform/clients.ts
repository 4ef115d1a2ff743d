/**
 * AWS clients with short timeouts. A verifier has 10 seconds and a provider may wait only three, so a call that hangs
 * must fail while there is still time to answer. With every service hanging, a verifier answers after 8 seconds: secret 2,
 * table 1.5, queue 3, release of the lock 1.5; a large body, whose bucket takes 3 more, may run into the function's own
 * timeout, which a provider sees as a 502 and tries again.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

const settings = (maxAttempts: number, requestTimeout: number) => ({
  maxAttempts,
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
});

/** Verifiers go on without the table, so a second try would only make a provider wait. */
export const createVerifierDynamoDbClient = () => new DynamoDBClient(settings(1, 1_500));
export const createVerifierS3Client = () => new S3Client(settings(1, 3_000));
export const createSqsClient = () => new SQSClient(settings(2, 1_500));
export const createSecretsManagerClient = () => new SecretsManagerClient(settings(1, 2_000));

/** Nobody waits for consumers but the queue. */
export const createConsumerDynamoDbClient = () => new DynamoDBClient(settings(3, 5_000));
export const createConsumerS3Client = () => new S3Client(settings(2, 4_000));
export const createEventBridgeClient = () => new EventBridgeClient(settings(2, 4_000));
