/** Lambda's REST protocol, as far as the local cloud speaks it: the operation follows from method and path. */
import type { IncomingMessage } from 'node:http';
import type { Protocol } from '../protocol';
import { AwsError, type AwsService } from '../service';

/** Its own name for a service that has no `X-Amz-Target`. */
export const LAMBDA_PREFIX = 'AWSLambda';

const OPERATIONS: Readonly<Record<string, string>> = { 'GET /2016-08-19/account-settings': 'GetAccountSettings' };

/** Paths of Lambda begin with the version of its API, so an unsigned call is recognized too. */
export const isLambdaPath = ({ url = '' }: IncomingMessage): boolean => /^\/20\d\d-\d\d-\d\d\//.test(url);

/** @param services among which Lambda is found */
export function lambdaRest(services: readonly AwsService[]): Protocol {
  return {
    read({ method, url = '' }) {
      const call = `${method} ${url.split('?')[0]?.replace(/\/$/, '')}`;
      const operation = OPERATIONS[call];
      const service = services.find(({ targetPrefix }) => targetPrefix === LAMBDA_PREFIX);
      if (service && operation !== undefined) return { service, operation, input: {} };
      const known = Object.values(OPERATIONS).join(', ');
      throw new AwsError('NotImplemented', `The local cloud's Lambda has no ${call}. It has: ${known}.`, 501);
    },

    answer: (output) => ({ status: 200, headers: JSON_TYPE, body: JSON.stringify(output) }),

    fail: ({ code, message, status }) => ({
      status,
      headers: { ...JSON_TYPE, 'x-amzn-errortype': code },
      body: JSON.stringify({ Message: message, Type: status < 500 ? 'User' : 'Service' }),
    }),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
