/** On AWS the console changes nothing unless it was started with --allow-changes. */
import { ROUTES } from '../../../bin/console/routes';
import { type Console, startConsole } from '../../../bin/console/server';

let page: Console;
beforeAll(async () => {
  page = await startConsole({
    // Nobody answers there: a route that is open fails with 502 or 400, and changes nothing.
    deployment: { outputs: {}, clientConfig: { region: 'us-east-1', endpoint: 'http://127.0.0.1:9' } },
    flags: { state: '.meetbus', stack: 'Meetbus' },
    port: 0,
  });
});
afterAll(() => page.close());

const post = (path: string, body = '{}') =>
  fetch(new URL(path.slice(1), page.url), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', origin: new URL(page.url).origin },
  });

it.each(ROUTES.filter(({ needs }) => needs === 'changes').map(({ path }) => path))(
  'POST %s is closed',
  async (path) => {
    const answer = await post(path);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ error: expect.stringContaining('--allow-changes') });
  },
);

it.each(ROUTES.filter(({ needs }) => needs === 'local'))(
  '$method $path is for the local cloud only',
  async ({ method, path }) => {
    const answer = method === 'POST' ? await post(path) : await fetch(new URL(path.slice(1), page.url));
    expect(answer.status).toBe(403);
    expect(await answer.json()).toEqual({ error: 'Only a console of the local cloud can do that.' });
  },
);

it('the checks that send something are left out', async () => {
  const answer = await post('/api/health/check', '{"since":"1h"}');
  const { checks } = JSON.parse(/^data: (.*)$/m.exec(await answer.text())?.[1] ?? '');
  expect(checks).toContain('alarms');
  expect(checks).not.toContain('api');
  expect(checks).not.toContain('probe');
});

it('dead letters are brought back, deleted and reprocessed by such routes; a dry run is open', async () => {
  const closed = ROUTES.filter(({ needs }) => needs === 'changes').map(({ path }) => path);
  expect(closed).toEqual(
    expect.arrayContaining(['/api/dead-letters/redrive', '/api/dead-letters/delete', '/api/unrecognized/reprocess']),
  );
  expect((await post('/api/dead-letters/preview')).status).toBe(400);
});
