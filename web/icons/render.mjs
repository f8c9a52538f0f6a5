// Draws the app's icons from icon.svg with the browser that the tests use: `npm run icons`. The pictures are kept in
// the repository, so that a build needs no browser.
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const svg = await readFile(new URL('icon.svg', import.meta.url), 'utf8');

/** name, size, and how round: a maskable icon is cut by the system, a plain one is cut here. */
const ICONS = [
  ['icon-192.png', 192, 0.22],
  ['icon-512.png', 512, 0.22],
  ['icon-maskable-512.png', 512, 0],
  ['apple-touch-icon.png', 180, 0],
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
for (const [name, size, round] of ICONS) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}svg{display:block;width:${size}px;height:${size}px;border-radius:${size * round}px}</style>${svg}`,
  );
  const png = await page.screenshot({ omitBackground: true });
  await writeFile(new URL(`../public/${name}`, import.meta.url), png);
  console.log(`${name}: ${png.length} bytes`);
}
await browser.close();
