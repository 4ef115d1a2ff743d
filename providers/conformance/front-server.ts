/** A server at one address in front of a provider's fake server, which may go down, or be replaced by one with another key. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FakeServer, RunningServer } from '../sandbox';

export class FrontServer {
  isDown = false;
  #behind: RunningServer | undefined;
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

  /** The address of what the fake serves. */
  get url(): string {
    const url = new URL(this.#behind?.url ?? 'http://127.0.0.1');
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  async close(): Promise<void> {
    await this.#behind?.close();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.isDown || this.#behind === undefined) {
      response.destroy();
      return;
    }
    const answer = await fetch(new URL(request.url ?? '/', this.#behind.url));
    const body = Buffer.from(await answer.arrayBuffer());
    const contentType = answer.headers.get('content-type') ?? 'application/octet-stream';
    response.writeHead(answer.status, { 'content-type': contentType, connection: 'close' }).end(body);
  }
}
