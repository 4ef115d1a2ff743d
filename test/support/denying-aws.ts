/** The AWS of a local cloud as somebody else finds it: a proxy that denies some operations, or answers them in its own way. */
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/** A local cloud, as far as it is needed to stand before it. */
interface Cloud {
  readonly state: string;
  readonly awsUrl: string;
}

/** What is answered instead of AWS. */
interface OwnAnswer {
  readonly status: number;
  readonly body: object;
}

/**
 * Does work with the state folder of a local cloud whose AWS denies these operations.
 *
 * @param denied such as `AWSEvents.DeleteRule`; of STS such as `AssumeRole`
 */
export const withDenyingAws = <T>(
  cloud: Cloud,
  denied: readonly string[],
  work: (state: string) => Promise<T>,
): Promise<T> =>
  withAwsProxy(
    cloud,
    (target) =>
      denied.includes(target)
        ? { status: 400, body: { __type: 'AccessDeniedException', message: `${target} is denied.` } }
        : undefined,
    work,
  );

/**
 * Does work with the state folder of a local cloud before whose AWS a proxy stands.
 *
 * @param answer told of each call; what it gives is answered, and undefined lets the call through
 */
export async function withAwsProxy<T>(
  { state, awsUrl }: Cloud,
  answer: (target: string) => OwnAnswer | undefined,
  work: (state: string) => Promise<T>,
): Promise<T> {
  const proxy = createServer(async (request, response) => {
    const body = await buffer(request);
    // STS has its operation in a form.
    const action = /^Action=(\w+)/.exec(body.toString('latin1', 0, 100))?.[1];
    const own = answer(String(request.headers['x-amz-target'] ?? action));
    if (own) {
      response.writeHead(own.status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(own.body));
      return;
    }
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const passed = await fetch(new URL(request.url ?? '/', awsUrl), {
      method: String(request.method),
      headers: headers as Record<string, string>,
      ...(body.length > 0 && { body: new Uint8Array(body) }),
    });
    const bytes = Buffer.from(await passed.arrayBuffer());
    response.writeHead(passed.status, Object.fromEntries(passed.headers)).end(bytes);
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const own = mkdtempSync(join(tmpdir(), 'meetbus-denied-'));
  try {
    cpSync(join(state, 'outputs.json'), join(own, 'outputs.json'));
    const addresses = JSON.parse(readFileSync(join(state, 'local.json'), 'utf8'));
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    writeFileSync(join(own, 'local.json'), JSON.stringify({ ...addresses, awsUrl: url }));
    return await work(own);
  } finally {
    rmSync(own, { recursive: true });
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  }
}
