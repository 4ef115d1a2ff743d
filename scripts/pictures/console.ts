/** The console in the browser, with meetings under way. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { screenshots } from '../screenshots';
import { withMeetbus } from './running';
import { withTraffic } from './traffic';

/** Pixels of the windows: near to what a README is wide, so that text keeps its size there. */
const LIVE = { width: 1_050, height: 600 };
const EVENT = { width: 1_050, height: 1_230 };

/** More rows than the window has room for; the list draws a few more. */
const ROWS = 18;

/** A type of which an event says much. */
const SHOWN_TYPE = 'participant.joined';

/**
 * Draws `console-live-….webp` and `console-event-….webp`.
 *
 * @param folder where the pictures go
 */
export const drawConsole = (folder: string): Promise<void> =>
  withMeetbus(({ deployment, consoleUrl }) =>
    withTraffic(deployment, async () => {
      await screenshots({ ...LIVE, path: join(folder, 'console-live'), show: (page) => showLive(page, consoleUrl) });
      await screenshots({
        ...EVENT,
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

/** An event that is on the shared bus, when the archive's copy has been read, too. */
async function showEvent(page: Page, consoleUrl: string): Promise<void> {
  await page.goto(`${consoleUrl}#/live?type=${SHOWN_TYPE}`);
  await rowsOf(page).filter({ hasText: 'published' }).first().click();
  await page.getByRole('button', { name: 'curl' }).waitFor();
}
