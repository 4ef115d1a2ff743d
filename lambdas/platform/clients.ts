/**
 * AWS clients with short timeouts. The most impatient provider waits three seconds, so a verifier's call that hangs must fail
 * while there is time for its fallback. With every service hanging at once, and the key or secret loaded, a verifier answers
 * after 2.1 seconds: table 0.7, queue 0.7, bucket 0.7 (the release of a lock takes the place of the lock, not one more). A key
 * that is due for renewal adds 0.4 seconds; a secret that was never loaded adds 0.2 beyond the timeout that its provider sets.
 * A body too large for a message may take a second more.
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

/** Milliseconds that a verifier gives the queue, all tries together. */
export const VERIFIER_SEND_MS = 700;

/** Verifiers continue without the table, so a second try would only make a provider wait. */
export const createVerifierDynamoDbClient = () => new DynamoDBClient(settings(1, 700));
export const createVerifierSqsClient = () => new SQSClient(settings(2, VERIFIER_SEND_MS));
/** For messages that the queue did not take. */
export const createFallbackS3Client = () => new S3Client(settings(1, 700));
/** For bodies of megabytes. */
export const createVerifierS3Client = () => new S3Client(settings(1, 1_500));
export const createSecretsManagerClient = (timeoutMs = 2_000) => new SecretsManagerClient(settings(1, timeoutMs));

/** For the function that brings stored deliveries to their queues: no sender waits for it. */
export const createBringBackSqsClient = () => new SQSClient(settings(2, BRING_BACK_SEND_MS));
export const createBringBackS3Client = () => new S3Client(settings(2, 4_000));
/** Milliseconds for each message, all tries together. */
export const BRING_BACK_SEND_MS = 2_000;

/** No sender waits for a consumer. */
export const createConsumerDynamoDbClient = () => new DynamoDBClient(settings(3, 5_000));
export const createConsumerS3Client = () => new S3Client(settings(2, 4_000));
export const createEventBridgeClient = () => new EventBridgeClient(settings(2, 4_000));
