/** AWS's Query protocol, which STS and CloudFormation speak: the operation and its input are a form, the answer is XML. */

import type { IncomingMessage } from 'node:http';
import { CLOUDFORMATION_PREFIX } from './cloudformation/cloudformation-service';
import type { Protocol } from './protocol';
import { type XmlValue, xml } from './s3/xml';
import { AwsError, type AwsService } from './service';
import { isHere, notHere, signedFor } from './unknown-service';

/** By the version that a call names: the service, and the namespace of its answers. */
const SERVICES: Readonly<Record<string, { readonly targetPrefix: string; readonly namespace: string }>> = {
  '2011-06-15': {
    targetPrefix: 'AWSSecurityTokenServiceV20110615',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  },
  '2010-05-15': {
    targetPrefix: CLOUDFORMATION_PREFIX,
    namespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
  },
};

/** Services that had this protocol, by the version that a call without a signature names. */
const NAMES_OF_VERSIONS: Readonly<Record<string, string>> = {
  '2011-06-15': 'sts',
  '2012-11-05': 'sqs',
  '2010-08-01': 'monitoring',
  '2010-05-15': 'cloudformation',
  '2010-05-08': 'iam',
  '2010-03-31': 'sns',
};

/** Which clients speak the JSON protocol with a service that is here. */
const CLIENTS: Readonly<Record<string, string>> = {
  sqs: 'AWS CLI 2.14 or 1.30 or later, or an SDK that is newer than November 2023',
};

function notSpoken(services: readonly AwsService[], name: string | undefined, action: string): AwsError {
  if (name !== undefined && !isHere(services, name)) return notHere(services, name);
  const clients = CLIENTS[name ?? ''] ?? 'the newest AWS CLI 2, or an SDK of today';
  return new AwsError(
    'InvalidAction',
    `The local cloud does not speak the Query protocol of ${action}${name ? ` for ${name}` : ''}, but AWS's JSON protocol. Use ${clients}.`,
  );
}

const XML = { 'content-type': 'text/xml' };

/** Whether a request speaks this protocol: as a form, or in the query of its URL. */
export const isQuery = ({ method, url = '', headers }: IncomingMessage): boolean =>
  method === 'POST'
    ? String(headers['content-type']).startsWith('application/x-www-form-urlencoded')
    : /[?&]Action=/.test(url) && /[?&]Version=/.test(url);

/** The protocol for one request: its answer is named after the operation that was read. */
export function awsQuery(services: readonly AwsService[]): Protocol {
  let action = '';
  let namespace = '';
  const metadata = { RequestId: crypto.randomUUID() };
  const document = (root: string, value: XmlValue) =>
    xml(root, value).replace(`<${root}>`, `<${root}${namespace && ` xmlns="${namespace}"`}>`);
  return {
    read(request, body) {
      const form = request.method === 'POST' ? body.toString() : (request.url?.split('?')[1] ?? '');
      const { Action = '', Version = '', ...input } = Object.fromEntries(new URLSearchParams(form));
      const known = SERVICES[Version];
      const service = services.find(({ targetPrefix }) => targetPrefix === known?.targetPrefix);
      if (!service || !known) throw notSpoken(services, signedFor(request) ?? NAMES_OF_VERSIONS[Version], Action);
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
