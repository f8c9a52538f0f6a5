import type { Request } from '@playwright/test';
import { currentTime, expect, join, offBy, onAir, test } from './support/test';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

test(
  'one tap joins, and the video really plays, in step with the station',
  { tag: '@smoke' },
  async ({ page, server }) => {
    await server.nextSong();
    await join(page);
    const from = await currentTime(page);
    await expect.poll(() => currentTime(page)).toBeGreaterThan(from + 2);
    await expect(page.getByText(/^in step/)).toBeVisible({ timeout: 30_000 });
    expect(Math.abs(await offBy(page))).toBeLessThan(0.5);
    const sound = await onAir(page).evaluate((video: HTMLVideoElement) => ({
      muted: video.muted,
      paused: video.paused,
      width: video.videoWidth,
    }));
    expect(sound).toMatchObject({ muted: false, paused: false });
    expect(sound.width).toBeGreaterThan(100);
  },
);

test('the next five are shown, with their times', async ({ page }) => {
  await page.goto('/');
  const next = page.getByRole('region', { name: 'Next five' });
  await expect(next.getByRole('listitem')).toHaveCount(5);
  await expect(next.getByText(/^in \d+:\d\d$/)).toHaveCount(1);
  await expect(next.getByText(/^\d\d:\d\d$/)).toHaveCount(4);
});

test('a like survives a reload, and can be taken back', { tag: '@smoke' }, async ({ page }) => {
  await page.goto('/');
  const next = page.getByRole('region', { name: 'Next five' });
  await next.getByRole('link').first().click();
  await page.waitForURL('**/songs/*');
  const heart = page.locator('.hero .love-key');
  const before = Number((await heart.innerText()).replace(/\D/g, ''));
  const answered = page.waitForResponse((response) => response.url().endsWith('/like'));
  await heart.click();
  await expect(heart).toHaveAttribute('aria-pressed', 'true');
  expect((await answered).status()).toBe(200);
  await page.reload();
  await expect(heart).toHaveAttribute('aria-pressed', 'true');
  await expect(heart).toContainText((before + 1).toLocaleString('en'));
  const takenBack = page.waitForResponse((response) => response.url().endsWith('/like'));
  await heart.click();
  expect((await takenBack).status()).toBe(200);
  await page.reload();
  await expect(heart).toHaveAttribute('aria-pressed', 'false');
});

test('the heart of the device counts on the song on air', async ({ page }) => {
  await join(page);
  const heart = page.locator('.rocker .jewel');
  const answered = page.waitForResponse((response) => response.url().endsWith('/like'));
  await heart.click();
  const response = await answered;
  expect(response.status()).toBe(200);
  const { data } = (await response.json()) as { data: { likes: number; isLiked: boolean } };
  expect(data.isLiked).toBe(true);
});

test(
  'a comment appears, stays, and is seen by somebody else',
  { tag: '@smoke' },
  async ({ page, browser, station }) => {
    await join(page);
    const text = `hello from the test ${Date.now() % 1000}`;
    const live = page.getByRole('region', { name: 'Live' });
    await live.getByLabel('Comment').fill(text);
    const posted = page.waitForResponse((response) => response.request().method() === 'POST');
    await live.getByRole('button', { name: 'Send' }).click();
    const songId = /songs\/([0-9a-f]{24})\/comments/.exec((await posted).url())?.[1] ?? '';
    await expect(live.getByText(text)).toBeVisible();
    await expect(live.getByText('you', { exact: true })).toBeVisible();
    const other = await browser.newContext({ baseURL: station });
    const theirs = await other.newPage();
    await theirs.goto(`/songs/${songId}`);
    await expect(theirs.getByText(text)).toBeVisible();
    await expect(theirs.getByText('you', { exact: true })).toHaveCount(0);
    await other.close();
  },
);

