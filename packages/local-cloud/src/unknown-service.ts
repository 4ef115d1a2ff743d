/** The answer to a call of a service that the local cloud lacks, in a form that the service's clients can read. */

import type { IncomingMessage } from 'node:http';
import { cbor } from '@smithy/core/cbor';
import type { HttpAnswer } from './http-answer';
import type { Protocol } from './protocol';
import { AwsError, type AwsService } from './service';

/** The names that clients sign for, and that the AWS CLI has, by target prefix. */
const NAMES: Readonly<Record<string, string>> = {
  AWSEvents: 'events',
  AWSLambda: 'lambda',
  AWSSecurityTokenServiceV20110615: 'sts',
  AmazonS3: 's3',
  AmazonSQS: 'sqs',
  CloudFormation: 'cloudformation',
  DynamoDB_20120810: 'dynamodb',
  GraniteServiceVersion20100801: 'monitoring',
  Logs_20140328: 'logs',
  secretsmanager: 'secretsmanager',
};

/** The service that a request is signed for; undefined for a request without a signature. */
export const signedFor = ({ headers: { authorization = '' } }: IncomingMessage): string | undefined =>
  /Credential=[^,\s]+\/([\w-]+)\/aws4_request/.exec(authorization)?.[1];

/** Whether a service answers here, though perhaps in another protocol. */
export const isHere = (services: readonly AwsService[], name: string): boolean =>
  services.some(({ targetPrefix }) => NAMES[targetPrefix] === name);

/** The error for a service that the local cloud lacks. It lists the services that exist. */
export function notHere(services: readonly AwsService[], name: string): AwsError {
  const names = services.map(({ targetPrefix }) => NAMES[targetPrefix] ?? targetPrefix).sort();
  return new AwsError(
    'UnknownOperationException',
    `The local cloud has no ${name}: it is not emulated. It has: ${names.join(', ')}.`,
  );
}

/** For a REST or CBOR call that is signed for a service that the local cloud lacks. */
export function unknownService(services: readonly AwsService[], name: string): Protocol {
  return {
    read() {
      throw isHere(services, name) ? otherProtocol(name) : notHere(services, name);
    },
    answer: () => ({ status: 500, headers: {}, body: '' }),
    fail: (error, request) => (request.headers['smithy-protocol'] === 'rpc-v2-cbor' ? asCbor(error) : asJson(error)),
  };
}

const otherProtocol = (name: string): AwsError =>
  new AwsError(
    'UnknownOperationException',
    `The local cloud speaks AWS's JSON protocol for ${name}: the call has no X-Amz-Target. Use a client that speaks it, such as the AWS CLI.`,
  );

const asJson = ({ code, message, status }: AwsError): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
  body: JSON.stringify({ __type: code, message }),
});

const asCbor = ({ code, message, status }: AwsError): HttpAnswer => ({
  status,
  headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
  body: Buffer.from(cbor.serialize({ __type: code, message })),
});
