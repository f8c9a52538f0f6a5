import type { Page } from '@playwright/test';
import { expect, test } from './support/test';

/** Gives the first song of the list a heart; returns its title. */
async function likeOne(page: Page): Promise<string> {
  await page.goto('/songs');
  const row = page.locator('#content .rows--songs > li').first();
  const title = (await row.locator('.name').innerText()).split(',')[0] ?? '';
  const answered = page.waitForResponse((response) => response.url().endsWith('/like'));
  await row.getByRole('button').click();
  expect((await answered).status()).toBe(200);
  return title;
}

/** Who this browser is, from when its page has begun. */
async function sessionOf(page: Page): Promise<string | null> {
  await page.waitForFunction(() => localStorage.getItem('popradio.session') !== null);
  return page.evaluate(() => localStorage.getItem('popradio.session'));
}

test('twelve words take my hearts to another device, once I have said so', async ({
  page,
  browser,
  station,
}) => {
  const title = await likeOne(page);
  await page.goto('/mine');
  await page.getByRole('button', { name: 'Show the code' }).click();
  const words = page.locator('.phrase li');
  await expect(words).toHaveCount(12);
  const phrase = (await words.allInnerTexts()).join(' ');
  const mine = await sessionOf(page);

  const other = await (await browser.newContext({ baseURL: station })).newPage();
  await other.goto('/mine');
  const before = await sessionOf(other);
  await other.getByLabel('Twelve words').fill(phrase.replace(/^\w+/, 'popradio'));
  await other.getByRole('button', { name: 'Read the words' }).click();
  await expect(other.getByRole('alert')).toContainText('“popradio” is none of the words');
  await other.getByLabel('Twelve words').fill(phrase);
  await other.getByRole('button', { name: 'Read the words' }).click();
  await expect(other.getByText('Somebody with 1 heart')).toBeVisible();
  expect(await sessionOf(other)).toBe(before);
  await other.getByRole('button', { name: 'Yes, that is me' }).click();
  await expect(other.getByRole('region', { name: 'Songs I like' }).getByText(title)).toBeVisible();
  expect(await sessionOf(other)).toBe(mine);
  await other.context().close();
});

test('the address of the code never reaches the station, and asks before it changes anything', async ({
  page,
  browser,
  station,
}) => {
  await likeOne(page);
  const mine = await sessionOf(page);
  const context = await browser.newContext({ baseURL: station });
  const other = await context.newPage();
  const asked: string[] = [];
  other.on('request', (request) => asked.push(request.url()));
  await other.goto('/mine');
  const before = await sessionOf(other);
  await other.goto('/about');
  await other.goto(`/mine#session=${mine ?? ''}`);
  await expect(other.getByRole('heading', { name: /^Be .+ on this device\?$/ })).toBeVisible();
  expect(new URL(other.url()).hash).toBe('');
  expect(asked.filter((url) => url.split('#')[0]?.includes(mine ?? '-'))).toEqual([]);
  await other.getByRole('button', { name: 'Stay who I am' }).click();
  await expect(other.getByRole('heading', { name: /^Be .+ on this device\?$/ })).toBeHidden();
  expect(await sessionOf(other)).toBe(before);
  await context.close();
});

test('forgetting asks first, and then nothing is left', async ({ page }) => {
  const title = await likeOne(page);
  await page.goto('/mine');
  const liked = page.getByRole('region', { name: 'Songs I like' });
  await expect(liked.getByText(title)).toBeVisible();
  const before = await sessionOf(page);
  await page.getByRole('button', { name: 'Forget me' }).click();
  await page.getByRole('button', { name: 'Keep me' }).click();
  await expect(liked.getByText(title)).toBeVisible();
  await page.getByRole('button', { name: 'Forget me' }).click();
  await page
    .getByRole('group', { name: 'Forget me?' })
    .getByRole('button', { name: 'Forget me' })
    .click();
  await expect(liked).toBeHidden();
  expect(await sessionOf(page)).not.toBe(before);
  expect(await page.evaluate(() => localStorage.getItem('popradio.liked'))).toBe('[]');
});

test('where the browser keeps nothing, it works for the visit and says so', async ({ page }) => {
  await page.addInitScript(() => {
    for (const name of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(window, name, {
        get: () => {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    }
  });
  await page.goto('/songs');
  const row = page.locator('#content .rows--songs > li').first();
  await row.getByRole('button').click();
  await expect(row.getByRole('button')).toHaveAttribute('aria-pressed', 'true');
  await page.locator('nav[aria-label="Pages"]:visible').getByRole('link', { name: 'Mine' }).click();
  await expect(page.getByText('Only for this visit')).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'Songs I like' }).getByRole('listitem'),
  ).toHaveCount(1);
});