test(
  'a play is posted once per song and listener, after ten seconds, with a key',
  { tag: '@smoke' },
  async ({ page, server }) => {
    const posts: { at: number; request: Request }[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/play')) posts.push({ at: Date.now(), request });
    });
    const song = await server.nextSong();
    await join(page);
    const playsNow = async (): Promise<number> =>
      (
        (await (await page.request.get(`/v1/songs/${song._id}`)).json()) as {
          data: { plays: number };
        }
      ).data.plays;
    const before = await playsNow();
    const started = Date.now();
    const ofSong = () => posts.filter(({ request }) => request.url().includes(song._id));
    await page.waitForTimeout(9_000);
    expect(ofSong()).toHaveLength(0);
    await expect.poll(() => ofSong().length, { timeout: 35_000 }).toBe(1);
    const [post] = ofSong();
    expect((post?.at ?? 0) - started).toBeGreaterThanOrEqual(9_500);
    expect(post?.request.headers()['idempotency-key']).toMatch(UUID);
    await expect.poll(playsNow).toBe(before + 1);
    // A reload in the same song does not count again, when another ten seconds have been heard.
    await page.reload();
    const again = page.getByRole('button', { name: 'Tap to join' });
    // Where the browser lets it, the song goes on by itself, and the key is gone at any moment.
    await again.click({ timeout: 3_000 }).catch(() => undefined);
    await expect(onAir(page)).toBeVisible();
    await page.waitForTimeout(13_000);
    expect(Date.now(), 'still the same song').toBeLessThan(Date.parse(song.endsAt));
    expect(await playsNow()).toBe(before + 1);
  },
);

test('why, sound and the theme do what their keys say', async ({ page }) => {
  await join(page);
  await page.getByRole('button', { name: 'Why?' }).click();
  await expect(page.getByText('Why this song')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('Why this song')).toHaveCount(0);
  await page.getByRole('button', { name: 'Sound', exact: true }).click();
  await page.getByRole('button', { name: 'Mute' }).click();
  await expect
    .poll(() => onAir(page).evaluate((video: HTMLVideoElement) => video.muted))
    .toBe(true);
  await page.getByRole('button', { name: 'Mute' }).click();
  await page.getByRole('slider', { name: 'Volume' }).fill('0.35');
  await expect
    .poll(() => onAir(page).evaluate((video: HTMLVideoElement) => video.volume))
    .toBeCloseTo(0.35);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Theme: change to midnight' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'midnight');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'midnight');
});

test('the screen stays lit while the video fills it', async ({ page }) => {
  await page.addInitScript(() => {
    const told: string[] = [];
    Object.assign(window, { told });
    Object.defineProperty(navigator, 'wakeLock', {
      value: {
        request: (type: string) => {
          told.push(type);
          return Promise.resolve({
            release: () => {
              told.push('released');
              return Promise.resolve();
            },
          });
        },
      },
    });
  });
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  await join(page);
  const key = page.getByRole('button', { name: 'Full screen' }).and(page.locator(':visible'));
  if (!(await page.locator('.strip .screen-keys').isVisible()))
    await page.getByRole('button', { name: 'Show the keys of the screen' }).click();
  await key.click();
  await expect.poll(told).toEqual(['screen']);
  await page.evaluate(() => document.exitFullscreen());
  await expect.poll(told).toEqual(['screen', 'released']);
});

test('offline the song plays on, hearts wait, and both come back by themselves', async ({
  page,
  server,
  context,
  complaints,
}) => {
  await server.nextSong();
  await join(page);
  await context.setOffline(true);
  await expect(page.getByText('You are offline')).toBeVisible();
  await expect(page.getByText('no signal')).toBeVisible();
  const from = await currentTime(page);
  await expect.poll(() => currentTime(page)).toBeGreaterThan(from + 1);
  const heart = page.locator('.rocker .jewel');
  const was = await heart.getAttribute('aria-pressed');
  const wish = was === 'true' ? 'false' : 'true';
  await heart.click();
  await expect(heart).toHaveAttribute('aria-pressed', wish);
  const sent = page.waitForResponse((response) => response.url().endsWith('/like'), {
    timeout: 30_000,
  });
  await context.setOffline(false);
  expect((await sent).status()).toBe(200);
  await expect(page.getByText('You are offline')).toHaveCount(0);
  await expect(heart).toHaveAttribute('aria-pressed', wish);
  // The browser logs each question that found no network: that is what this test is about.
  complaints.splice(
    0,
    Infinity,
    ...complaints.filter((text) => !text.includes('ERR_INTERNET_DISCONNECTED')),
  );
});
