/** AWS's Query protocol, which STS speaks: the operation and its input are a form, the answer is XML. */

import type { IncomingMessage } from 'node:http';
import type { Protocol } from './protocol';
import { type XmlValue, xml } from './s3/xml';
import { AwsError, type AwsService } from './service';

/** By the version that a call names: the service, and the namespace of its answers. */
const SERVICES: Readonly<Record<string, { readonly targetPrefix: string; readonly namespace: string }>> = {
  '2011-06-15': {
    targetPrefix: 'AWSSecurityTokenServiceV20110615',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
};

const XML = { 'content-type': 'text/xml' };

/** Whether a request speaks this protocol. */
export const isQuery = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && String(headers['content-type']).startsWith('application/x-www-form-urlencoded');

/** The protocol for one request: its answer is named after the operation that was read. */
export function awsQuery(services: readonly AwsService[]): Protocol {
  let action = '';
  let namespace = '';
  const metadata = { RequestId: crypto.randomUUID() };
  const document = (root: string, value: XmlValue) =>
    xml(root, value).replace(`<${root}>`, `<${root}${namespace && ` xmlns="${namespace}"`}>`);
  return {
    read(_request, body) {
      const { Action = '', Version = '', ...input } = Object.fromEntries(new URLSearchParams(body.toString()));
      const known = SERVICES[Version];
      const service = services.find(({ targetPrefix }) => targetPrefix === known?.targetPrefix);
      if (!service || !known) throw new AwsError('InvalidAction', `The local cloud has no ${Action} of ${Version}.`);
      [action, namespace] = [Action, known.namespace];
      return { service, operation: Action, input };
    },

    answer: (output) => ({
      status: 200,
      headers: XML,
      body: document(`${action}Response`, {
        [`${action}Result`]: output as XmlValue,
        ResponseMetadata: metadata,
      }),
    }),

    fail: ({ code, message, status }) => ({
      status,
      headers: XML,
      body: document('ErrorResponse', {
        Error: { Type: status < 500 ? 'Sender' : 'Receiver', Code: code, Message: message },
        ...metadata,
      }),
    }),
  };
}
