/**
 * AWS clients with short timeouts. The shortest timeout of a provider is three seconds, so a verifier's call that hangs
 * must fail while there is time for the fallback. If every service hangs at once, and the key or secret is cached, a
 * verifier answers after 2.1 seconds: table 0.7, queue 0.7, bucket 0.7 (either the lock hangs or its release, not
 * both). A key that is due for renewal adds 0.4 seconds; a secret that was never loaded adds 0.2 beyond the timeout
 * that its provider sets. A body too large for a message can take a second more.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

const settings = (maxAttempts: number, requestTimeout: number) => ({
  maxAttempts,
  requestHandler: {
    connectionTimeout: Math.min(1_000, requestTimeout),
    requestTimeout,
    throwOnRequestTimeout: true,
  },
});

/** Milliseconds that a verifier waits for the queue, including retries. */
export const VERIFIER_SEND_MS = 700;

/** Verifiers continue without the table, so a retry would only delay the response. */
export const createVerifierDynamoDbClient = () => new DynamoDBClient(settings(1, 700));
export const createVerifierSqsClient = () => new SQSClient(settings(2, VERIFIER_SEND_MS));
/** For messages that the queue did not accept. */
export const createFallbackS3Client = () => new S3Client(settings(1, 700));
/** For bodies of several megabytes. */
export const createVerifierS3Client = () => new S3Client(settings(1, 1_500));
export const createSecretsManagerClient = (timeoutMs = 2_000) => new SecretsManagerClient(settings(1, timeoutMs));

/** For the function that sends stored deliveries to their queues: no provider waits for it. */
export const createBringBackSqsClient = () => new SQSClient(settings(2, BRING_BACK_SEND_MS));
export const createBringBackS3Client = () => new S3Client(settings(2, 4_000));
/** Milliseconds for each message, including retries. */
export const BRING_BACK_SEND_MS = 2_000;

/** No provider waits for a consumer. */
export const createConsumerDynamoDbClient = () => new DynamoDBClient(settings(3, 5_000));
export const createConsumerS3Client = () => new S3Client(settings(2, 4_000));
export const createEventBridgeClient = () => new EventBridgeClient(settings(2, 4_000));
