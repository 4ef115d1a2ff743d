/**
 * AWS clients with short timeouts. A verifier has 10 seconds and a provider may wait only three, so a call that hangs
 * must fail while there is still time to answer. Every client honours `AWS_ENDPOINT_URL`, as the SDK does by itself.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Two tries of at most 1.5 s each: a call is over, well or badly, within about three seconds. */
const QUICK = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
};

/** Objects of some megabytes need longer than a message does. */
const LARGE = { ...QUICK, requestHandler: { ...QUICK.requestHandler, requestTimeout: 4_000 } };

export const createSqsClient = () => new SQSClient(QUICK);
export const createDynamoDbClient = () => new DynamoDBClient(QUICK);
export const createSecretsManagerClient = () => new SecretsManagerClient(QUICK);
export const createEventBridgeClient = () => new EventBridgeClient(LARGE);
export const createS3Client = () => new S3Client(LARGE);
