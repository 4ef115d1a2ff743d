import { request } from 'node:http';
import { type Console, startConsole } from '../../../bin/console/server';

const flags = { state: '.meetbus', stack: 'Meetbus' };
const NOBODY = { apiUrl: 'http://127.0.0.1:9', awsUrl: 'http://127.0.0.1:9', providers: {} };

let page: Console;

/** Of a local cloud that has ended. */
const deployment = {
  outputs: { LogGroupNames: 'group', RequestLogGroupNames: 'group' },
  clientConfig: {
    ...{ endpoint: NOBODY.awsUrl, region: 'us-east-1', maxAttempts: 1 },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  },
  local: NOBODY,
};

beforeAll(async () => {
  page = await startConsole({ deployment, flags: { ...flags, local: true }, port: 0 });
});

afterAll(() => page.close());

/** Unlike fetch, it sends any Host and Origin. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', body = '', target?: string) =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const options = { method, headers, ...(target !== undefined && { path: target }) };
    const sent = request(new URL(path, page.url), options, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    sent.once('error', reject).end(body);
  });

it('serves the page, and forbids it to load anything from elsewhere', async () => {
  const { status, headers, text } = await ask('');
  expect(status).toBe(200);
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(text).toContain('<div id="app">');
  expect((await ask('page.js')).headers['content-type']).toMatch(/^text\/javascript/);
});

it('answers with an error that says what is wrong', async () => {
  expect(await ask('api/nothing')).toMatchObject({
    status: 404,
    text: '{"error":"The console has no GET /api/nothing."}',
  });
  expect(await ask('/wrong-key/api/about')).toMatchObject({ status: 403, text: expect.stringContaining('key') });
  expect(await ask('api/about', { host: 'evil.example' })).toMatchObject({ status: 403 });
  expect(await ask('api/about', { origin: 'https://evil.example' })).toMatchObject({ status: 403 });
  expect(await ask('%ff%')).toMatchObject({ status: 404 });
  expect(await ask('', {}, 'DELETE')).toMatchObject({ status: 403 });
});

/** Posts as the page does. */
const post = (path: string, body: string) =>
  ask(path, { origin: new URL(page.url).origin, 'content-type': 'application/json' }, 'POST', body);

it('answers what no page would send', async () => {
  const [{ pathname }, tooLarge] = [new URL(page.url), `"${'x'.repeat(17 * 1024 * 1024)}"`];
  for (const target of ['//[', '*', 'http://[', `//evil.example${pathname}`]) {
    expect(await ask('', {}, 'GET', '', target)).toMatchObject({ status: 403, text: expect.stringContaining('key') });
  }
  expect(await post('api/dead-letters/preview', tooLarge)).toMatchObject({ status: 413 });
  expect(await post('api/dead-letters/preview', '{')).toMatchObject({ status: 400 });
  expect(await post('api/dead-letters/preview', '[]')).toMatchObject({ status: 400 });
  expect(await post('api/events/one/resend', 'null')).toMatchObject({
    status: 200,
    text: expect.stringMatching(/^event: failure\ndata: {"error":"✖ Invalid input: expected object/),
  });
});

it('says that the local cloud has ended, and ends while a page follows', async () => {
  const other = await startConsole({ deployment, flags: { ...flags, local: true }, port: 0 });
  const response = await fetch(`${other.url}api/live`);
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (!text.includes('error')) text += (await reader.read()).value;
  // In Jest, the SDK does not know errors of Node.js for what they are, and wraps them.
  expect(text).toMatch(/"error":"[^"]*(does not answer|ECONNREFUSED)/);
  await other.close();
  await reader.closed.catch(() => {});
});

it('says which Meetbus it shows', async () => {
  expect(JSON.parse((await ask('api/about')).text)).toMatchObject({
    stack: 'Meetbus',
    where: 'local',
    allowsChanges: true,
  });
});

it('names a taken port, if that port was wanted', async () => {
  const port = Number(new URL(page.url).port);
  const again = startConsole({ deployment: { outputs: {}, clientConfig: {} }, flags, port });
  await expect(again).rejects.toThrow(
    `The console cannot listen on port ${port}. Free the port, or choose another with --port.`,
  );
});
