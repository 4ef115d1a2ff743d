/** The console in the browser, with meetings under way. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { screenshots } from '../screenshots';
import { withMeetbus } from './running';
import { withTraffic } from './traffic';

/** Pixels of the window: near to what a README is wide, so that text keeps its size there. */
const WINDOW = { width: 1_050, height: 600 };

/** More rows than the window has room for. */
const ROWS = 24;

/**
 * Draws `console-live-….webp` and `console-event-….webp`.
 *
 * @param folder where the pictures go
 */
export const drawConsole = (folder: string): Promise<void> =>
  withMeetbus(({ deployment, consoleUrl }) =>
    withTraffic(deployment, async () => {
      await screenshots({ ...WINDOW, path: join(folder, 'console-live'), show: (page) => showLive(page, consoleUrl) });
      await screenshots({
        ...WINDOW,
        path: join(folder, 'console-event'),
        show: (page) => showEvent(page, consoleUrl),
      });
    }),
  );

/** Rows of the list of deliveries. */
const rowsOf = (page: Page) => page.getByRole('listbox', { name: /Deliveries/ }).getByRole('option');

/** The list when it is full, with a refused delivery in it. */
async function showLive(page: Page, consoleUrl: string): Promise<void> {
  await page.goto(consoleUrl);
  await rowsOf(page).nth(ROWS).waitFor();
  await rowsOf(page).filter({ hasText: 'refused' }).first().waitFor({ state: 'visible' });
}

/** An event that is on the shared bus. */
async function showEvent(page: Page, consoleUrl: string): Promise<void> {
  await page.goto(consoleUrl);
  await rowsOf(page).filter({ hasText: 'published' }).first().click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
}
