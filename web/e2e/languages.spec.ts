import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { LANGUAGE_CODES, LANGUAGES } from '../src/lib/i18n/languages';
import { expect, join, onAir, test } from './support/test';

const html = (page: Page) => page.locator('html');
const chooser = (page: Page) => page.locator('.tongue select');

test('the language is changed while the music plays, and remembered', async ({ page }) => {
  await join(page);
  await onAir(page).evaluate((video) => video.setAttribute('data-mark', 'mine'));
  await chooser(page).selectOption({ label: 'Deutsch' });
  await expect(page.getByRole('region', { name: 'Die nächsten fünf' })).toBeVisible();
  await expect(html(page)).toHaveAttribute('lang', 'de');
  await expect(page.locator('video[data-mark="mine"][data-onair="true"]')).toBeVisible();
  await page.reload();
  await expect(page.getByRole('region', { name: 'Die nächsten fünf' })).toBeVisible();
  await chooser(page).selectOption({ label: 'English' });
  await expect(page.getByRole('region', { name: 'Next five' })).toBeVisible();
});

test.describe('a browser that reads French', () => {
  test.use({ locale: 'fr-CA' });
  test('is spoken to in French, and fetches no other language', async ({ page }) => {
    const scripts: string[] = [];
    page.on('request', (request) => {
      if (request.resourceType() === 'script') scripts.push(new URL(request.url()).pathname);
    });
    await page.goto('/songs');
    await expect(html(page)).toHaveAttribute('lang', 'fr');
    await expect(page.getByRole('heading', { name: /^Titres/ })).toBeVisible();
    await expect(page).toHaveTitle('Titres · PopRadio');
    const words = scripts.filter((path) => /\/(?:es|fr|de|ja|ar)-[^/]+\.js$/.test(path));
    expect(words).toEqual([expect.stringMatching(/\/fr-/)]);
  });
});

test('where nothing can be kept, the language lasts for the visit', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('blocked', 'SecurityError');
      },
    });
  });
  await page.goto('/');
  await chooser(page).selectOption({ label: '日本語' });
  await expect(html(page)).toHaveAttribute('lang', 'ja');
  await expect(page.getByRole('region', { name: '次の5曲' })).toBeVisible();
});

test.describe('Arabic', () => {
  test.use({ locale: 'ar-EG' });
  test('runs from the right, except what a song has played', async ({ page }) => {
    await page.goto('/');
    await expect(html(page)).toHaveAttribute('dir', 'rtl');
    const next = page.locator('.next .row').first();
    await expect(next).toBeVisible();
    const left = async (part: string) => (await next.locator(part).boundingBox())?.x ?? 0;
    expect(await left('.art')).toBeGreaterThan(await left('.what'));
    expect(await left('.what')).toBeGreaterThan(await left('time'));
    const [elapsed, total] = await page
      .locator('.lcd-time time')
      .evaluateAll((times) => times.map((time) => time.getBoundingClientRect().x));
    expect(elapsed).toBeLessThan(total ?? 0);
  });
});

function keysOf(texts: object, prefix = ''): string[] {
  return Object.entries(texts).flatMap(([key, value]) =>
    typeof value === 'string' ? [prefix + key] : keysOf(value as object, `${prefix}${key}.`),
  );
}
const ENGLISH = fileURLToPath(new URL('../src/locales/en', import.meta.url));
/** "songs:cover", "by.likes": what is seen when a sentence was not found. */
const KEYS = new Set(
  readdirSync(ENGLISH)
    .filter((file) => file.endsWith('.json'))
    .flatMap((file) =>
      keysOf(JSON.parse(readFileSync(`${ENGLISH}/${file}`, 'utf8')) as object).flatMap((key) => [
        `${file.replace('.json', '')}:${key}`,
        // A key of one word may be a word of the page as well.
        ...(key.includes('.') ? [key] : []),
      ]),
    ),
);
const isKey = (text: string): boolean => text.includes('{{') || KEYS.has(text);

const PATHS = ['/', '/songs', '/playlists', '/playlists/featured', '/history', '/mine', '/about'];

for (const language of LANGUAGE_CODES) {
  test.describe(LANGUAGES[language].name, () => {
    test.use({ locale: language });
    test('shows no key, and fits every page', async ({ page }) => {
      await page.goto('/songs');
      const song = await page.locator('.rows a.what').first().getAttribute('href');
      await page.goto('/playlists');
      const list = await page.locator('a.card').first().getAttribute('href');
      for (const path of [...PATHS, song ?? '', list ?? '']) {
        await page.goto(path);
        await expect(html(page)).toHaveAttribute('lang', language);
        await expect(page.locator('main:not([aria-busy="true"])')).toBeVisible();
        await expect(page.locator('main :is(h2, .row, .name)').first()).toBeVisible();
        const seen = await page.evaluate(() =>
          [...document.body.querySelectorAll('*')].flatMap((element) => [
            ...['aria-label', 'title', 'placeholder', 'alt'].map(
              (name) => element.getAttribute(name) ?? '',
            ),
            ...[...element.childNodes]
              .filter((node) => node.nodeType === Node.TEXT_NODE)
              .map((node) => node.textContent ?? ''),
          ]),
        );
        expect(seen.map((text) => text.trim()).filter(isKey), path).toEqual([]);
        const overflow = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(overflow, `${path} is too wide`).toBe(0);
      }
    });
  });
}
