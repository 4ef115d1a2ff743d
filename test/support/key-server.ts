/** A stand-in for the server where RealtimeKit publishes its public key. It listens on 127.0.0.1. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Gives one answer. */
export type KeyAnswer = (response: ServerResponse) => void;

/** The answer of a healthy server. */
export const serves =
  (publicPem: string, padding = ''): KeyAnswer =>
  (response) =>
    response
      .setHeader('content-type', 'application/json')
      .end(JSON.stringify({ success: true, data: { publicKey: publicPem }, message: padding }));

/** A server of a key whose answer may be changed at any time. */
export class KeyServer {
  /** How often the key was asked for. */
  requests = 0;
  readonly #server = createServer((_request, response) => {
    this.requests += 1;
    this.answer(response);
  });

  private constructor(public answer: KeyAnswer) {}

  static async start(answer: KeyAnswer): Promise<KeyServer> {
    const keyServer = new KeyServer(answer);
    await new Promise<void>((resolve) => keyServer.#server.listen(0, '127.0.0.1', resolve));
    return keyServer;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/.well-known/webhooks.json`;
  }

  /** Goes down: connections are refused from now on. */
  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }
}
