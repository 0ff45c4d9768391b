import { expect, type BrowserContext, type Locator, type Page } from '@playwright/test';
import { hubUrl } from './hub';

export interface Pixels {
  /** Share of pixels brighter than near-black, 0 to 1. */
  readonly lit: number;
  /** Number of different grey levels, 0 to 256. */
  readonly levels: number;
  /** Share of pixels whose channels differ clearly, 0 to 1. */
  readonly coloured: number;
  /** Changes when the picture does. */
  readonly hash: number;
}

const dark: Pixels = { lit: 0, levels: 0, coloured: 0, hash: 0 };

/** What is drawn on a canvas, read back from it. */
export async function pixelsOf(canvas: Locator): Promise<Pixels> {
  return canvas.evaluate((node, none) => {
    const source = node as HTMLCanvasElement;
    if (source.width === 0 || source.height === 0) return none;
    const copy = document.createElement('canvas');
    copy.width = source.width;
    copy.height = source.height;
    const context = copy.getContext('2d');
    if (!context) return none;
    context.drawImage(source, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    const levels = new Set<number>();
    let lit = 0;
    let coloured = 0;
    let hash = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r = 0, g = 0, b = 0] = [data[i], data[i + 1], data[i + 2]];
      const grey = (r + g + b) / 3;
      levels.add(Math.round(grey));
      if (grey > 8) lit++;
      if (Math.max(r, g, b) - Math.min(r, g, b) > 24) coloured++;
      hash = (hash * 31 + r * 65536 + g * 256 + b) | 0;
    }
    const pixels = data.length / 4;
    return { lit: lit / pixels, levels: levels.size, coloured: coloured / pixels, hash };
  }, dark);
}

/** Opens a study as a link from elsewhere would. */
export async function openViewer(context: BrowserContext, studyInstanceUid: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(`${hubUrl}/viewer/viewer?StudyInstanceUIDs=${studyInstanceUid}`);
  await page.locator('[data-cy="viewport-grid"]').waitFor({ timeout: 90_000 });
  return page;
}

export function firstCanvas(page: Page): Locator {
  return page.locator('[data-cy="viewport-grid"] canvas').first();
}

/** Waits until an image is drawn: pixels that are neither black nor one flat tone. */
export async function waitForImage(page: Page): Promise<Pixels> {
  const canvas = firstCanvas(page);
  await canvas.waitFor({ timeout: 90_000 });
  let pixels = dark;
  await expect
    .poll(
      async () => {
        pixels = await pixelsOf(canvas);
        return pixels.lit > 0.02 && pixels.levels > 8;
      },
      { timeout: 90_000, message: 'an image is drawn in the viewport' },
    )
    .toBe(true);
  return pixels;
}

interface CornerstoneGlobal {
  getRenderingEngines: () => { getViewports: () => { getCurrentImageIdIndex?: () => number }[] }[];
}

/** Index of the image that the first viewport shows, from 0. */
export async function imageIndex(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { cornerstone } = window as unknown as { cornerstone: CornerstoneGlobal };
    return cornerstone.getRenderingEngines()[0]?.getViewports()[0]?.getCurrentImageIdIndex?.() ?? -1;
  });
}
