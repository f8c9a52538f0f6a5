import { fileURLToPath } from 'node:url';
import { chromium, expect, type Page } from '@playwright/test';
import { currentTime, join, test } from '../e2e/support/test';
import { chromiumPath } from '../playwright.config';

const SIZE = { width: 960, height: 720 };
const ARGS = ['--no-sandbox', '--disable-gpu'];

/** Two browsers that know nothing of each other, taken at the same second and put side by side. */
test('two windows at the same second', async ({ page, server }) => {
  await server.nextSong();
  const browsers = [0, 1].map(() => chromium.launch({ executablePath: chromiumPath, args: ARGS }));
  try {
    const windows: Page[] = [];
    for (const browser of await Promise.all(browsers)) {
      const window = await browser.newPage({ baseURL: server.url, viewport: SIZE });
      await join(window);
      windows.push(window);
    }
    for (const window of windows) {
      await expect(window.getByText(/^in step/)).toBeVisible({ timeout: 30_000 });
      await expect.poll(() => currentTime(window)).toBeGreaterThan(12);
    }
    const [one, other] = await Promise.all(windows.map((window) => window.screenshot()));
    const image = (png: Buffer | undefined): string =>
      `<img style="width:${SIZE.width}px;display:block" src="data:image/png;base64,${png?.toString('base64') ?? ''}">`;
    await page.setViewportSize({ width: 2 * SIZE.width + 12, height: SIZE.height });
    await page.setContent(
      `<body style="margin:0;display:flex;gap:12px;background:#000">${image(one)}${image(other)}</body>`,
    );
    await page.screenshot({
      path: fileURLToPath(new URL('../../docs/screenshots/together.jpg', import.meta.url)),
      quality: 82,
    });
  } finally {
    for (const browser of await Promise.all(browsers)) await browser.close();
  }
});
