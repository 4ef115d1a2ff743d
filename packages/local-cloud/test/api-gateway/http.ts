import { type IncomingHttpHeaders, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';

/** What a server has answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Sends a request as it is given: header names in their case, and repeated ones as pairs. */
export function send(
  url: string,
  method: string,
  { headers = [], body }: { readonly headers?: readonly string[]; readonly body?: Buffer | string } = {},
): Promise<Answer> {
  const host = headers.some((name) => name.toLowerCase() === 'host') ? [] : ['Host', new URL(url).host];
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers: [...host, ...headers] }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk) => chunks.push(chunk));
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
      );
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Sends bytes on a connection of its own and gives back all that comes until the server closes it. */
export function sendRaw(port: AddressInfo['port'], bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
  });
}
