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

/** Runs before any script of a page. */
const NOTE_LONG_TASKS = `
  globalThis.longTasks = [];
  globalThis.longTaskObserver = new PerformanceObserver((list) => longTasks.push(...list.getEntries()));
  longTaskObserver.observe({ type: 'longtask' });
`;
const TAKE_LONGEST_TASK = `
  longTasks.push(...longTaskObserver.takeRecords());
  Math.max(0, ...longTasks.splice(0).map(({ duration }) => duration));
`;

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
    const context = await this.browser.newContext({ viewport: { width, height: HEIGHT }, colorScheme });
    this.#contexts.push(context);
    this.#watch(context, new URL(url).host);
    await context.addInitScript(NOTE_LONG_TASKS);
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

/**
 * The longest time in milliseconds that the page kept the browser from answering, since it was opened or since one last asked; 0 when
 * no task took more than 50 ms, which are the shortest that browsers report.
 */
export async function longestTask(page: Page): Promise<number> {
  return page.evaluate(TAKE_LONGEST_TASK);
}
