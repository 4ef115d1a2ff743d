import { Agent, request } from 'node:http';
import { readRestApi } from '../../src/api-gateway/rest-api';
import { MAX_BODY_BYTES, MAX_HEADER_BYTES, startApiGateway } from '../../src/api-gateway/server';
import type { InvokeResult } from '../../src/lambda/result';
import { writeAssembly } from '../template/fixture';
import { Apis, CODE, gatewayResponse, json, type RunningApi, template } from './fixture';
import { send, sendRaw } from './http';

const apis = new Apis();
let api: RunningApi;
beforeAll(async () => {
  api = await apis.start();
});
afterAll(() => apis.close());

describe('a request that is too large', () => {
  const tooLong = `HTTP content length exceeded ${MAX_BODY_BYTES} bytes.`;

  it('by its length is refused before it is read, in the same way whatever the template says', async () => {
    const { gateway } = await apis.start({
      gatewayResponses: { Custom: gatewayResponse('REQUEST_TOO_LARGE', { StatusCode: '503' }) },
    });
    const answer = await new Promise<{ status: number; body: string }>((resolve, reject) => {
      const outgoing = request(`${gateway.url}bytes`, {
        method: 'POST',
        headers: { 'Content-Length': MAX_BODY_BYTES + 1 },
      });
      outgoing.on('error', reject);
      outgoing.on('response', async (incoming) => {
        const body = (await incoming.toArray()).join('');
        resolve({ status: incoming.statusCode ?? 0, body });
        outgoing.destroy();
      });
      outgoing.flushHeaders();
    });

    expect(answer).toEqual({ status: 413, body: tooLong });
  });

  it('in chunks gets its answer while it still sends', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    const answer = await fetch(`${api.gateway.url}bytes`, {
      method: 'POST',
      body: ReadableStream.from(Array.from({ length: 15 }, () => chunk)),
      duplex: 'half',
    } as RequestInit);

    expect([answer.status, await answer.text()]).toEqual([413, tooLong]);
  });

  it('for Lambda, in base64, is answered as REQUEST_TOO_LARGE', async () => {
    const body = Buffer.alloc(5 * 1024 * 1024);
    const { post } = await apis.start({
      gatewayResponses: { Custom: gatewayResponse('REQUEST_TOO_LARGE', { StatusCode: '503' }) },
    });
    const answer = await api.post('bytes', body);

    expect([answer.status, json(answer.body)]).toEqual([413, { message: 'Request Too Long' }]);
    expect((await post('bytes', body)).status).toBe(503);
    expect((await api.post('bytes', Buffer.alloc(4 * 1024 * 1024))).status).toBe(200);
  });

  it.each([
    [
      'headers',
      (size: number, host: string) =>
        `GET /echo HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nX: ${'x'.repeat(size)}\r\n\r\n`,
    ],
    [
      'query',
      (size: number, host: string) =>
        `GET /echo?${'x'.repeat(size)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
    ],
  ])('by its %s gets a 431 above 10,240 bytes', async (_, head) => {
    const host = `127.0.0.1:${api.gateway.port}`;
    const refused = await sendRaw(api.gateway.port, head(MAX_HEADER_BYTES, host));

    expect(refused).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(refused).toMatch(/HTTP header is larger than 10240 bytes\.$/);
    expect(await sendRaw(api.gateway.port, head(MAX_HEADER_BYTES - 80, host))).toMatch(/^HTTP\/1\.1 201 /);
  });
});

describe('a web page', () => {
  const call = (headers: readonly string[]) => send(`${api.gateway.url}echo`, 'POST', { headers, body: 'x' });

  it.each([
    ['another host', () => ['Host', `evil.example:${api.gateway.port}`]],
    ['another port', () => ['Host', `localhost:${api.gateway.port + 1}`]],
    ['a host below localhost', () => ['Host', `evil.localhost:${api.gateway.port}`]],
    ['another origin', () => ['Origin', 'https://evil.example']],
    ['no origin of its own', () => ['Origin', 'null']],
    ['the origin of another port', () => ['Origin', `http://localhost:${api.gateway.port + 1}`]],
  ])('is refused: %s', async (_what, headers) => {
    const answer = await call(headers());
    expect([answer.status, json(answer.body).message]).toEqual([403, expect.stringContaining('localhost:')]);
  });

  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('of this machine is answered: %s', async (name) => {
    const host = `${name}:${api.gateway.port}`;
    expect((await call(['Host', host])).status).toBe(201);
    expect((await call(['Host', host, 'Origin', `http://${host.toLowerCase()}`])).status).toBe(201);
  });
});

describe('the server', () => {
  it('refuses what is not HTTP', async () => {
    expect(await sendRaw(api.gateway.port, 'hello\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  });

  it('keeps a connection open, errors included', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (const path of ['echo', 'nowhere', 'fail', 'echo']) {
      await new Promise<void>((resolve, reject) => {
        const outgoing = request(api.gateway.url + path, { method: 'POST', agent }, (incoming) => {
          ports.add(incoming.socket.localPort);
          incoming.resume().on('end', resolve);
        });
        outgoing.on('error', reject).end('x');
      });
    }
    agent.destroy();

    expect(ports.size).toBe(1);
  });

  it('logs each request without its query string', async () => {
    const { gateway, log } = await apis.start();
    await send(`${gateway.url}echo?token=secret`, 'POST');
    await send(`${gateway.url}nowhere?token=secret`, 'GET');
    await send(`${gateway.url}nowhere/token-of-16-char/more`, 'GET');

    expect(log).toEqual([
      { method: 'POST', path: '/echo', status: 201, milliseconds: expect.any(Number) },
      { method: 'GET', path: '/nowhere', status: 403, milliseconds: expect.any(Number) },
      { method: 'GET', path: '/nowhere/…/more', status: 403, milliseconds: expect.any(Number) },
    ]);
  });

  it('fails on a port that is taken', async () => {
    const assembly = writeAssembly(template(), CODE);
    const restApi = readRestApi(assembly.resolve())!;
    assembly.remove();
    const invoke = async () => ({ ok: true, payload: null }) as const;

    await expect(startApiGateway({ port: api.gateway.port, restApi, invoke })).rejects.toThrow(
      /cannot listen on port \d+\. Free the port/,
    );
  });

  it('answers what is under way before it closes', async () => {
    const assembly = writeAssembly(template(), CODE);
    const restApi = readRestApi(assembly.resolve())!;
    assembly.remove();
    const arrived = Promise.withResolvers<void>();
    const result = Promise.withResolvers<InvokeResult>();
    const invoke = () => {
      arrived.resolve();
      return result.promise;
    };
    const gateway = await startApiGateway({ port: 0, restApi, invoke });
    const answer = send(`${gateway.url}echo`, 'POST');
    await arrived.promise;
    const closed = gateway.close();
    result.resolve({ ok: true, payload: { statusCode: 202 } });

    expect((await answer).status).toBe(202);
    await closed;
  });
});
