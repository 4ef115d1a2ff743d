/**
 * Reads a delivery from API Gateway's proxy event: the exact bytes, every header and parameter as often as sent, and
 * the token at the end of the path, if any.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Delivery } from '../../providers/runtime';

/** The delivery in a REST proxy event. */
export function readDelivery(event: APIGatewayProxyEvent, receivedAt: number): Delivery {
  return {
    method: event.httpMethod,
    path: event.path,
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    headers: gather(event.multiValueHeaders, (name) => name.toLowerCase()),
    query: gather(event.multiValueQueryStringParameters, (name) => name),
    pathToken: event.pathParameters?.token,
    receivedAt,
  };
}

/** The path of the route that took a request, such as `acme/webhooks`, without a token at its end. */
export const routeOf = ({ resource }: Pick<APIGatewayProxyEvent, 'resource'>): string =>
  resource.replace(/^\//, '').replace(/\/\{token\}$/, '');

/** Values by name; names that are equal after `rename` are merged. */
function gather(
  values: Readonly<Record<string, string[] | undefined>> | null,
  rename: (name: string) => string,
): Map<string, string[]> {
  const gathered = new Map<string, string[]>();
  for (const [name, some = []] of Object.entries(values ?? {})) {
    const key = rename(name);
    gathered.set(key, [...(gathered.get(key) ?? []), ...some]);
  }
  return gathered;
}

/**
 * An id in every log line about the request: API Gateway's extended request id, which the access log has too. A sender
 * can choose the plain request id.
 */
export const correlationIdOf = ({ requestContext }: APIGatewayProxyEvent): string =>
  requestContext.extendedRequestId ?? requestContext.requestId;
