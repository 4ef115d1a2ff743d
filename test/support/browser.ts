/** A real browser for tests. It notes what a clean page never does: errors in JavaScript, and requests to another origin. */
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startChromium } from '../../scripts/chromium';

interface View {
  /** Pixels; 1440 if absent. */
  readonly width?: number;
  readonly colorScheme?: 'light' | 'dark';
}

const HEIGHT = 900;

/** On a busy machine a page may wait this long. It is less than a test may take, so that a failure names what did not come. */
const PATIENCE_MS = 75_000;

/**
 * The browser of a test file:
 *
 * ```ts
 * let browser: TestBrowser;
 * beforeAll(async () => { browser = await startBrowser(); });
 * afterEach(() => browser.expectClean());
 * afterAll(() => browser.stop());
 *
 * it('shows an event', async () => {
 *   const page = await browser.open(url, { width: 360, colorScheme: 'dark' });
 *   expect(await seriousViolations(page)).toEqual([]);
 * });
 * ```
 */
export class TestBrowser {
  readonly #contexts: BrowserContext[] = [];
  readonly #faults: string[] = [];

  constructor(private readonly browser: Browser) {}

  /** Opens an address in a window of its own, without cookies and storage of others. */
  async open(url: string, { width = 1440, colorScheme = 'light' }: View = {}): Promise<Page> {
    const context = await this.browser.newContext({
      ...{ viewport: { width, height: HEIGHT }, colorScheme },
      // A page that shows times where the person is, rather than in UTC, is noticed.
      timezoneId: 'Asia/Kolkata',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    this.#contexts.push(context);
    this.#watch(context, new URL(url).host);
    const page = await context.newPage();
    await page.goto(url);
    return page;
  }

  #watch(context: BrowserContext, host: string): void {
    const request = (url: string) => {
      // What is not fetched, such as `data:`, has no host.
      if (!['', host].includes(new URL(url).host)) this.#faults.push(`request to another origin: ${url}`);
    };
    context.on('weberror', (error) => this.#faults.push(`error: ${error.error().stack ?? error.error()}`));
    context.on('console', (message) => {
      if (message.type() === 'error') this.#faults.push(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('request', (sent) => request(sent.url()));
    context.on('page', (page) => page.on('websocket', (socket) => request(socket.url())));
  }

  /** Closes the pages of a test, and returns what they did wrong. For a page that must fail; others {@link expectClean}. */
  async closePages(): Promise<string[]> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.close()));
    return this.#faults.splice(0);
  }

  /**
   * Closes the pages of a test.
   *
   * @throws Error when one of them had an error in JavaScript, wrote to `console.error`, or asked another origin
   */
  async expectClean(): Promise<void> {
    expect(await this.closePages()).toEqual([]);
  }

  async stop(): Promise<void> {
    await this.browser.close();
  }
}

/** Starts a browser. The first start of a clone unpacks it, which takes some seconds. */
export async function startBrowser(): Promise<TestBrowser> {
  return new TestBrowser(await startChromium());
}

/** The rules of accessibility that a page breaks seriously, each with the elements. Empty is good. */
export async function seriousViolations(page: Page): Promise<string[]> {
  // Evaluated as the debugger does, which a page's Content-Security-Policy allows.
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}

/** A task of a thread in a trace of Chromium. `tdur` is its CPU time in microseconds. */
interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/**
 * The longest time that a page kept the person waiting, while something happened: milliseconds of one task of its main thread. It is
 * CPU time, because on a busy machine a task that does nothing may take long.
 */
export async function longestTask(page: Page, happens: () => Promise<unknown>): Promise<number> {
  const browser = page.context().browser() as Browser;
  await browser.startTracing(page, { categories: ['toplevel'] });
  await happens().catch(async (error: unknown) => {
    await browser.stopTracing();
    throw error;
  });
  const trace = await browser.stopTracing();
  const { traceEvents } = JSON.parse(trace.toString()) as { readonly traceEvents: readonly TraceEvent[] };
  const mainThreads = new Set(
    traceEvents.filter(({ args }) => args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid}/${tid}`),
  );
  return traceEvents
    .filter(({ pid, tid }) => mainThreads.has(`${pid}/${tid}`))
    .reduce((longest, { tdur = 0 }) => Math.max(longest, tdur / 1_000), 0);
}
