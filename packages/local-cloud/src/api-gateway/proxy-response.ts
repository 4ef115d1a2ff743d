import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpAnswer } from '../http-answer';

/** The members that a function may answer with. One more makes the answer malformed, as on AWS. */
const MEMBERS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

/** Headers that belong to API Gateway: a function's own are sent under `x-amzn-Remapped-<name>`. */
const REMAPPED = new Set(['connection', 'content-length', 'date', 'server', 'transfer-encoding', 'www-authenticate']);

interface ProxyResponse {
  readonly statusCode?: unknown;
  readonly headers?: unknown;
  readonly multiValueHeaders?: unknown;
  readonly body?: unknown;
  readonly isBase64Encoded?: unknown;
}

/**
 * Turns the result of a Lambda proxy integration into an HTTP answer.
 *
 * Every member may be absent, even `statusCode`: AWS then answers 200.
 *
 * @param decodesBase64 whether a base64 body is decoded, which AWS does for binary media types only
 * @returns undefined when the result is malformed
 */
export function proxyAnswer(result: unknown, decodesBase64: boolean): HttpAnswer | undefined {
  if (typeof result !== 'object' || result === null || Array.isArray(result)) return undefined;
  if (Object.keys(result).some((key) => !MEMBERS.has(key))) return undefined;

  const { statusCode, headers, multiValueHeaders, body, isBase64Encoded } = result as ProxyResponse;
  const status = Number(statusCode ?? 200);
  const single = headerValues(headers, (value) => [value]);
  const multiple = headerValues(multiValueHeaders, (value) => value);
  const isText = body === undefined || body === null || typeof body === 'string';
  if (!Number.isInteger(status) || status < 200 || status > 599 || !single || !multiple || !isText) return undefined;
  return {
    status,
    headers: mergeHeaders([['Content-Type', ['application/json']], ...single, ...multiple]),
    body: isBase64Encoded === true && decodesBase64 ? Buffer.from(body ?? '', 'base64') : (body ?? ''),
  };
}

type Header = readonly [name: string, values: string[]];

/** @returns undefined when a value is neither text nor truth value, or HTTP forbids it */
function headerValues(headers: unknown, listOf: (value: unknown) => unknown): Header[] | undefined {
  if (headers === undefined || headers === null) return [];
  if (typeof headers !== 'object') return undefined;
  const found: Header[] = [];
  for (const [name, value] of Object.entries(headers)) {
    const values = listOf(value);
    if (!Array.isArray(values) || !values.every((item) => typeof item === 'string' || typeof item === 'boolean')) {
      return undefined;
    }
    found.push([name, values.map(String)]);
  }
  return found.every(isValidHeader) ? found : undefined;
}

function isValidHeader([name, values]: Header): boolean {
  try {
    validateHeaderName(name);
    for (const value of values) validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

/** The last header of a name wins, so `multiValueHeaders` come after `headers`. */
function mergeHeaders(headers: readonly Header[]): Record<string, string | string[]> {
  const merged = new Map<string, Header>();
  for (const [name, values] of headers) {
    const sentName = REMAPPED.has(name.toLowerCase()) ? `x-amzn-Remapped-${name}` : name;
    merged.set(sentName.toLowerCase(), [sentName, values]);
  }
  return Object.fromEntries(
    [...merged.values()].map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  );
}
