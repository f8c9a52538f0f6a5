import { existsSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { startStation, type Station } from './support/station';

/** Debian's: Playwright cannot drive it, puppeteer can, over WebDriver BiDi. */
const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
const PATIENCE_MS = 30_000;

test.skip(({ viewport }) => viewport?.width !== 1280, 'one size is enough for a second browser');

let station: Station;
let browser: Browser;
test.beforeAll(async () => {
  expect(existsSync(FIREFOX), `${FIREFOX} is not there: install firefox-esr`).toBe(true);
  station = await startStation();
  browser = await launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
});
test.afterAll(async () => {
  await browser.close();
  await station.stop();
});

/** A real click in the middle of what shows: puppeteer's own waits for keys that stand still, and these breathe. */
async function click(page: Page, selector: string): Promise<void> {
  const box = await (await page.waitForSelector(selector, { visible: true }))?.boundingBox();
  await page.mouse.click(
    (box?.x ?? 0) + (box?.width ?? 0) / 2,
    (box?.y ?? 0) + (box?.height ?? 0) / 2,
  );
}

test('firefox joins, plays in step, likes and comments', async () => {
  await station.nextSong();
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.setDefaultTimeout(PATIENCE_MS);
  await page.setViewport({ width: 1280, height: 800 });
  await page.goto(station.url);
  await click(page, '::-p-text(Tap to join)');
  await page.waitForFunction(() => {
    const video = document.querySelector<HTMLVideoElement>('video[data-onair="true"]');
    return video !== null && !video.paused && video.currentTime > 3 && video.videoWidth > 100;
  });
  await page.waitForFunction(() => /in step/.test(document.body.innerText));

  const text = `Hello from the fox ${Date.now()}`;
  await click(page, 'form.say input');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await page.waitForFunction(
    (said) => [...document.querySelectorAll('li')].some((li) => li.innerText.includes(said)),
    {},
    text,
  );

  await click(page, '.rocker .jewel');
  await page.waitForFunction(
    () => document.querySelector('.rocker .jewel')?.getAttribute('aria-pressed') === 'true',
  );
  expect(complaints).toEqual([]);
});
