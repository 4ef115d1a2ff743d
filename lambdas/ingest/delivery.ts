/**
 * Reads a delivery from API Gateway's proxy event: the exact bytes, every header and parameter as often as sent, and the
 * token that may end its path.
 */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Delivery } from '../../providers/provider';

/** The delivery in a REST proxy event. */
export function readDelivery(event: APIGatewayProxyEvent, receivedAt: number): Delivery {
  return {
    body: Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8'),
    headers: gather(event.multiValueHeaders, (name) => name.toLowerCase()),
    query: gather(event.multiValueQueryStringParameters, (name) => name),
    pathToken: event.pathParameters?.token,
    receivedAt,
  };
}

/** Values by name; names that differ only in what `rename` removes are one. */
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
 * An id that finds every log line about the request: API Gateway's extended request id, which the access log has too.
 * The plain request id would let a sender choose it.
 */
export const correlationIdOf = ({ requestContext }: APIGatewayProxyEvent): string =>
  requestContext.extendedRequestId ?? requestContext.requestId;
