/**
 * AWS clients with short timeouts. A verifier has 10 seconds and a provider may wait only three, so a call that hangs
 * must fail while there is still time to answer. A verifier with every service hanging answers after about 7 seconds:
 * secret 1 + table 1 + queue 2 + release of the lock 1, or bucket 6 in place of the queue for a large body.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

const timeouts = (requestTimeout: number) => ({
  requestHandler: { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true },
});

/** One try of at most a second: whoever asks has something better to do than to wait. */
const ONE_TRY = { maxAttempts: 1, ...timeouts(1_000) };

/** Two tries of at most a second each. */
const TWO_TRIES = { maxAttempts: 2, ...timeouts(1_000) };

/** Three tries, for a consumer, whom nobody waits for. */
const PATIENT = { maxAttempts: 3, ...timeouts(2_000) };

/** Bodies of some megabytes need longer than a message does. */
const LARGE = { maxAttempts: 2, ...timeouts(3_000) };

/** For verifiers: they go on without the table, so a second try would only make a provider wait. */
export const createVerifierDynamoDbClient = () => new DynamoDBClient(ONE_TRY);
export const createConsumerDynamoDbClient = () => new DynamoDBClient(PATIENT);
export const createSecretsManagerClient = () => new SecretsManagerClient(ONE_TRY);
export const createSqsClient = () => new SQSClient(TWO_TRIES);
export const createEventBridgeClient = () => new EventBridgeClient(LARGE);
export const createS3Client = () => new S3Client(LARGE);
