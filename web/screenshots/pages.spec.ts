import { mkdir } from 'node:fs/promises';
import { join as pathOf } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyPage } from '../e2e/support/pages';
import { currentTime, expect, join, test } from '../e2e/support/test';

const SIZES = {
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  desk: { width: 1440, height: 900 },
};
const THEMES = { bubblegum: 'light', midnight: 'dark' } as const;
/** What the documents show. Everything else is made on request, for looking at it. */
const KEPT =
  /^(radio-(phone|desk)-|(songs|song|playlist|mine)-phone-bubblegum|songs-desk-midnight)/;
const everything = process.env.POPRADIO_SCREENSHOTS_ALL !== undefined;
const folder =
  process.env.POPRADIO_SCREENSHOTS_ALL ??
  fileURLToPath(new URL('../../docs/screenshots', import.meta.url));

const COMMENTS = ['this one again PLEASE 💖', 'hello from the night bus', 'the bass!! 🪩'];

test.beforeAll(async ({ station, server }) => {
  await mkdir(folder, { recursive: true });
  const { _id } = await server.nextSong();
  for (const text of COMMENTS) {
    await fetch(`${station}/v1/songs/${_id}/comments`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Session-Id': crypto.randomUUID() },
      body: JSON.stringify({ text }),
    });
  }
});

const nameOf = (path: string): string =>
  path === '/'
    ? 'radio'
    : (/^\/(\w+?)s\/[0-9a-f]{24}$/.exec(path)?.[1] ?? path.split('/').at(-1) ?? path);

for (const [theme, colorScheme] of Object.entries(THEMES)) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    test(`${theme} on a ${size}`, async ({ page, station, complaints }) => {
      test.slow();
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      for (const { path, shows } of await everyPage(station)) {
        const name = `${nameOf(path)}-${size}-${theme}`;
        if (!everything && !KEPT.test(name)) continue;
        if (path === '/') {
          await join(page);
          const from = await currentTime(page);
          await expect.poll(() => currentTime(page)).toBeGreaterThan(from + 8); // until what shows at first has gone
        } else {
          await page.goto(path);
        }
        await page.locator(shows).first().waitFor();
        await page.evaluate(() => document.fonts.ready);
        await page.evaluate(() =>
          Promise.all(
            [...document.images]
              .filter((image) => image.checkVisibility())
              .filter((image) => image.getBoundingClientRect().top < window.innerHeight)
              .map((image) => image.decode().catch(() => undefined)),
          ),
        );
        await page.screenshot({ path: pathOf(folder, `${name}.jpg`), quality: 82 });
      }
      complaints.splice(0, Infinity, ...complaints.filter((text) => !text.includes('404')));
    });
  }
}
