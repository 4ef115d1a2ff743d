/** The formats in which an event is posted. */
import { CloudEvent, type CloudEventV1, HTTP } from 'cloudevents';
import { keepDigits } from '../../../providers/kit/json';

export const FORMATS = ['cloudevents', 'eventbridge', 'lambda'] as const;
export const MODES = ['structured', 'binary'] as const;

export type Format = (typeof FORMATS)[number];
/** Where a CloudEvent stands in a request: whole in the body, or its attributes in headers. */
export type Mode = (typeof MODES)[number];

/** A request's content. */
export interface Content {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The path of the Lambda Runtime Interface Emulator, from its README. */
const INVOCATIONS_PATH = '/2015-03-31/functions/function/invocations';

/** Where a format is posted to: a function's emulator has one path, which an address may leave out. */
export const targetOf = (url: URL, format: Format): URL =>
  format === 'lambda' && url.pathname === '/' ? new URL(INVOCATIONS_PATH + url.search, url) : url;

/**
 * An event as a request.
 *
 * @param envelope EventBridge's envelope as JSON: that is what a rule gives to a Lambda function, so for `eventbridge` and
 *   `lambda` it stays as it is
 * @throws Error if it is to be a CloudEvent, and is none
 */
export function contentOf(envelope: string, format: Format, mode: Mode): Content {
  if (format !== 'cloudevents') return { headers: { 'content-type': 'application/json' }, body: envelope };
  const { detail } = JSON.parse(envelope, keepDigits) as { readonly detail: CloudEventV1<unknown> };
  const { headers, body } = HTTP[mode](new CloudEvent(detail));
  // The library writes times with milliseconds only.
  if (mode === 'structured') return { headers: inHeaders(headers), body: JSON.stringify(detail) };
  return {
    headers: inHeaders({ ...headers, 'ce-time': detail.time ?? headers['ce-time'] }),
    body: typeof body === 'string' ? body : '',
  };
}

/**
 * Attributes of CloudEvents as headers. What is no printable ASCII is percent-encoded (HTTP Protocol Binding 1.0.2, section
 * 3.1.3.2), which the library leaves out.
 */
const inHeaders = (headers: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      name.startsWith('ce-') ? String(value).replace(/[^!#$&-~]+/g, percentEncoded) : String(value),
    ]),
  );

/** The bytes of a text in UTF-8, each as `%20`. */
const percentEncoded = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
