/** A server at one address in front of a provider's fake server, which may fail, or be replaced by one with another key. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeServer, RunningServer } from '../../sandbox';

/** How it can fail: it cuts the connection, answers 503, does not answer, or has another key than the provider signs with. */
export const FAILINGS = ['down', 'unavailable', 'no_answer', 'other_key'] as const;

export type Failing = (typeof FAILINGS)[number];

export class FrontServer {
  #failing: Failing | undefined;
  #behind: RunningServer | undefined;
  /** The one with another key, once it was asked for. */
  #other: RunningServer | undefined;
  readonly #server = createServer((request, response) => {
    this.#pass(request, response).catch(() => response.destroy());
  });

  private constructor(private readonly fake: FakeServer) {}

  /** Starts it on a free port of 127.0.0.1, in front of a fake server with that key. */
  static async start(fake: FakeServer, privateKey: string): Promise<FrontServer> {
    const front = new FrontServer(fake);
    await front.serve(privateKey);
    await new Promise<void>((resolve) => front.#server.listen(0, '127.0.0.1', resolve));
    return front;
  }

  /** Replaces the key. */
  async serve(privateKey: string): Promise<void> {
    await this.#behind?.close();
    this.#behind = await this.fake.start(privateKey);
  }

  /** Fails from now on; without a way it works again. */
  async fail(failing: Failing | undefined): Promise<void> {
    if (failing === 'other_key') this.#other ??= await this.fake.start(this.fake.makeKey());
    this.#failing = failing;
  }

  /** The address of what the fake serves. */
  get url(): string {
    const url = new URL(this.#behind?.url ?? 'http://127.0.0.1');
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  async close(): Promise<void> {
    await Promise.all([this.#behind?.close(), this.#other?.close()]);
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#failing === 'no_answer') return;
    const behind = this.#failing === 'other_key' ? this.#other : this.#behind;
    if (this.#failing === 'down' || behind === undefined) {
      response.destroy();
    } else if (this.#failing === 'unavailable') {
      response.writeHead(503, { connection: 'close' }).end();
    } else {
      const answer = await fetch(new URL(request.url ?? '/', behind.url));
      const body = Buffer.from(await answer.arrayBuffer());
      const contentType = answer.headers.get('content-type') ?? 'application/octet-stream';
      response.writeHead(answer.status, { 'content-type': contentType, connection: 'close' }).end(body);
    }
  }
}
