/** Calls dynalite in this process: its request handler gets a request that never was on a network. */

import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import dynalite from 'dynalite';
import { AwsError } from '../service';

/**
 * Runs one operation of DynamoDB.
 *
 * @throws AwsError the exception of DynamoDB
 */
export type DynaliteCall = <Output extends object>(operation: string, input: object) => Promise<Output>;

/** Dynalite checks no signature, but wants one that looks right. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.0',
  'x-amz-date': '20260101T000000Z',
  authorization:
    'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=none',
};

/**
 * A DynamoDB of its own, empty. Tables are ready at once. It is on disk, in a temporary folder, because in memory every
 * item costs ten times its size. `close` lets the calls that are under way end, takes no more, and removes the folder.
 */
export function createDynalite(): { call: DynaliteCall; close: () => Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), 'local-cloud-dynamodb-'));
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0, path });
  // Nobody calls it there: only a server that listens closes its database.
  server.listen(0, '127.0.0.1').unref();
  server.on('connection', (socket) => socket.destroy());
  const underWay = new Set<Promise<unknown>>();
  let isStopped = false;
  const call: DynaliteCall = async <Output extends object>(operation: string, input: object) => {
    if (isStopped) throw new AwsError('InternalServerError', 'DynamoDB has been stopped.', 500);
    const answer = request(server, operation, input);
    underWay.add(answer);
    const { status, body } = await answer;
    underWay.delete(answer);
    if (status < 400) return body as Output;
    const { __type: type = '', message, Message, ...details } = body as Record<string, string>;
    throw new AwsError(type.slice(type.indexOf('#') + 1), message ?? Message ?? type, status, details);
  };
  const close = async () => {
    isStopped = true;
    // Dynalite ends the process where its database closes under a call.
    await Promise.all(underWay);
    if (!server.listening) await once(server, 'listening');
    await new Promise((resolve) => server.close(resolve));
    rmSync(path, { recursive: true, force: true });
  };
  return { call, close };
}

function request(server: Server, operation: string, input: object): Promise<{ status: number; body: object }> {
  return new Promise((resolve) => {
    const incoming = Object.assign(Readable.from([Buffer.from(JSON.stringify(input))]), {
      method: 'POST',
      url: '/',
      headers: { ...HEADERS, 'x-amz-target': `DynamoDB_20120810.${operation}` },
    });
    const outgoing = {
      statusCode: 200,
      setHeader: () => {},
      end: (text: string) => resolve({ status: outgoing.statusCode, body: JSON.parse(text) }),
    };
    server.emit('request', incoming, outgoing);
  });
}
