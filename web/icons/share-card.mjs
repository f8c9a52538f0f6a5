// Draws the station's picture for cards on other sites, 1200 × 630 as they like it, with the browser that the tests use:
// `npm run share-card`. It is kept in the repository, so that a build needs no browser.
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { createServer } from 'vite';

/** The same as in src/api/share_card.h. */
const SIZE = { width: 1200, height: 630 };

const vite = await createServer({ server: { middlewareMode: true }, appType: 'custom' });
const { Wordmark } = await vite.ssrLoadModule('/src/components/wordmark.tsx');
const word = renderToStaticMarkup(createElement(Wordmark));
await vite.close();

const read = (path) => readFile(new URL(path, import.meta.url), 'utf8');
const icon = await read('icon.svg');
const tokens = await read('../src/styles/tokens.css');
const board = await read('../src/assets/board.svg');
const inline = async (path, type) =>
  `data:${type};base64,${(await readFile(new URL(path, import.meta.url))).toString('base64')}`;
const led = await inline(
  '../node_modules/@fontsource/jersey-10/files/jersey-10-latin-400-normal.woff2',
  'font/woff2',
);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage({ viewport: SIZE });
await page.setContent(`<html data-theme="bubblegum"><style>
${tokens.replace('../assets/board.svg', `data:image/svg+xml,${encodeURIComponent(board)}`)}
@font-face { font-family: "Jersey 10"; src: url("${led}"); }
* { box-sizing: border-box; }
body { margin: 0; position: relative; isolation: isolate; width: ${SIZE.width}px; height: ${SIZE.height}px; display: grid; grid-template-columns: 400px 1fr; gap: 56px; align-items: center; padding: 0 72px;
  background: var(--caustic), linear-gradient(180deg, var(--shell-hi) 0, var(--shell) 24%, var(--shell) 72%, var(--shell-hi) 100%); }
body::before { content: ""; position: absolute; z-index: -1; inset: 0; background: var(--trace); mask: var(--board); mask-size: 840px; }
.key { width: 400px; height: 400px; border-radius: 50%; overflow: hidden; }
.key svg { display: block; width: 520px; height: 520px; margin: -60px; }
.word svg { display: block; width: 620px; overflow: visible; }
.word-edge { fill: #4a0a38; stroke: #4a0a38; stroke-width: 15; stroke-linejoin: round; }
.word-hole { fill: #4a0a38; }
.lcd { margin-top: 32px; padding: 26px 32px 30px; border-radius: 24px; color: var(--lcd-ink); box-shadow: var(--shadow-well), 0 2px 0 #fff;
  background: conic-gradient(at 6.5px 6.5px, transparent 75%, var(--lcd-ghost) 0) 0 0 / 8px 8px, linear-gradient(180deg, var(--lcd-hi), var(--lcd-lo)); }
.lcd p { margin: 0; font: 400 56px/58px "Jersey 10"; text-shadow: 3px 3px 0 var(--lcd-drop); }
.seg { height: 20px; margin-top: 22px; background: linear-gradient(90deg, var(--lcd-ink) 56%, rgb(10 47 41 / .16) 0); mask: repeating-linear-gradient(90deg, #000 0 12px, transparent 0 16px); }
</style><body><div class="key">${icon}</div><div><div class="word">${word}</div>
<div class="lcd"><p>Everybody sees the<br>same song at the<br>same second.</p><div class="seg"></div></div></div></body></html>`);
await page.evaluate(() => globalThis.document.fonts.ready);
const png = await page.screenshot();
await writeFile(new URL('../public/share-card.png', import.meta.url), png);
console.log(`share-card.png: ${png.length} bytes`);
await browser.close();
