import { request } from 'node:http';
import { type Console, startConsole } from '../../../bin/console/server';

const flags = { state: '.meetbus', stack: 'Meetbus' };
const NOBODY = { apiUrl: 'http://127.0.0.1:9', awsUrl: 'http://127.0.0.1:9', providers: {} };

let page: Console;

beforeAll(async () => {
  page = await startConsole({ deployment: { outputs: {}, clientConfig: {}, local: NOBODY }, flags, port: 0 });
});

afterAll(() => page.close());

/** Unlike fetch, it sends any Host and Origin. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', body = '') =>
  new Promise<{ status: number; headers: Record<string, unknown>; text: string }>((resolve, reject) => {
    const sent = request(new URL(path, page.url), { method, headers }, async (response) => {
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
