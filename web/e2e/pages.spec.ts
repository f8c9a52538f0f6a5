import { expect, join, onAir, test } from './support/test';

/** Goes to a page by the navigation that this window shows. */
const nav = (label: string) => `nav[aria-label="Pages"]:visible >> text="${label}"`;

test('the music plays on while one walks about, on the same element', async ({ page, server }) => {
  await server.nextSong();
  await join(page);
  await onAir(page).evaluate((video) => video.setAttribute('data-mark', 'mine'));
  const songs = page.waitForURL('**/songs');
  await page.click(nav('Songs'));
  await songs;
  await expect(page.getByRole('heading', { name: /^Songs/ })).toBeVisible();
  const marked = page.locator('video[data-mark="mine"]');
  const from = await marked.evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect
    .poll(() =>
      marked.evaluate((video: HTMLVideoElement) =>
        video.src === '' ? Infinity : video.currentTime,
      ),
    )
    .toBeGreaterThan(from + 1);
  await page.getByRole('link', { name: /^Open the radio/ }).click();
  await expect(page.getByRole('region', { name: 'Next five' })).toBeVisible();
  await expect(onAir(page)).toBeVisible();
});

test('songs are found as one types, and the search is an address', async ({ page }) => {
  await page.goto('/songs');
  const list = page.getByRole('region', { name: 'Songs' });
  const rows = list.getByRole('listitem');
  await expect(rows.first()).toBeVisible();
  const all = await rows.count();
  expect(all).toBeGreaterThan(5);
  // The song on air says so after its name.
  const title = (await rows.nth(2).locator('.name').innerText()).split('\n')[0] ?? '';
  await page
    .getByRole('searchbox')
    .pressSequentially(title.slice(0, 8).toLowerCase(), { delay: 20 });
  await expect.poll(() => rows.count()).toBeLessThan(all);
  await expect(list.getByText(title)).toBeVisible();
  await expect(page).toHaveURL(/\?q=/);
  await page.reload();
  await expect(list.getByText(title)).toBeVisible();
  expect(await rows.count()).toBeLessThan(all);
});

test('the list shows its rows before the script has come, and the app’s own stand in their place', async ({
  page,
  station,
}) => {
  await fetch(`${station}/v1/songs?sort=likes&limit=40`);
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  await page.route(/\/assets\/main-.*\.js$/, async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/songs');
  const painted = page.locator('#first .rows--songs .row');
  await expect(painted.first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready);
  const place = await painted.nth(2).boundingBox();
  const name = await painted.nth(2).locator('.name').innerText();
  go();
  await expect(page.locator('#first')).toHaveCount(0);
  const row = page.getByRole('region', { name: 'Songs' }).getByRole('listitem').nth(2);
  await expect(row.locator('.name')).toContainText(name);
  // On a desk all genres are in sight, in as many lines as they need.
  if ((page.viewportSize()?.width ?? 0) >= 1024) return;
  await expect
    .poll(async () => Math.abs(((await row.boundingBox())?.y ?? 0) - (place?.y ?? -100)))
    .toBeLessThanOrEqual(2);
});

test('covers in rows come in the size of rows', async ({ page }) => {
  await page.goto('/songs');
  const cover = page.locator('#content .rows--songs .row .art img').first();
  await expect(cover).toBeVisible();
  const width = () =>
    cover.evaluate((img: HTMLImageElement) => new URL(img.currentSrc).searchParams.get('w'));
  await expect.poll(width).toMatch(/^(96|160)$/);
  expect(await cover.evaluate((img: HTMLImageElement) => img.decode().then(() => true))).toBe(true);
});

test('what follows the related songs is not pushed down by them', async ({ page }) => {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries())
        shifts.push((entry as unknown as { value: number }).value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  // They come late, when all the rest is there.
  await page.route(/\/v1\/songs\?.*sort=popular/, async (route) => {
    await new Promise((resolve) => {
      setTimeout(resolve, 1_500);
    });
    await route.continue();
  });
  await page.setViewportSize({ width: 390, height: 1_400 });
  await page.goto('/songs');
  const first = page.getByRole('region', { name: 'Songs' }).getByRole('listitem').first();
  const address = await first.locator('a').getAttribute('href');
  await page.goto(address ?? '');
  await expect(page.locator('.facts')).toBeVisible();
  const comments = page.getByRole('region', { name: 'Comments' });
  await expect(comments).toBeHidden();
  await expect(comments).toBeVisible();
  const shifts = await page.evaluate(() => (window as unknown as { shifts: number[] }).shifts);
  expect(shifts.reduce((sum, one) => sum + one, 0)).toBeLessThan(0.02);
});

test('a playlist opens from the list and by its address', async ({ page }) => {
  await page.goto('/playlists');
  const first = page.locator('.card').first();
  const title = await first.locator('.name').innerText();
  await first.click();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  await expect(
    page.getByRole('region', { name: 'In this order' }).getByRole('listitem').first(),
  ).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
});

test('what I like waits in Mine', async ({ page }) => {
  await page.goto('/songs');
  const row = page.getByRole('region', { name: 'Songs' }).getByRole('listitem').first();
  const title = (await row.locator('.name').innerText()).split('\n')[0] ?? '';
  const answered = page.waitForResponse((response) => response.url().endsWith('/like'));
  await row.getByRole('button').click();
  expect((await answered).status()).toBe(200);
  await page.click(nav('Mine'));
  await expect(page.getByRole('region', { name: 'Songs I like' }).getByText(title)).toBeVisible();
});

test('an address that is none says so, and the radio is one key away', async ({
  page,
  complaints,
}) => {
  await page.goto('/songs/ffffffffffffffffffffffff');
  await expect(page.getByText('No such song')).toBeVisible();
  await page.goto('/nowhere/at/all');
  await expect(page.getByText('No such page')).toBeVisible();
  await page.getByRole('link', { name: 'To the radio' }).click();
  await expect(page.getByRole('button', { name: 'Tap to join' })).toBeVisible();
  complaints.splice(0, Infinity, ...complaints.filter((text) => !text.includes('404')));
});

test('nothing is cut at the narrowest phone, nor wider than the window', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  for (const path of ['/', '/songs', '/playlists', '/mine']) {
    await page.goto(path);
    // The stream of events is never done, so the network is never idle: wait for what makes the page wide.
    await expect(page.locator('nav[aria-label="Pages"]:visible')).toHaveCount(1);
    await expect(
      page.getByRole('listitem').first().or(page.getByRole('heading').first()).first(),
    ).toBeVisible();
    await page.evaluate(() => document.fonts.ready);
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over, path).toBeLessThanOrEqual(0);
  }
});
