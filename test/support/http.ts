/** Posts deliveries byte for byte and header for header, which `fetch` would tidy up. */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http';

/** One request of a provider. */
export interface HttpDelivery {
  /** With the query string, from the API's root: `/recall/webhooks`. */
  readonly path: string;
  readonly body: string | Buffer;
  /** A list sends the header once for each value. */
  readonly headers?: OutgoingHttpHeaders;
  readonly method?: string;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Connections are used again, as providers do. */
const agent = new Agent({ keepAlive: true });

/** API Gateway answers within 29 seconds, whatever becomes of its function. */
const LONGEST_ANSWER_MS = 35_000;

/**
 * Sends a request and reads the whole answer.
 *
 * @throws Error when nothing comes for longer than API Gateway ever takes
 */
export function send(url: URL, { body, headers, method = 'POST' }: HttpDelivery): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { 'content-type': 'application/json', ...headers } };
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    outgoing.on('error', reject);
    outgoing.setTimeout(LONGEST_ANSWER_MS, () =>
      outgoing.destroy(new Error(`${method} ${url.pathname} is not answered.`)),
    );
    outgoing.end(body);
  });
}
