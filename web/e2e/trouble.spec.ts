import { expect, test } from '@playwright/test';
import { startStation, type Station } from './support/station';
import { onAir } from './support/test';

/** Trouble that a listener meets, and what one window knows of another. */
let station: Station | undefined;
const start = async (settings?: Record<string, string>): Promise<string> => {
  station = await startStation(settings === undefined ? {} : { settings });
  return station.url;
};
test.afterEach(async () => {
  await station?.stop();
  station = undefined;
});

test('a heart made in one window counts in the other', async ({ browser }) => {
  const baseURL = await start();
  const songs = (await (await fetch(`${baseURL}/v1/songs?limit=1`)).json()) as {
    data: { songs: { _id: string }[] };
  };
  await station?.putOn(songs.data.songs[0]?._id ?? '');
  const open = async () => {
    const page = await browser.newPage({ baseURL });
    await page.goto('/');
    await page.getByRole('button', { name: 'Tap to join' }).click();
    await expect(onAir(page)).toBeVisible();
    return page;
  };
  const [mine, theirs] = [await open(), await open()];
  const name = (await theirs.locator('.rocker .jewel').getAttribute('aria-label')) ?? '';
  const before = Number(/(\d[\d,]*) likes?$/.exec(name)?.[1]?.replace(/\D/g, '') ?? 0);
  await mine.locator('.rocker .jewel').click();
  await expect(theirs.locator('.rocker .jewel')).toHaveAttribute(
    'aria-label',
    new RegExp(`${(before + 1).toLocaleString('en')} likes?$`),
    { timeout: 3_000 },
  );
  await expect(theirs.locator('.rocker .jewel')).toHaveAttribute('aria-pressed', 'false');
  const third = await open();
  await expect(theirs.locator('.bar .foil')).toContainText('3', { timeout: 10_000 });
  await expect(theirs.locator('.rocker .jewel .led'), 'whatever is told later').toHaveText(
    (before + 1).toLocaleString('en'),
  );
  await third.close();
  await mine.close();
  await theirs.close();
});

test('a page whose script cannot be had says so, and the radio plays on', async ({ browser }) => {
  const page = await browser.newPage({ baseURL: await start() });
  await page.goto('/');
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
  await page.route('**/assets/songs-*.js', (route) => route.abort());
  const tab = (name: string) =>
    page.getByRole('link', { name, exact: true }).and(page.locator(':visible')).first();
  await tab('Songs').click();
  await expect(page.getByRole('heading', { name: 'Not here just now' })).toBeVisible();
  await expect(page.getByRole('heading', { name: 'Songs', level: 1 })).toBeVisible();
  const from = await onAir(page).evaluate((video: HTMLVideoElement) => video.currentTime);
  await expect
    .poll(() => onAir(page).evaluate((video: HTMLVideoElement) => video.currentTime))
    .toBeGreaterThan(from);
  await tab('Mine').click();
  await expect(page.getByRole('heading', { name: 'No hearts yet' })).toBeVisible();
  await page.close();
});

test('on a desk the device stands in the window with its foot, and with a banner too', async ({
  page,
  context,
}) => {
  test.skip((page.viewportSize()?.width ?? 0) < 1024, 'a phone scrolls');
  await page.goto(await start());
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
  const room = () =>
    page
      .locator('.foot')
      .evaluate((foot) => window.innerHeight - foot.getBoundingClientRect().bottom);
  await expect.poll(room).toBeGreaterThanOrEqual(8);
  await context.setOffline(true);
  await expect(page.locator('.banner')).toBeVisible({ timeout: 40_000 });
  await expect.poll(room).toBeGreaterThanOrEqual(0);
});

test('the tabs of a browser share one stream, and another takes it over', async ({ context }) => {
  const url = await start();
  const streams = async (): Promise<number> =>
    Number(/popradio_event_streams (\d+)/.exec(await (await fetch(`${url}/metrics`)).text())?.[1]);
  const tabs = [await context.newPage(), await context.newPage(), await context.newPage()];
  for (const tab of tabs) {
    await tab.goto(url);
    await expect(tab.locator('.next .row').first()).toBeVisible();
  }
  await expect.poll(streams).toBe(1);
  await tabs[0]?.close();
  await expect.poll(streams, { timeout: 20_000 }).toBe(1);
  const title = tabs[2]?.locator('.shell h1');
  const before = await title?.innerText();
  await station?.nextSong();
  await expect(title ?? tabs[1]!.locator('h1')).not.toHaveText(before ?? '', { timeout: 5_000 });
});

test('a server that is killed and started again is found again, and the song plays on', async ({
  page,
}) => {
  await page.goto(await start());
  await station?.nextSong();
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
  const title = await page.locator('.shell h1').innerText();
  await page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('video[data-onair="true"]');
    video?.addEventListener('seeking', () => video.setAttribute('data-sought', 'true'));
  });
  await station?.restart();
  const text = `back again ${Date.now() % 1000}`;
  await expect(page.getByText(/^in step/)).toBeVisible({ timeout: 30_000 });
  const live = page.getByRole('region', { name: 'Live' });
  await live.getByLabel('Comment').fill(text);
  await live.getByRole('button', { name: 'Send' }).click();
  await expect(live.getByText(text)).toBeVisible();
  await expect(page.locator('.banner')).toHaveCount(0);
  expect(await page.locator('.shell h1').innerText()).toBe(title);
  await expect(onAir(page)).not.toHaveAttribute('data-sought', 'true');
});

test('who liked too much is told when the next heart counts, and it springs back', async ({
  page,
}) => {
  await page.goto(`${await start({ LIMITS_LIKE_PER_HOUR: '1' })}/songs`);
  const hearts = page.locator('#content .rows--songs .row .love');
  await hearts.nth(0).click();
  await expect(hearts.nth(0)).toHaveAttribute('aria-pressed', 'true');
  await hearts.nth(1).click();
  await expect(page.getByText(/The next one counts from \d{1,2}:\d\d/)).toBeVisible();
  await expect(hearts.nth(1)).toHaveAttribute('aria-pressed', 'false');
  await expect(hearts.nth(0)).toHaveAttribute('aria-pressed', 'true');
});

test('who asked too much is told when it works again, and the music plays on', async ({ page }) => {
  await page.goto(await start({ LIMITS_API_PER_HOUR: '12' }));
  await page.getByRole('button', { name: 'Tap to join' }).click();
  await expect(onAir(page)).toBeVisible();
  await page.getByRole('link', { name: 'Songs', exact: true }).first().click();
  await page.getByRole('searchbox').pressSequentially('velvetcomet', { delay: 350 });
  await expect(page.getByText('Many questions from your network')).toBeVisible();
  await expect(page.getByText(/news from \d{1,2}:\d\d/)).toBeVisible();
  await expect(onAir(page)).toHaveJSProperty('paused', false);
});
