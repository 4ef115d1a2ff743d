/** The AWS of a local cloud as somebody finds it who may not do everything: a proxy that denies some operations. */
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

/**
 * Does work with the state folder of a local cloud whose AWS denies these operations.
 *
 * @param denied such as `AWSEvents.DeleteRule`
 */
export async function withDenyingAws<T>(
  { state, awsUrl }: { readonly state: string; readonly awsUrl: string },
  denied: readonly string[],
  work: (state: string) => Promise<T>,
): Promise<T> {
  const proxy = createServer(async (request, response) => {
    const target = String(request.headers['x-amz-target']);
    const body = await buffer(request);
    if (denied.includes(target)) {
      const refusal = { __type: 'AccessDeniedException', message: `${target} is denied.` };
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(refusal));
      return;
    }
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const answer = await fetch(new URL(request.url ?? '/', awsUrl), {
      method: String(request.method),
      headers: headers as Record<string, string>,
      body: new Uint8Array(body),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(bytes);
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
