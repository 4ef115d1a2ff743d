import { newKey, refusalOf } from '../../../bin/console/guard';

const KEY = newKey();
const PORT = 4600;
const own = { host: `127.0.0.1:${PORT}` };
const json = { ...own, 'content-type': 'application/json', origin: `http://127.0.0.1:${PORT}` };
const ask = (method: string, path: string, headers: Record<string, string>) =>
  refusalOf({ method, path, headers }, KEY, PORT)?.status;

describe('who may call the console', () => {
  it('is the page, by both names of this machine', () => {
    expect(ask('GET', `/${KEY}/`, own)).toBeUndefined();
    expect(
      ask('GET', `/${KEY}/api/about`, { host: `localhost:${PORT}`, 'sec-fetch-site': 'same-origin' }),
    ).toBeUndefined();
    expect(ask('POST', `/${KEY}/api/x`, json)).toBeUndefined();
  });

  it.each([
    ['no key', 'GET', '/', own, 403],
    ['another key', 'GET', `/${newKey()}/`, own, 403],
    ['a part of the key', 'GET', `/${KEY.slice(0, -1)}/`, own, 403],
    ['a name that resolves to this machine', 'GET', `/${KEY}/`, { host: `evil.example:${PORT}` }, 403],
    ['another port', 'GET', `/${KEY}/`, { host: '127.0.0.1:80' }, 403],
    ['no host', 'GET', `/${KEY}/`, {}, 403],
    ['a page elsewhere', 'GET', `/${KEY}/`, { ...own, origin: 'https://evil.example' }, 403],
    ['a page on another port', 'POST', `/${KEY}/`, { ...json, origin: 'http://127.0.0.1:3000' }, 403],
    ['a sandboxed page', 'POST', `/${KEY}/`, { ...json, origin: 'null' }, 403],
    ['a change without an origin', 'POST', `/${KEY}/`, { ...own, 'content-type': 'application/json' }, 403],
    ['a link of a page elsewhere', 'GET', `/${KEY}/`, { ...own, 'sec-fetch-site': 'cross-site' }, 403],
    ['a form', 'POST', `/${KEY}/`, { ...json, 'content-type': 'text/plain' }, 415],
  ] as const)('is not: %s', (_, method, path, headers, status) => {
    expect(ask(method, path, headers)).toBe(status);
  });
});
