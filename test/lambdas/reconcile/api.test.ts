/** How the API of a provider is called: what is tried again, what is not, and that no key is ever quoted. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi } from '../../../lambdas/reconcile/api';
import { ApiError } from '../../../providers/backfill';
import { type ApiFault, found, JsonApi } from '../../support/json-api';
import { until } from '../../support/until';

const KEY = 'Token a-key-that-nobody-may-see';

const fake = new JsonApi(KEY, (url) => found({ asked: url.search }));
beforeAll(() => fake.start());
beforeEach(() => fake.reset());
afterAll(() => fake.close());

const access = () => ({ url: `${fake.url}/`, headers: { authorization: KEY }, remedy: 'Set KEY.' });
const newApi = (changes: object = {}, signal = new AbortController().signal) =>
  createApi({ ...access(), ...changes }, { perSecond: 100_000, signal, firstWaitMs: 1 });

const failure = (get: Promise<unknown>): Promise<ApiError> =>
  get.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error as ApiError,
  );

it('asks with the query, and repeats the names of lists', async () => {
  const api = newApi();
  const answer = await api.get('/list', {
    since: '2026-01-01T00:00:00Z',
    status: ['a', 'b'],
    none: undefined,
    page: 2,
  });
  expect(answer).toEqual({ asked: '?since=2026-01-01T00%3A00%3A00Z&status=a&status=b&page=2' });
  expect(api.requests()).toBe(1);
});

it.each<[string, ApiFault[]]>([
  ['429 with a wait in seconds', [{ status: 429, headers: { 'retry-after': '0' } }]],
  ['429 with a date', [{ status: 429, headers: { 'retry-after': new Date(0).toUTCString() } }]],
  ['429 with a wait that is none', [{ status: 429, headers: { 'retry-after': 'soon' } }]],
  ['500 and 503', [{ status: 500 }, { status: 503 }]],
  ['a connection that breaks', ['reset', 'reset']],
  ['an answer that is cut off', ['cut']],
])('tries again after %s', async (_, faults) => {
  fake.faults.push(...faults);
  const api = newApi();
  expect(await api.get('/list')).toEqual({ asked: '' });
  expect(api.requests()).toBe(faults.length + 1);
});

it('waits as long as it is asked to', async () => {
  fake.faults.push({ status: 429, headers: { 'retry-after': '1' } });
  const before = performance.now();
  await newApi().get('/list');
  expect(performance.now() - before).toBeGreaterThanOrEqual(1_000);
});

it('waits up to five minutes, the time for which Cloudflare refuses all requests', async () => {
  fake.faults.push({ status: 429, headers: { 'retry-after': '300' } });
  const waits: [string, number][] = [];
  const controller = new AbortController();
  const onWait = ({ message }: ApiError, waitMs: number) => waits.push([message, waitMs]);
  const api = createApi(access(), { perSecond: 100_000, signal: controller.signal, onWait });
  const ended = api.get('/list').catch(({ message }: Error) => message);
  await until(() => waits.length === 1, 'the wait');
  controller.abort();
  expect(await ended).toMatch(/aborted/);
  expect(waits).toEqual([['/list was answered 429', 300_000]]);
});

describe('for a run that must not go on for long', () => {
  it('fails at a wait that is too long, says how long it is, and asks for nothing else', async () => {
    fake.rules.push({ path: /list/, fault: { status: 429, headers: { 'retry-after': '60' } } });
    const { signal } = new AbortController();
    const api = createApi(access(), { perSecond: 100_000, signal, longestWaitMs: 1_000, isOverAfterFailure: true });
    expect(await failure(api.get('/list'))).toMatchObject({ status: 429, retryAfterMs: 60_000 });
    expect(await failure(api.get('/other'))).toMatchObject({ status: 429 });
    expect([api.requests(), api.failure()?.retryAfterMs]).toEqual([1, 60_000]);
  });

  it('goes on after what no retry mends, such as 404', async () => {
    fake.rules.push({ path: /list/, fault: { status: 404 } });
    const { signal } = new AbortController();
    const api = createApi(access(), { perSecond: 100_000, signal, isOverAfterFailure: true });
    expect(await failure(api.get('/list'))).toMatchObject({ status: 404 });
    expect(await api.get('/other')).toEqual({ asked: '' });
    expect(api.failure()).toBeUndefined();
  });

  it('makes no more requests than its budget, retries included', async () => {
    fake.rules.push({ path: /list/, fault: { status: 500 } });
    const { signal } = new AbortController();
    const api = createApi(access(), { perSecond: 100_000, signal, budget: 3, firstWaitMs: 1 });
    expect((await failure(api.get('/list'))).message).toContain('the budget of 3 requests is used up');
    expect([fake.requests.length, api.isSpent()]).toEqual([3, true]);
  });
});

it.each<[string, ApiFault, number | undefined, RegExp]>([
  ['a service that is down', { status: 503 }, 503, /^\/list was answered 503 \(in 5 tries\)$/],
  ['answers that are cut off', 'cut', undefined, /^\/list: the answer is no JSON, or was cut off \(in 5 tries\)$/],
])('gives up on %s', async (_, fault, status, message) => {
  fake.rules.push({ path: /./, fault });
  const error = await failure(newApi().get('/list', { since: 'x' }));
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
  expect(fake.requests).toHaveLength(5);
});

it.each<[number, RegExp]>([
  [401, /^\/list was answered 401\. Set KEY\.$/],
  [403, /^\/list was answered 403\. Set KEY\.$/],
  [404, /^\/list was answered 404$/],
  [302, /^\/list was answered 302$/],
  [429, /it asks to wait for \d+ s\. Try again then\.$/],
])('does not try %i again', async (status, message) => {
  const headers = { 'retry-after': '3600', location: 'https://elsewhere.example' };
  fake.faults.push({ status, headers, body: '{"link":"https://files.example/secret"}' });
  const error = await failure(newApi().get('/list'));
  expect(error).toMatchObject({ status, message: expect.stringMatching(message) });
  expect(error.message).not.toContain('files.example');
  expect(fake.requests).toHaveLength(1);
});

it('quotes no key, whatever is wrong with it', async () => {
  const broken = { headers: { authorization: 'Token with\nline-break' } };
  const errors = [
    await failure(newApi(broken).get('/list')),
    await failure(newApi({ headers: { authorization: 'Token wrong-key' } }).get('/list')),
    await failure(newApi({ url: 'http://127.0.0.1:1' }).get('/list')),
  ];
  for (const { message } of errors) expect(message).not.toMatch(/line-break|wrong-key|nobody-may-see/);
});

it('ends when it is stopped, in a request and in a wait', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  fake.rules.push({ path: /./, fault: { status: 429, headers: { 'retry-after': '4' } } });
  for (const changes of [{ url }, {}]) {
    const controller = new AbortController();
    const getting = newApi(changes, controller.signal).get('/list');
    setTimeout(() => controller.abort(), 20);
    await expect(getting).rejects.toThrow('aborted');
  }
  silent.closeAllConnections();
  silent.close();
});
