/** Pictures of a page, in light and in dark. They are WebP without loss, which takes half the room of PNG. */
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { startChromium } from './chromium';

/** Pixels of a picture per pixel of the page: sharp, and still small files. */
const SCALE = 1.25;

/** At which Chromium leaves nothing out. */
const LOSSLESS = 100;

interface Shown {
  /** Width and height of the window in pixels. Without a height the picture is as high as the page. */
  readonly width: number;
  readonly height?: number;
  /** Path of the pictures, which get `-light.webp` and `-dark.webp` at its end. */
  readonly path: string;
  /** Brings what is to be seen onto the page. */
  show(page: Page): Promise<void>;
}

/** Takes both pictures. */
export async function screenshots({ width, height, path, show }: Shown): Promise<void> {
  const browser = await startChromium();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await browser.newPage({ viewport: { width, height: height ?? 100 }, colorScheme });
      await show(page);
      const shown = height ?? (await page.evaluate<number>('document.documentElement.scrollHeight'));
      writeFileSync(`${path}-${colorScheme}.webp`, await capture(page, { width, height: shown }));
      console.log(`Wrote ${path}-${colorScheme}.webp.`);
    }
  } finally {
    await browser.close();
  }
}

/** The upper left part of a page. Playwright itself takes no WebP. */
async function capture(page: Page, size: { readonly width: number; readonly height: number }): Promise<Buffer> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', {
    format: 'webp',
    quality: LOSSLESS,
    captureBeyondViewport: true,
    clip: { x: 0, y: 0, ...size, scale: SCALE },
  });
  return Buffer.from(data, 'base64');
}
