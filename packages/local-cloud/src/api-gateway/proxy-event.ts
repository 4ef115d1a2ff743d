import type { IncomingMessage } from 'node:http';
import { LOCAL_ACCOUNT } from '../service';
import type { MatchedRoute, RestApi, Route } from './rest-api';

/** What API Gateway gives a request beside what the client has sent. */
export interface RequestIdentity {
  readonly requestId: string;
  readonly extendedRequestId: string;
  /** Value of `X-Amzn-Trace-Id` unless the client has sent one. */
  readonly traceId: string;
  readonly time: Date;
}

/** Headers of one hop, which API Gateway keeps to itself. */
const HOP_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * Builds the event of a REST API's Lambda proxy integration.
 *
 * Header names keep the client's case. Names and query parameters that come several times have their last value in
 * `headers` and `queryStringParameters`, and all of them in the multi-value members.
 *
 * @param body the request's bytes
 */
export function proxyEvent(
  api: RestApi,
  { route, pathParameters }: MatchedRoute,
  request: IncomingMessage,
  body: Buffer,
  identity: RequestIdentity,
) {
  const [path = '/', ...afterQuestionMark] = (request.url ?? '/').split('?');
  const sourceIp = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '';
  const multiValueHeaders = headersOf(request, sourceIp, identity);
  const query = groupValues([...new URLSearchParams(afterQuestionMark.join('?'))]);
  const isBinary = matchesMediaType(api.binaryMediaTypes, request.headers['content-type']);
  return {
    resource: route.resourcePath,
    path,
    httpMethod: request.method ?? '',
    headers: lastValues(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: query && lastValues(query),
    multiValueQueryStringParameters: query,
    pathParameters,
    stageVariables: null,
    requestContext: requestContext(api, route, request, path, sourceIp, identity),
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: body.length > 0 && isBinary,
  };
}

/** Whether a media type is among the binary ones of an API, where `*` stands for any part. */
export function matchesMediaType(binaryMediaTypes: readonly string[], header: string | undefined): boolean {
  const mediaType = (header ?? '').split(/[;,]/, 1)[0]?.trim().toLowerCase() ?? '';
  const [type, subtype] = mediaType.split('/');
  return binaryMediaTypes.some((binary) => {
    const [binaryType, binarySubtype] = binary.toLowerCase().split('/');
    return (binaryType === '*' || binaryType === type) && (binarySubtype === '*' || binarySubtype === subtype);
  });
}

function requestContext(
  api: RestApi,
  route: Route,
  request: IncomingMessage,
  path: string,
  sourceIp: string,
  { requestId, extendedRequestId, time }: RequestIdentity,
) {
  return {
    accountId: LOCAL_ACCOUNT,
    apiId: api.id,
    deploymentId: api.deploymentId,
    domainName: request.headers.host ?? '',
    domainPrefix: api.id,
    extendedRequestId,
    httpMethod: request.method ?? '',
    identity: {
      accessKey: null,
      accountId: null,
      caller: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp,
      user: null,
      userAgent: request.headers['user-agent'] ?? null,
      userArn: null,
    },
    path: `/${api.stage}${path}`,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    requestTime: commonLogTime(time),
    requestTimeEpoch: time.getTime(),
    resourceId: route.resourceId,
    resourcePath: route.resourcePath,
    stage: api.stage,
  };
}

function headersOf(request: IncomingMessage, sourceIp: string, { traceId }: RequestIdentity): Record<string, string[]> {
  const { rawHeaders, headers: lowerCased } = request;
  const pairs: Array<[string, string]> = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!HOP_HEADERS.has(name.toLowerCase())) pairs.push([name, rawHeaders[index + 1] ?? '']);
  }
  const added: Record<string, string> = {
    'X-Amzn-Trace-Id': String(lowerCased['x-amzn-trace-id'] ?? traceId),
    'X-Forwarded-For': [lowerCased['x-forwarded-for'], sourceIp].filter(Boolean).join(', '),
    'X-Forwarded-Port': String(request.socket.localPort),
    'X-Forwarded-Proto': 'http',
  };
  const replaced = new Set(Object.keys(added).map((name) => name.toLowerCase()));
  const kept = pairs.filter(([name]) => !replaced.has(name.toLowerCase()));
  return groupValues([...kept, ...Object.entries(added)], (name) => name.toLowerCase()) ?? {};
}

/** All values by name, in the order in which they came; null when there are none. */
function groupValues(
  pairs: ReadonlyArray<readonly [string, string]>,
  keyOf = (name: string) => name,
): Record<string, string[]> | null {
  const groups = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of pairs) {
    const group = groups.get(keyOf(name));
    if (group) group.values.push(value);
    else groups.set(keyOf(name), { name, values: [value] });
  }
  return groups.size === 0 ? null : Object.fromEntries([...groups.values()].map(({ name, values }) => [name, values]));
}

function lastValues(groups: Readonly<Record<string, string[]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? '']));
}

/** `20/Nov/2026:09:05:07 +0000`, the time format of access logs. */
export function commonLogTime(time: Date): string {
  const [, day, month, year, clock] = time.toUTCString().match(/(\d+) (\w+) (\d+) ([\d:]+)/) ?? [];
  return `${day}/${month}/${year}:${clock} +0000`;
}
