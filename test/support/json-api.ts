/** An API that answers with JSON on 127.0.0.1: the base of fakes of providers' APIs. It keeps each request, and can fail. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with a request. `cut`: half of the answer comes. */
export type ApiFault =
  | 'cut'
  | 'reset'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

/** What a fake answers. */
export interface JsonAnswer {
  readonly status: number;
  readonly json: unknown;
}

export const found = (json: unknown): JsonAnswer => ({ status: 200, json });
export const NOT_FOUND: JsonAnswer = { status: 404, json: { detail: 'Not found.' } };

export class JsonApi {
  /** Paths with their queries, in order, those that failed too. */
  readonly requests: string[] = [];
  /** What goes wrong next, one for each request; undefined for nothing. */
  readonly faults: (ApiFault | undefined)[] = [];
  /** What goes wrong with each request whose path and query match. */
  readonly rules: { readonly path: RegExp; readonly fault: ApiFault }[] = [];
  readonly #server = createServer((request, response) => this.#serve(request, response));

  /** @param authorization the header that each request must have */
  constructor(
    readonly authorization: string,
    private readonly answer: (url: URL) => JsonAnswer,
  ) {}

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Requests for a path. */
  of = (path: string): string[] => this.requests.filter((one) => one.split('?')[0] === path);

  /** Forgets requests and faults. */
  reset(): void {
    for (const list of [this.requests, this.faults, this.rules]) list.length = 0;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  #serve(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    this.requests.push(path);
    const fault = this.faults.shift() ?? this.rules.find((rule) => rule.path.test(path))?.fault;
    if (fault === 'reset') return void request.socket.destroy();
    if (typeof fault === 'object') {
      response.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      return void response.end(fault.body ?? '{"detail":"It is down."}');
    }
    const isAllowed = request.headers.authorization === this.authorization;
    const { status, json } = isAllowed
      ? this.answer(new URL(path, this.url))
      : { status: 401, json: { detail: 'Invalid token.' } };
    const text = JSON.stringify(json);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(fault === 'cut' ? text.slice(0, text.length / 2) : text);
  }
}
