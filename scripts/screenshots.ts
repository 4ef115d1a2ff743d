/** Pictures of a page, in light and in dark. */
import type { Page } from 'playwright-core';
import { startChromium } from './chromium';

/** Pixels of a picture per pixel of the page: sharp, and still small files. */
const SCALE = 1.5;

interface Shown {
  /** Width and height of the window in pixels. Without a height the picture is as high as the page. */
  readonly width: number;
  readonly height?: number;
  /** Path of the pictures, which get `-light.png` and `-dark.png` at its end. */
  readonly path: string;
  /** Brings what is to be seen onto the page. */
  show(page: Page): Promise<void>;
}

/** Takes both pictures. */
export async function screenshots({ width, height, path, show }: Shown): Promise<void> {
  const browser = await startChromium();
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const viewport = { width, height: height ?? 100 };
      const page = await browser.newPage({ viewport, deviceScaleFactor: SCALE, colorScheme });
      await show(page);
      await page.screenshot({ fullPage: height === undefined, path: `${path}-${colorScheme}.png` });
      console.log(`Wrote ${path}-${colorScheme}.png.`);
    }
  } finally {
    await browser.close();
  }
}
