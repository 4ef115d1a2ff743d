/** The browser of the tests sees what a clean page never does. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { longestTask, seriousViolations, startBrowser, type TestBrowser } from '../support/browser';

const page = (body: string) =>
  `<!doctype html><html lang="en"><title>Page</title><link rel="icon" href="data:,"><main><h1>Page</h1>${body}</main></html>`;

const PAGES: Record<string, string> = {
  '/clean': page('<p>Nothing.</p>'),
  '/wrong/error': page('<script>throw new TypeError("thrown")</script>'),
  '/wrong/rejection': page('<script>Promise.reject(new Error("not caught"))</script>'),
  '/wrong/console': page('<script>console.error("said so")</script>'),
  '/wrong/missing': page('<script src="/nowhere.js"></script>'),
  '/wrong/image': page('<img alt="" src="http://images.example/a.png">'),
  '/wrong/fetch': page('<script>fetch("http://127.0.0.1:9/beacon").catch(() => undefined)</script>'),
  '/wrong/socket': page('<script>new WebSocket("ws://live.example/")</script>'),
  '/unlabelled': page('<input><p style="color: #ddd">Too pale</p>'),
};

const FAULTS = [
  /^error: TypeError: thrown/,
  /^error: Error: not caught/,
  /^console: said so/,
  /^console: .*404.*nowhere\.js/,
  /^request to another origin: http:\/\/images\.example\/a\.png/,
  /^request to another origin: http:\/\/127\.0\.0\.1:9\/beacon/,
  /^request to another origin: ws:\/\/live\.example\//,
];

/** What is allowed on a strict page; the scripts of these pages stand in them. */
const POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:";

let server: Server;
let browser: TestBrowser;
const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;

beforeAll(async () => {
  server = createServer(({ url = '' }, response) => {
    const body = PAGES[url];
    const policy = url === '/unlabelled' ? { 'content-security-policy': POLICY } : {};
    response.writeHead(body ? 200 : 404, { 'content-type': 'text/html', ...policy }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.stop();
  server.close();
});

it('finds nothing on a clean page', async () => {
  const page = await browser.open(at('/clean'));
  expect(await seriousViolations(page)).toEqual([]);
  await browser.expectClean();
});

it('notes errors, and requests to other origins', async () => {
  const paths = Object.keys(PAGES).filter((path) => path.startsWith('/wrong'));
  const pages = await Promise.all(paths.map((path) => browser.open(at(path))));
  await Promise.all(pages.map((page) => page.waitForLoadState('networkidle')));
  const faults = await browser.closePages();
  for (const fault of FAULTS) expect(faults).toContainEqual(expect.stringMatching(fault));
});

it('fails at the end of a test whose page had an error', async () => {
  const page = await browser.open(at('/wrong/console'));
  await page.waitForLoadState('networkidle');
  await expect(browser.expectClean()).rejects.toThrow('said so');
});

it('names the elements that people cannot use, under a strict Content-Security-Policy', async () => {
  const page = await browser.open(at('/unlabelled'));
  expect(await seriousViolations(page)).toEqual([
    expect.stringMatching(/^color-contrast: .* p$/),
    expect.stringMatching(/^label: .* input$/),
  ]);
  await browser.expectClean();
});

it('measures the longest task of a page, in which waiting does not count', async () => {
  const page = await browser.open(at('/clean'));
  const wait = () => page.evaluate('new Promise((resolve) => setTimeout(resolve, 200))');
  const work = () => page.evaluate('for (let count = 0; count < 1e9; count++);');
  expect(await longestTask(page, wait)).toBeLessThan(50);
  expect(await longestTask(page, work)).toBeGreaterThan(100);
  await browser.expectClean();
});
