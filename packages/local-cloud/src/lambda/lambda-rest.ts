/** Lambda's REST protocol, as far as the local cloud speaks it: the operation follows from method and path. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Protocol } from '../protocol';
import { AwsError, type AwsService } from '../service';

/** Its own name for a service that has no `X-Amz-Target`. */
export const LAMBDA_PREFIX = 'AWSLambda';

/** Each operation with its method and path. The path may hold the name or ARN of a function. */
const OPERATIONS: readonly (readonly [operation: string, call: RegExp])[] = [
  ['GetAccountSettings', /^GET \/2016-08-19\/account-settings$/],
  ['Invoke', /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/],
  ['PutFunctionConcurrency', /^PUT \/2017-10-31\/functions\/([^/]+)\/concurrency$/],
  ['DeleteFunctionConcurrency', /^DELETE \/2017-10-31\/functions\/([^/]+)\/concurrency$/],
];

/** Paths of Lambda begin with the version of its API, so an unsigned call is recognized too. */
export const isLambdaPath = ({ url = '' }: IncomingMessage): boolean => /^\/20\d\d-\d\d-\d\d\//.test(url);

/** @param services among which Lambda is found */
export function lambdaRest(services: readonly AwsService[]): Protocol {
  return {
    read({ method, url = '', headers }, body) {
      const call = `${method} ${url.split('?')[0]?.replace(/\/$/, '')}`;
      const [operation, path] = OPERATIONS.find(([, path]) => path.test(call)) ?? [];
      const service = services.find(({ targetPrefix }) => targetPrefix === LAMBDA_PREFIX);
      if (service && operation !== undefined)
        return { service, operation, input: inputOf(operation, path?.exec(call)?.[1], headers, body) };
      const known = OPERATIONS.map(([name]) => name).join(', ');
      throw new AwsError('NotImplemented', `The local cloud's Lambda has no ${call}. It has: ${known}.`, 501);
    },

    answer(output) {
      const { FunctionError, ...rest } = output as { readonly FunctionError?: string; readonly Payload?: unknown };
      const headers = { ...JSON_TYPE, ...(FunctionError !== undefined && { 'x-amz-function-error': FunctionError }) };
      // The body of an invocation's answer is the function's result alone.
      return { status: 200, headers, body: JSON.stringify('Payload' in rest ? rest.Payload : rest) };
    },

    fail: ({ code, message, status }) => ({
      status,
      headers: { ...JSON_TYPE, 'x-amzn-errortype': code },
      body: JSON.stringify({ Message: message, Type: status < 500 ? 'User' : 'Service' }),
    }),
  };
}

function inputOf(operation: string, name: string | undefined, headers: IncomingHttpHeaders, body: Buffer): object {
  const json = body.length > 0 ? JSON.parse(body.toString()) : {};
  const of = name === undefined ? {} : { FunctionName: decodeURIComponent(name) };
  if (operation === 'Invoke') return { ...of, InvocationType: headers['x-amz-invocation-type'], Payload: json };
  return { ...of, ...json };
}

const JSON_TYPE = { 'content-type': 'application/json' };
