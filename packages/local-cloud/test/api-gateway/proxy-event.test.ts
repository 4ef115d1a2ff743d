import { randomBytes } from 'node:crypto';
import { Apis, json, type RunningApi } from './fixture';
import { send } from './http';

const apis = new Apis();
let api: RunningApi;
beforeAll(async () => {
  api = await apis.start();
});
afterAll(() => apis.close());

describe('the event', () => {
  it('is that of a REST Lambda proxy', async () => {
    const before = Date.now();
    const answer = await send(`${api.gateway.url}echo?token=1&token=2&q=%C3%A4+b&empty`, 'POST', {
      headers: [
        'x-CaSe',
        'kept',
        'User-Agent',
        'test',
        'X-Repeated',
        'one',
        'x-repeated',
        'two',
        'Connection',
        'keep-alive',
      ],
      body: 'hello',
    });
    const { event } = json(answer.body);
    const host = new URL(api.gateway.url).host;
    const added = {
      'X-Amzn-Trace-Id': expect.stringMatching(/^Root=1-/),
      'X-Forwarded-For': '127.0.0.1',
      'X-Forwarded-Port': String(api.gateway.port),
      'X-Forwarded-Proto': 'http',
    };

    expect(event).toEqual({
      resource: '/echo',
      path: '/echo',
      httpMethod: 'POST',
      headers: { Host: host, 'x-CaSe': 'kept', 'User-Agent': 'test', 'X-Repeated': 'two', ...added },
      multiValueHeaders: {
        Host: [host],
        'x-CaSe': ['kept'],
        'User-Agent': ['test'],
        'X-Repeated': ['one', 'two'],
        ...Object.fromEntries(Object.entries(added).map(([name, value]) => [name, [value]])),
      },
      queryStringParameters: { token: '2', q: 'ä b', empty: '' },
      multiValueQueryStringParameters: { token: ['1', '2'], q: ['ä b'], empty: [''] },
      pathParameters: null,
      stageVariables: null,
      requestContext: {
        accountId: '000000000000',
        apiId: expect.stringMatching(/^[0-9a-f]{10}$/),
        deploymentId: expect.stringMatching(/^[0-9a-f]{6}$/),
        domainName: host,
        domainPrefix: expect.any(String),
        extendedRequestId: answer.headers['x-amz-apigw-id'],
        httpMethod: 'POST',
        identity: expect.objectContaining({ sourceIp: '127.0.0.1', userAgent: 'test', user: null }),
        path: '/v1/echo',
        protocol: 'HTTP/1.1',
        requestId: answer.headers['x-amzn-requestid'],
        requestTime: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
        requestTimeEpoch: expect.any(Number),
        resourceId: expect.any(String),
        resourcePath: '/echo',
        stage: 'v1',
      },
      body: Buffer.from('hello').toString('base64'),
      isBase64Encoded: true,
    });
    expect(event.requestContext.requestTimeEpoch).toBeGreaterThanOrEqual(before);
  });

  it('has null for what is not there', async () => {
    const { event } = json((await send(`${api.gateway.url}echo`, 'GET')).body);

    expect(event).toMatchObject({
      queryStringParameters: null,
      multiValueQueryStringParameters: null,
      pathParameters: null,
      body: null,
      isBase64Encoded: false,
    });
  });

  it('adds to the way that a request has come', async () => {
    const headers = ['x-forwarded-for', '192.0.2.7', 'X-Amzn-Trace-Id', 'Root=1-a-b'];
    const { event, trace } = json((await send(`${api.gateway.url}echo`, 'GET', { headers })).body);

    expect(event.headers).toMatchObject({ 'X-Forwarded-For': '192.0.2.7, 127.0.0.1', 'X-Amzn-Trace-Id': 'Root=1-a-b' });
    expect(event.headers).not.toHaveProperty('x-forwarded-for');
    expect(trace).toBe('Root=1-a-b');
  });

  it.each([
    ['/echo', '/echo'],
    ['/echo/', '/echo'],
    ['/echo/new', '/echo/new'],
  ])('of %s is that of %s', async (path, resourcePath) => {
    const { event } = json((await send(api.gateway.url.slice(0, -1) + path, 'POST')).body);

    expect([event.resource, event.path]).toEqual([resourcePath, path]);
  });

  it.each([
    ['/echo/new', null],
    ['/echo/some', { name: 'some' }],
    ['/echo/some/', { name: 'some' }],
    ['/echo/%7Ea%20b', { name: '~a b' }],
    ['/echo/50%', { name: '50%' }],
  ])('of %s has the parameters %j', async (path, pathParameters) => {
    const { event } = json((await send(api.gateway.url.slice(0, -1) + path, 'POST')).body);

    expect(event.pathParameters).toEqual(pathParameters);
    expect(event.resource).toBe(pathParameters ? '/echo/{name}' : '/echo/new');
    expect(event.requestContext.resourcePath).toBe(event.resource);
  });

  it('with a segment too many is none', async () => {
    expect((await send(`${api.gateway.url}echo/some/more`, 'POST')).status).toBe(403);
  });
});

describe('a body', () => {
  it.each([0, 1, 2, 3, 1000, 1_000_000])('of %d random bytes comes through unchanged, both ways', async (size) => {
    const body = randomBytes(size);

    expect((await api.post('bytes', body)).body.equals(body)).toBe(true);
  });

  it('in chunks comes through whole', async () => {
    const parts = [randomBytes(10), randomBytes(70_000), randomBytes(3)];
    const answer = await fetch(`${api.gateway.url}bytes`, {
      method: 'POST',
      body: ReadableStream.from(parts),
      duplex: 'half',
    } as RequestInit);

    expect(Buffer.from(await answer.arrayBuffer()).equals(Buffer.concat(parts))).toBe(true);
  });

  it.each([
    ['text without binary media types', [], 'text/plain', false],
    ['of a binary media type', ['image/*', 'application/zip'], 'application/zip; x=1', true],
    ['of a binary family', ['image/*'], 'image/png', true],
    ['of another media type', ['image/*'], 'application/json', false],
  ])('%s has the encoding that the media types say', async (_, binaryMediaTypes, contentType, isBase64Encoded) => {
    const { gateway } = await apis.start({ binaryMediaTypes });
    const answer = await send(`${gateway.url}echo`, 'POST', { headers: ['Content-Type', contentType], body: 'ä' });
    const { event } = json(answer.body);

    expect(event.isBase64Encoded).toBe(isBase64Encoded);
    expect(event.body).toBe(isBase64Encoded ? Buffer.from('ä').toString('base64') : 'ä');
  });
});
