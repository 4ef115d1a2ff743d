/** How each service says that it is overloaded, that something went wrong inside it, or that a caller lacks a permission. */
import { AwsError } from '../service';
import type { FaultService } from './fault-rules';

type ErrorArguments = readonly [code: string, message: string, status: number];

const THROTTLING: Readonly<Record<FaultService, ErrorArguments>> = {
  sqs: ['RequestThrottled', 'Request was throttled by the fault plan.', 400],
  dynamodb: ['ProvisionedThroughputExceededException', 'Throughput was exceeded by the fault plan.', 400],
  events: ['ThrottlingException', 'Rate exceeded by the fault plan.', 400],
  secretsmanager: ['ThrottlingException', 'Rate exceeded by the fault plan.', 400],
  s3: ['SlowDown', 'Please reduce your request rate, says the fault plan.', 503],
};

const INTERNAL: Readonly<Record<FaultService, ErrorArguments>> = {
  sqs: ['InternalFailure', 'The fault plan made SQS fail.', 500],
  dynamodb: ['InternalServerError', 'The fault plan made DynamoDB fail.', 500],
  events: ['InternalException', 'The fault plan made EventBridge fail.', 500],
  secretsmanager: ['InternalServiceError', 'The fault plan made Secrets Manager fail.', 500],
  s3: ['InternalError', 'The fault plan made S3 fail.', 500],
};

const DENIAL = 'User is not authorized to perform this action, says the fault plan.';

const DENIED: Readonly<Record<FaultService, ErrorArguments>> = {
  sqs: ['AccessDenied', DENIAL, 403],
  dynamodb: ['AccessDeniedException', DENIAL, 400],
  events: ['AccessDeniedException', DENIAL, 400],
  secretsmanager: ['AccessDeniedException', DENIAL, 400],
  s3: ['AccessDenied', DENIAL, 403],
};

/** The error of a service for a caller without the permission. */
export const deniedError = (service: FaultService): AwsError => new AwsError(...DENIED[service]);

/** The error with which a service throttles a caller. */
export const throttlingError = (service: FaultService): AwsError => new AwsError(...THROTTLING[service]);

/** The error of status 500 of a service. */
export const internalError = (service: FaultService): AwsError => new AwsError(...INTERNAL[service]);
